/** A canvas as large as its place, in the screen's own pixels. */

export interface Prepared {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  ratio: number;
}

/** Sharper than this no eye can tell. */
const MOST = 3;

export function prepare(canvas: HTMLCanvasElement): Prepared | undefined {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (!context || width === 0 || height === 0) return undefined;
  const ratio = Math.min(devicePixelRatio || 1, MOST);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  return { context, width, height, ratio };
}
