/** Everything has a key. */

import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { Dialog } from "./dialog.ts";
import { type Run, VIEWS } from "./run.ts";
import { tools, verbs } from "./verbs.ts";

const KEYS: [string, string][] = [
  ["Space", "play or pause"],
  ["← →", "one event back, on"],
  ["Shift ← →", "100 ms back, on"],
  ["0", "from the beginning"],
  ["r", "time runs backwards, or on again"],
  ["b", "bookmark this moment"],
  ["v", "the next view"],
  ["1 … 9", "speed: 1 is 1 ms a second, 4 is 50 ms, 9 is 100 s"],
  ["m", "the menu of what is chosen"],
  ["c, p", "nodes: crash or restart, pause or resume"],
  ["x, j", "nodes and links: cut off, rejoin"],
  ["f", "nodes: the next timer goes off"],
  ["d, u", "messages: drop, duplicate"],
  ["k, n", "messages: hold or release, deliver now"],
  ["h", "heal the network"],
  ["z, Shift z", "undo, redo"],
  ["Escape", "choose nothing"],
  ["e", "edit the scenario"],
  ["s", "share"],
  ["/", "scenarios"],
  ["?", "this list"],
];
const SPEEDS = [0.001, 0.005, 0.02, 0.05, 0.2, 1, 5, 20, 100];

export interface Doors {
  menu(): void;
  share(): void;
  help(): void;
  context(): void;
  edit(): void;
}

/** What a key does to the run; false if it is not one of ours. */
export function press(event: KeyboardEvent, run: Run, doors: Doors): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
  const away = event.shiftKey ? 100_000 : 0;
  switch (event.key) {
    case " ":
      // A button that has the focus takes the space for itself.
      if (event.target instanceof HTMLButtonElement) return false;
      run.toggle();
      return true;
    case "ArrowRight":
    case "ArrowLeft": {
      const way = event.key === "ArrowRight" ? 1 : -1;
      if (away > 0) run.seek(run.at + way * away);
      else run.step(way);
      return true;
    }
    case "0":
      run.seek(0);
      return true;
    case "r":
      run.turnRound();
      return true;
    case "b":
      run.bookmark();
      return true;
    case "v": {
      const views = VIEWS.map(([view]) => view);
      run.show(views[(views.indexOf(run.view) + 1) % views.length] ?? "cluster");
      return true;
    }
    case "Escape":
      run.select([]);
      return true;
    case "m":
      doors.context();
      return true;
    case "e":
      doors.edit();
      return true;
    case "s":
      doors.share();
      return true;
    case "/":
      doors.menu();
      return true;
    case "?":
      doors.help();
      return true;
  }
  const verb = [...verbs(run, run.selected), ...tools(run)].find(({ key }) => key === event.key);
  if (verb) {
    if (!verb.disabled) verb.act();
    return true;
  }
  const speed = SPEEDS[Number(event.key) - 1];
  if (speed === undefined) return false;
  run.setSpeed(speed);
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

@customElement("fl-help")
export class Help extends Dialog {
  protected override readonly heading = "Keys and gestures";

  protected override body(): TemplateResult {
    return html`
      <p>Draw a line across the stage to cut the network along it: with Alt one way only, with Ctrl only the links it
        crosses. Tap a node, a link or a message to choose it; with Shift, several, or a band round them. Drag a node to
        move it, onto another to rejoin its group; drag a message along its way to hasten or delay it. The right button
        or a long press opens a menu.</p>
      <dl class="keys">
        ${KEYS.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}
      </dl>
    `;
  }
}
