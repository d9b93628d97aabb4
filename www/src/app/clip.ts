/** A moving picture of a stretch of the run, made frame by frame: a slow machine makes the same one. Loaded on use. */

import { applyPalette, GIFEncoder, quantize } from "gifenc";
import type { Player } from "../core.ts";

export interface Stretch {
  /** Where it begins, µs. */
  from: number;
  /** How long it plays, in seconds. */
  seconds: number;
  /** Simulated seconds a second. */
  speed: number;
  width: number;
  height: number;
}

/** Frames a second: GIF counts in hundredths, and more than this nobody sees. */
const RATE = 20;

/** The clip's bytes. `tell` hears the part that is done and says whether to go on; `undefined` when it does not. */
export async function record(
  player: Player,
  { from, seconds, speed, width, height }: Stretch,
  tell: (part: number) => boolean,
): Promise<Uint8Array | undefined> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return undefined;
  const gif = GIFEncoder();
  const frames = Math.max(1, Math.round(seconds * RATE));
  for (let frame = 0; frame < frames; frame += 1) {
    player.seek(from + (frame / RATE) * speed * 1e6);
    player.draw(context, width, height, 1);
    const { data } = context.getImageData(0, 0, width, height);
    const palette = quantize(data, 128);
    gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay: 1000 / RATE });
    if (!tell((frame + 1) / frames)) return undefined;
    // The page stays alive between frames.
    await new Promise((resolve) => setTimeout(resolve));
  }
  gif.finish();
  return gif.bytes();
}
