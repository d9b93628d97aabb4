// Every scenario in every variant, and what the native simulator makes of it: `node runs.mjs OUT.json`.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// The packages live beside the page, not beside the tests.
const require = createRequire(new URL("../../www/package.json", import.meta.url));
const { parse } = require("smol-toml");
const folder = fileURLToPath(new URL("../../scenarios/", import.meta.url));
const program = process.env.FAULTLINE_PROGRAM ?? "target/debug/faultline";

/**
 * @param {string} file
 * @param {string | undefined} variant
 */
function expected(file, variant) {
  const chosen = variant === undefined ? [] : ["--variant", variant];
  const said = execFileSync(program, ["run", folder + file, "--json", ...chosen], { encoding: "utf8" });
  const { fingerprint, simulated_us: until } = JSON.parse(said);
  const name = file.replace(/\.toml$/, "");
  const query = new URLSearchParams({ ...(variant && { variant }), t: `${until}us`, fingerprint });
  return { name, variant, until, fingerprint, fragment: `#${name}?${query}` };
}

const files = readdirSync(folder).filter((file) => file.endsWith(".toml"));
const runs = files.flatMap((file) => {
  const variants = /** @type {{ name: string }[]} */ (
    parse(readFileSync(folder + file, "utf8")).variant ?? []
  );
  const names = variants.length > 0 ? variants.map(({ name }) => name) : [undefined];
  return names.map((variant) => expected(file, variant));
});
writeFileSync(process.argv[2] ?? "runs.json", JSON.stringify(runs, undefined, 2));
