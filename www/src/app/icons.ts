/** The signs of the page, drawn on a grid of 16. */

import { type SVGTemplateResult, svg } from "lit";

const PATHS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  back: "M3 3h2v10H3zM13 3v10L6 8z",
  forward: "M11 3h2v10h-2zM3 3v10l7-5z",
  reverse: "M12 2.5v11L3 8z",
  turn: "M5.5 2 1.5 5.5 5.5 9V6.5H10a2.5 2.5 0 0 1 0 5H6V13h4a4 4 0 0 0 0-8H5.5z",
  bookmark: "M4 2h8v12l-4-3-4 3z",
  restart: "M8 3V.8L4.5 3.8 8 6.8V4.5a4 4 0 1 1-4 4H2.5A5.5 5.5 0 1 0 8 3z",
  crash: "M3 4.2 4.2 3 8 6.8 11.8 3 13 4.2 9.2 8l3.8 3.8-1.2 1.2L8 9.2 4.2 13 3 11.8 6.8 8z",
  power: "M7.2 1.5h1.6v6H7.2zM5 3.6l.9 1.3a4.4 4.4 0 1 0 4.2 0l.9-1.3a6 6 0 1 1-6 0z",
  hold: "M4 2h8v1.5L9 8l3 4.5V14H4v-1.5L7 8 4 3.5z",
  cut: "M2 13.5 6 9 5 7.5 9 6 8 4.5 14 2l-4 4.5L11 8l-4 1.5L8 11z",
  heal: "M6.5 2h3v4.5H14v3H9.5V14h-3V9.5H2v-3h4.5z",
  slow: "M2 12h9a4 4 0 1 0-4-4 2.5 2.5 0 1 0 4.4 1.6M11.5 12H14V9.5",
  clock:
    "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm0 1.6a4.9 4.9 0 1 1 0 9.8 4.9 4.9 0 0 1 0-9.8zM7.2 4.5h1.5v3.3l2.3 1.6-.9 1.2L7.2 8.6z",
  fire: "M8.8 1 3.5 9h3.7L6.4 15l6.1-8.6H8.6z",
  ask: "M2 3h12v8H8l-4 3v-3H2z",
  undo: "M6.5 3 2 6.5 6.5 10V7.6h3a2.4 2.4 0 0 1 0 4.8H5V14h4.5a4 4 0 0 0 0-8h-3z",
  redo: "M9.5 3 14 6.5 9.5 10V7.6h-3a2.4 2.4 0 0 0 0 4.8H11V14H6.5a4 4 0 0 1 0-8h3z",
  share:
    "M11.5 2a2.2 2.2 0 1 1-1.6 3.7L6.2 7.6v.8l3.7 1.9a2.2 2.2 0 1 1-.6 1.3L5.4 9.7a2.2 2.2 0 1 1 0-3.4l3.9-2A2.2 2.2 0 0 1 11.5 2z",
  menu: "M2 3.5h12V5H2zM2 7.3h12v1.5H2zM2 11h12v1.5H2z",
  help: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM7.2 10.6h1.6v1.6H7.2zM5.4 6.2a2.6 2.6 0 1 1 3.4 2.5v1H7.2V7.6A1.2 1.2 0 1 0 7 6.2z",
  sun: "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM7.3 1h1.4v2.4H7.3zM7.3 12.6h1.4V15H7.3zM1 7.3h2.4v1.4H1zM12.6 7.3H15v1.4h-2.4zM3.5 2.5l1.7 1.7-1 1-1.7-1.7zM11.8 10.8l1.7 1.7-1 1-1.7-1.7zM12.5 2.5l1 1-1.7 1.7-1-1zM4.2 10.8l1 1-1.7 1.7-1-1z",
  dice: "M3 2h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zm2 2.2a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4zm6 5.2a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4zM8 6.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z",
  twice: "M2 2h8v8H2zm1.5 1.5v5h5v-5zM11.5 6H14v8H6v-2.5h1.5v1h5v-5h-1z",
  closer:
    "M7 1.5a5.5 5.5 0 0 1 4.4 8.8l3.4 3.4-1.1 1.1-3.4-3.4A5.5 5.5 0 1 1 7 1.5zM7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM6.3 4.8h1.4v1.5h1.5v1.4H7.7v1.5H6.3V7.7H4.8V6.3h1.5z",
  farther:
    "M7 1.5a5.5 5.5 0 0 1 4.4 8.8l3.4 3.4-1.1 1.1-3.4-3.4A5.5 5.5 0 1 1 7 1.5zM7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.8 6.3h4.4v1.4H4.8z",
  edit: "M11.5 1.5 14.5 4.5 5.5 13.5 1.5 14.5 2.5 10.5zM10 4.2 11.8 6l1.3-1.3-1.8-1.8z",
  close: "M4.2 3 3 4.2 6.8 8 3 11.8 4.2 13 8 9.2l3.8 3.8 1.2-1.2L9.2 8 13 4.2 11.8 3 8 6.8z",
} as const;

export type Icon = keyof typeof PATHS;

/** An icon beside its word; never the only sign. */
export function icon(name: Icon): SVGTemplateResult {
  const open = name === "slow";
  return svg`<svg class=${open ? "icon open" : "icon"} viewBox="0 0 16 16" aria-hidden="true"><path d=${PATHS[name]}></path></svg>`;
}
