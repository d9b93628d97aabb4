// In the page that `traces.cjs` serves: what a run comes to here, beside what it comes to natively.

// In a variable, so that nothing bundles or checks what the browser loads.
const core = "/core/faultline.js";

/**
 * What is not as natively, in words.
 * @param {import("./traces.cjs").Run[]} runs
 * @returns {Promise<string[]>}
 */
async function compare(runs) {
  const { default: start, Player } = await import(core);
  await start({ module_or_path: "/core/faultline_bg.wasm" });
  const differs = [];
  for (const run of runs) {
    const toml = await (await fetch(`/scenarios/${run.name}.toml`)).text();
    const player = new Player(run.name, toml, run.fragment);
    while (player.seek(run.until) < run.until);
    const warning = player.opening().warning;
    if (player.fingerprint() !== run.fingerprint || warning !== undefined) {
      differs.push(
        `${run.name}, ${run.variant}: ${player.fingerprint()}, not ${run.fingerprint} ${warning ?? ""}`,
      );
    }
    player.free();
  }
  return differs;
}

Object.assign(window, { compare });
