// The page's only way to the simulator: the generated glue lies in core/ (`cargo xtask build` writes it).
import init, { type InitOutput } from "./core/faultline.js";
// A file of its own, never a data: URL (the content security policy refuses those), so that it compiles
// while it is still arriving.
import wasm from "./core/faultline_bg.wasm?url&no-inline";

/** Fetches and starts the simulator. Calling it again costs nothing. */
export function start(): Promise<InitOutput> {
  return init({ module_or_path: wasm });
}

export * from "./core/faultline.js";
