/** What a pointer does on the stage: taps, lines that cut, bands that choose, things that are carried. */

import type { Target } from "../core.ts";
import { isTimed, type Run } from "./run.ts";

/** A finger needs more room than a mouse, in CSS pixels. */
const SLACK = { mouse: 5, pen: 8, touch: 20 } as const;
/** What is taken up has to be under the finger, not near it. */
const GRIP = { mouse: 3, pen: 4, touch: 8 } as const;
/** A movement shorter than this is a tap. */
const TAP = 8;
/** A finger that rests so long asks for the menu, in milliseconds. */
const LONG = 550;

type Doing =
  | { kind: "line"; line: number[] }
  | { kind: "band"; from: [number, number] }
  | { kind: "carry"; target: Target }
  | { kind: "pan"; x: number };

export interface Stagehand {
  run: Run;
  /** Something on the stage has to be drawn anew. */
  draw(): void;
  /** What is under the pointer, for the words beside it. */
  point(x: number, y: number, target: Target | undefined): void;
  /** The menu, at a point of the stage. */
  menu(targets: Target[], x: number, y: number): void;
}

/** How far from a thing a pointer may be to mean it. */
export function slack(event: PointerEvent): number {
  return SLACK[event.pointerType as keyof typeof SLACK] ?? SLACK.mouse;
}

export class Gestures {
  #doing: Doing | undefined;
  #began: [number, number] | undefined;
  /** It moved far enough to be no tap. */
  #moved = false;
  #pointer: number | undefined;
  #rests = 0;

  constructor(private readonly stage: Stagehand) {}

  down(event: PointerEvent, x: number, y: number): void {
    if (event.button !== 0 || this.#pointer !== undefined) return;
    const { run } = this.stage;
    this.#pointer = event.pointerId;
    this.#began = [x, y];
    this.#moved = false;
    const grip = GRIP[event.pointerType as keyof typeof GRIP] ?? GRIP.mouse;
    const target = run.view === "cluster" ? run.player.hit(x, y, grip) : undefined;
    if (isTimed(run.view)) {
      this.#doing = { kind: "pan", x };
    } else if (target && (target.kind === "node" || target.kind === "client" || target.kind === "message")) {
      this.#doing = { kind: "carry", target };
    } else if (event.shiftKey) {
      this.#doing = { kind: "band", from: [x, y] };
    } else {
      this.#doing = { kind: "line", line: [x, y] };
    }
    if (event.pointerType === "touch") this.#rests = window.setTimeout(() => this.#rest(x, y), LONG);
    this.stage.point(x, y, undefined);
  }

  move(event: PointerEvent, x: number, y: number): void {
    const { run } = this.stage;
    if (!this.#doing) {
      if (event.pointerType !== "touch") this.stage.point(x, y, run.player.hit(x, y, slack(event)));
      return;
    }
    if (event.pointerId !== this.#pointer) return;
    const [x0, y0] = this.#began ?? [x, y];
    if (!this.#moved && Math.hypot(x - x0, y - y0) <= TAP) return;
    this.#moved = true;
    clearTimeout(this.#rests);
    if (run.view === "logs") return;
    this.#go(this.#doing, event, x, y);
    this.stage.draw();
  }

  #go(doing: Doing, event: PointerEvent, x: number, y: number): void {
    const { run } = this.stage;
    if (doing.kind === "line") {
      const [lastX = x, lastY = y] = doing.line.slice(-2);
      if (Math.hypot(x - lastX, y - lastY) >= 4) doing.line.push(x, y);
      const { oneWay, crossed } = how(run, event);
      run.player.draft(Float64Array.from(doing.line), oneWay, crossed);
    } else if (doing.kind === "band") {
      run.player.band(...doing.from, x, y);
    } else if (doing.kind === "pan") {
      run.player.pan(x - doing.x);
      doing.x = x;
    } else {
      // What is in the hand does not fly on.
      if (doing.target.kind === "message") run.pause();
      run.player.carry(doing.target, x, y);
    }
  }

  up(event: PointerEvent, x: number, y: number): void {
    if (event.pointerId !== this.#pointer) return;
    const doing = this.#doing;
    this.#end();
    if (!doing) return;
    const { run } = this.stage;
    if (!this.#moved) this.#tap(event, x, y);
    else if (run.view === "cluster") {
      if (doing.kind === "line") {
        const { oneWay, crossed } = how(run, event);
        run.cutAlong(Float64Array.from(doing.line), oneWay, crossed);
      } else if (doing.kind === "band") {
        run.select(run.player.band(...doing.from, x, y));
        run.player.letGo();
      } else if (doing.kind === "carry") {
        run.drop();
      }
    }
    this.stage.draw();
  }

  cancel(): void {
    this.#end();
    this.stage.run.player.letGo();
    this.stage.draw();
  }

  #end(): void {
    this.#doing = undefined;
    this.#pointer = undefined;
    clearTimeout(this.#rests);
  }

  /** A finger rests: the menu of what is under it. */
  #rest(x: number, y: number): void {
    this.#end();
    this.menu(x, y, SLACK.touch);
  }

  /** Shows more or less time, round the pointer. */
  wheel(event: WheelEvent, x: number): void {
    const { run } = this.stage;
    if (!isTimed(run.view)) return;
    event.preventDefault();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) run.player.pan(-event.deltaX);
    else run.player.zoom(1.0015 ** event.deltaY, x);
    this.stage.draw();
  }

  /** The menu of what is under a point. */
  menu(x: number, y: number, near: number): void {
    const { run } = this.stage;
    const target = run.player.hit(x, y, near);
    const known = target && run.selected.some((other) => same(target, other));
    if (target && !known) run.select([target]);
    this.stage.menu(target ? run.selected : [], x, y);
  }

  #tap(event: PointerEvent, x: number, y: number): void {
    const { run } = this.stage;
    const hit = run.player.hit(x, y, slack(event));
    if (!hit) {
      run.select([]);
      // Where time runs from left to right an empty place is a moment.
      if (isTimed(run.view)) {
        run.pause();
        run.seek(run.player.momentAt(x));
      }
    } else if (event.shiftKey) {
      const rest = run.selected.filter((target) => !same(target, hit));
      run.select(rest.length < run.selected.length ? rest : [...rest, hit]);
    } else {
      run.select([hit]);
    }
  }
}

/** How a line cuts: as the panel says, or as the keys that are held say. */
function how(run: Run, event: PointerEvent): { oneWay: boolean; crossed: boolean } {
  return {
    oneWay: run.scissors.oneWay || event.altKey,
    crossed: run.scissors.crossed || event.ctrlKey || event.metaKey,
  };
}

function same(a: Target, b: Target): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
