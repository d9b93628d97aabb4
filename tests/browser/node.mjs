// The core as the browser gets it, under Node: every run has the trace that the native simulator gives it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import init, { Player } from "../../www/src/core/faultline.js";
import traces from "./traces.cjs";

const { runs } = traces;
const core = new URL("../../www/src/core/faultline_bg.wasm", import.meta.url);
await init({ module_or_path: readFileSync(core) });
for (const run of runs) {
  const toml = readFileSync(new URL(`../../scenarios/${run.name}.toml`, import.meta.url), "utf8");
  const player = new Player(run.name, toml, run.fragment);
  while (player.seek(run.until) < run.until);
  assert.equal(player.fingerprint(), run.fingerprint, `${run.name}, ${run.variant}`);
  assert.equal(player.opening().warning, undefined);
  player.free();
}
console.log(`node: ${runs.length} runs with the same trace as natively`);
