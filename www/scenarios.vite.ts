// `virtual:scenarios`: the menu of scenarios, read from the top-level scenarios/ folder when the page is built.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { parse, type TomlTable } from "smol-toml";
import { normalizePath, type Plugin } from "vite";

const ID = "virtual:scenarios";
const RESOLVED = `\0${ID}`;

/** One scenario file: what the menu says of it, and the text that is fetched when it is chosen. */
interface Entry {
  file: string;
  text: string;
  menu: Record<"name" | "title" | "about" | "teaches" | "protocol" | "level", string> & {
    minutes: number;
    /** Names under which older links know it. */
    was: string[];
    /** Other words that people search for. */
    aka: string[];
  };
}

/** The lines of order.txt: `Heading:`, and below it its lessons. No file, no scenarios. */
function order(folder: string): string[] {
  const file = join(folder, "order.txt");
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  return lines.map((line) => line.replace(/#.*/, "").trim()).filter((line) => line !== "");
}

/** The headings of the menu, in their order. */
function headings(folder: string): string[] {
  const lines = order(folder).filter((line) => line.endsWith(":"));
  return lines.map((line) => line.slice(0, -1));
}

/** `name`, or `name < older name < still older`. */
function entry(folder: string, line: string): Entry {
  const [name = "", ...was] = line.split("<").map((part) => part.trim());
  const file = join(folder, `${name}.toml`);
  const where = `scenarios/${name}.toml`;
  if (!existsSync(file)) throw new Error(`scenarios/order.txt names "${name}", but there is no ${where}`);
  const text = readFileSync(file, "utf8");
  const table = read(text, where);
  const word = (key: string, fallback?: string): string => {
    const value = table[key] ?? fallback;
    if (typeof value !== "string") throw new Error(`${where}: \`${key}\` must be a string`);
    return value;
  };
  const lesson = (table["lesson"] ?? {}) as TomlTable;
  const menu = {
    name: basename(name),
    title: word("title"),
    about: word("about", ""),
    teaches: word("teaches", ""),
    protocol: word("protocol"),
    level: typeof lesson["level"] === "string" ? lesson["level"] : "",
    minutes: typeof lesson["minutes"] === "number" ? lesson["minutes"] : 0,
    was,
    aka: Array.isArray(table["aka"]) ? table["aka"].map(String) : [],
  };
  return { file, text, menu };
}

function read(text: string, where: string): TomlTable {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Every scenario in order.txt, in its order; throws with the file's name when one is missing or broken. */
function entries(folder: string): Entry[] {
  const lines = order(folder).filter((line) => !line.endsWith(":"));
  const all = lines.map((line) => entry(folder, line));
  const seen = new Map<string, string>();
  for (const { menu, file } of all) {
    const twin = seen.get(menu.name);
    if (twin) throw new Error(`two scenarios are called "${menu.name}": ${twin} and ${file}`);
    seen.set(menu.name, file);
  }
  return all;
}

/** Scenario files that no line of order.txt names: nobody would ever find them. */
function unlisted(folder: string, listed: Entry[]): string[] {
  const known = new Set(listed.map(({ file }) => normalizePath(file)));
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const scripts = files
    .filter((file) => file.endsWith(".toml"))
    .map((file) => normalizePath(join(folder, file)));
  return scripts.filter((file) => !known.has(file)).sort();
}

/** The plugin; `folder` is the absolute path of scenarios/. */
export function scenarios(folder: string): Plugin {
  let serving = false;
  return {
    name: "faultline:scenarios",
    configResolved(config) {
      serving = config.command === "serve";
    },
    resolveId(id) {
      return id === ID ? RESOLVED : undefined;
    },
    load(id) {
      if (id !== RESOLVED) return undefined;
      const all = entries(folder);
      for (const file of unlisted(folder, all))
        this.warn(`${relative(folder, file)} is not in scenarios/order.txt`);
      const rows = all.map(({ file, text, menu }) => {
        this.addWatchFile(file);
        const url = serving
          ? JSON.stringify(`/@fs/${normalizePath(file).replace(/^\//, "")}?${fingerprint(text)}`)
          : `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: "asset", name: `${menu.name}.toml`, source: text })}`;
        return `{ ...${JSON.stringify(menu)}, url: ${url} }`;
      });
      const heads = `export const headings = ${JSON.stringify(headings(folder))};`;
      return `${heads}\nexport const scenarios = [${rows.join(",\n")}];\nexport default scenarios;\n`;
    },
    configureServer(server) {
      server.watcher.add(folder);
      server.watcher.on("all", (_event, file) => {
        if (!normalizePath(file).startsWith(`${normalizePath(folder)}/`)) return;
        const module = server.moduleGraph.getModuleById(RESOLVED);
        if (module) server.moduleGraph.invalidateModule(module);
        server.ws.send({ type: "full-reload" });
      });
    },
  };
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
