// Every scenario in every variant, as a browser's engine runs the core: all in one page, without the page around it.
// CommonJS, because both Playwright and Node read this file.
const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { join } = require("node:path");

/**
 * @typedef {object} Run what the native simulator makes of a scenario, and the link that shows its end
 * @property {string} name
 * @property {string | undefined} variant
 * @property {number} until in µs
 * @property {number} events
 * @property {string} fingerprint
 * @property {string} fragment
 */

const top = join(__dirname, "../..");
const lines = readFileSync(join(top, "tests/fingerprints.txt"), "utf8").split("\n");

/** What the native tests hold to be true of every run. */
const runs = lines
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [title = "", until, events, fingerprint = ""] = line.split(" | ");
    const [name = "", ...rest] = title.split(".");
    const variant = rest.join(".");
    /** @type {Run} */
    const run = {
      name,
      variant: variant === "as it is" ? undefined : variant,
      until: Number.parseInt(until ?? "", 10),
      events: Number.parseInt(events ?? "", 10),
      fingerprint,
      fragment: "",
    };
    const query = { ...(run.variant && { variant }), t: `${run.until}us`, fingerprint };
    return { ...run, fragment: `#${name}?${new URLSearchParams(query)}` };
  });

/** What the server has: the core as the page was built with it, and the scenarios. */
const KINDS = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm",
  toml: "text/plain",
};

/** @param {string} path */
function content(path) {
  if (path === "/")
    return '<!doctype html><title>Traces</title><script type="module" src="/compare.mjs"></script>';
  if (path === "/compare.mjs") return readFileSync(join(__dirname, "compare.mjs"));
  const place = path.replace(/^\/core\//, "www/src/core/").replace(/^\/scenarios\//, "scenarios/");
  return readFileSync(join(top, place));
}

/**
 * Serves the core and the scenarios to an empty page.
 * @returns {Promise<{ address: string, close: () => void }>}
 */
async function serve() {
  const server = createServer(({ url = "/" }, answer) => {
    const kind = /** @type {keyof typeof KINDS} */ (/\.(\w+)$/.exec(url)?.[1] ?? "html");
    try {
      answer.writeHead(200, { "content-type": KINDS[kind] }).end(content(url));
    } catch {
      answer.writeHead(url === "/favicon.ico" ? 204 : 404).end();
    }
  });
  await new Promise((listens) => server.listen(0, "127.0.0.1", () => listens(undefined)));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the server has no port");
  return { address: `http://127.0.0.1:${bound.port}/`, close: () => server.close() };
}

/**
 * To be run in that page: what is not as natively, in words.
 * @param {Run[]} runs
 * @returns {Promise<string[]>}
 */
function compare(runs) {
  return /** @type {any} */ (window).compare(runs);
}

module.exports = { compare, runs, serve };
