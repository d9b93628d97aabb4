/** The run that is open: the one place that holds the simulator, the time and the speed. */

import type { Act, LaneLine, Opening, Parted, Player, Slip, Status, Target, Wanted } from "../core.ts";

/** What a run tells: `moment` at every frame drawn, `change` when words have to follow. */
export type News = "moment" | "change";

/** How often the words follow while the picture moves, in milliseconds. */
const WORDS_EVERY = 120;
export const SLOWEST = 0.001;
export const FASTEST = 100;
/** Messages can be followed with the eye: a second here is 50 ms there. */
export const START_SPEED = 0.05;

/** What the stage can show. */
export const VIEWS = [
  ["cluster", "Cluster"],
  ["spacetime", "Time"],
  ["history", "History"],
  ["replicas", "Replicas"],
  ["logs", "Logs"],
] as const;
export type View = (typeof VIEWS)[number][0];

/** Does time run from left to right in this view? */
export function isTimed(view: View): boolean {
  return view === "spacetime" || view === "history";
}

/** A moment that the reader wants to find again. */
export interface Bookmark {
  at: number;
  name: string;
}

export class Run extends EventTarget {
  readonly player: Player;
  opening: Opening;
  status: Status;
  playing = false;
  /** Time runs backwards while it plays. */
  backwards = false;
  speed = START_SPEED;
  view: View = "cluster";
  bookmarks: Bookmark[] = [];
  /** Where playing stops by itself. */
  stops: Wanted[] = [];
  /** What is followed through every view, in words. */
  thread = "";
  /** How a line across the stage cuts. */
  readonly scissors = { oneWay: false, crossed: false };
  /** What came of the last gesture, to be said aloud. */
  said = "";
  /** What is chosen on the stage. */
  selected: Target[] = [];
  /** What stands beside this run. */
  lanes: LaneLine[];
  /** The last input that was refused, to be shown near the hand. */
  slip: Slip | undefined;
  /** The moment in µs, finer than the simulator's own microseconds. */
  #at: number;
  #last = 0;
  #spoke = 0;
  #handle = 0;
  readonly #reduced: boolean;

  constructor(player: Player, dark: boolean, reduced: boolean) {
    super();
    this.player = player;
    this.#reduced = reduced;
    this.opening = player.opening();
    this.look(dark);
    this.#at = player.seek(this.opening.at ?? 0);
    this.status = player.status();
    this.lanes = player.lanes();
    if (!reduced && this.opening.at === undefined) this.play();
  }

  get at(): number {
    return this.#at;
  }

  get over(): boolean {
    return this.#at >= this.opening.until || this.status.halted !== undefined;
  }

  look(dark: boolean): void {
    this.player.setLook({ dark, reduced_motion: this.#reduced, speed: this.speed, view: this.view });
    this.#dark = dark;
    this.#tell("moment");
  }
  #dark = false;

  play(): void {
    if (this.playing) return;
    if (this.backwards ? this.#at <= 0 : this.over) this.seek(this.backwards ? this.player.end() : 0);
    this.playing = true;
    this.#last = 0;
    this.#handle = requestAnimationFrame((now) => this.#frame(now));
    this.#tell("change");
  }

  pause(): void {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.#handle);
    this.refresh();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Simulated time passes by what a frame took, never by how many frames there were. */
  #frame(now: number): void {
    if (!this.playing) return;
    const passed = this.#last === 0 ? 0 : Math.min(now - this.#last, 100);
    this.#last = now;
    const way = passed * 1000 * this.speed * (this.backwards ? -1 : 1);
    const wanted = Math.max(0, Math.min(this.#at + way, this.opening.until));
    const reached = this.player.seek(wanted);
    // What is less than a microsecond is kept for the next frame, unless the simulator could not follow.
    const stopped = Math.abs(wanted - reached) >= 1;
    this.#at = stopped ? reached : wanted;
    this.#tell("moment");
    if (stopped && this.stops.length > 0 && !this.backwards) {
      this.pause();
      return;
    }
    if (now - this.#spoke > WORDS_EVERY || this.#at >= this.opening.until) {
      this.#spoke = now;
      this.#read();
      this.#tell("change");
    }
    if (this.backwards ? this.#at <= 0 : this.over) this.pause();
    else this.#handle = requestAnimationFrame((next) => this.#frame(next));
  }

  seek(us: number): void {
    const target = Math.max(0, Math.min(us, this.opening.until));
    let reached = this.player.seek(target);
    // One call does no more than the page can wait for; a far jump takes several.
    for (let calls = 0; reached < Math.floor(target) && calls < 200; calls += 1) {
      const next = this.player.seek(target);
      if (next <= reached) break;
      reached = next;
    }
    this.#at = reached;
    this.refresh();
  }

  step(events: number): void {
    this.pause();
    this.#at = this.player.step(events);
    this.refresh();
  }

  /** Goes to the next such event or the one before; false if there is none. */
  find(wanted: Wanted, forward: boolean): boolean {
    this.pause();
    const found = this.player.find(wanted, forward);
    if (found !== undefined) this.#at = found;
    this.refresh();
    return found !== undefined;
  }

  setStops(stops: Wanted[]): void {
    this.stops = stops;
    this.player.setStops(stops);
    this.#tell("change");
  }

  turnRound(): void {
    this.backwards = !this.backwards;
    this.#tell("change");
  }

  show(view: View): void {
    this.view = view;
    this.look(this.#dark);
    this.#tell("change");
  }

  bookmark(): void {
    const name = this.status.caption?.text ?? `Bookmark ${this.bookmarks.length + 1}`;
    const others = this.bookmarks.filter(({ at }) => at !== this.#at);
    this.setBookmarks([...others, { at: this.#at, name }]);
  }

  setBookmarks(bookmarks: Bookmark[]): void {
    this.bookmarks = bookmarks.toSorted((a, b) => a.at - b.at);
    this.#tell("change");
  }

  switchBranch(index: number): void {
    this.player.switchBranch(index);
    this.refresh();
  }

  showBeside(index: number | undefined): void {
    this.player.showBeside(index);
    this.refresh();
  }

  /** Puts these variants beside the one that is played. */
  compare(variants: string[]): boolean {
    return this.#try(() => this.player.compare(variants));
  }

  /** Where each that stands beside parts from this run, as far as it has been run. */
  partings(): readonly (Parted | undefined)[] {
    if (this.lanes.length === 0) return [];
    const { player, opening } = this;
    const names = this.lanes.map(({ name, branch }) => [name, branch]);
    const key = JSON.stringify([names, player.acts(), opening.variant, opening.seed, opening.knobs]);
    // Once they have parted, that is where; until then it may still come.
    const open = this.#partings.some((parted) => !parted) && player.end() > this.#searched;
    if (key !== this.#parted || open) {
      this.#parted = key;
      this.#searched = player.end();
      this.#partings = this.lanes.map((_, place) => player.parted(place));
    }
    return this.#partings;
  }
  #parted = "";
  #searched = 0;
  #partings: (Parted | undefined)[] = [];

  editAct(index: number, text: string): boolean {
    return this.#try(() => this.player.editAct(index, text));
  }

  setSpeed(speed: number): void {
    this.speed = Math.max(SLOWEST, Math.min(FASTEST, speed));
    this.look(this.#dark);
    this.#tell("change");
  }

  /** Does something to the world now. What the simulator refuses is said, and nothing is lost. */
  act(act: Act): boolean {
    return this.#try(() => this.player.act(act));
  }

  /** Follows a client, a key, or the request that an event came of; nothing ends it. */
  follow(thread: { client?: string; key?: string; event?: number } | undefined, name = ""): void {
    this.thread = this.player.followThread(thread) ? name : "";
    this.refresh();
  }

  /** Goes to an event and chooses it. */
  visit(event: number, at: number): void {
    this.pause();
    this.seek(at);
    this.select([{ kind: "event", id: event }]);
  }

  /** Cuts along a line on the stage. */
  cutAlong(line: Float64Array, oneWay: boolean, crossed: boolean): void {
    this.#try(() => {
      this.said = this.player.cut(line, oneWay, crossed) ?? "This line cuts nothing.";
    });
  }

  /** Lets go of what was carried on the stage. */
  drop(): void {
    this.#try(() => {
      this.said = this.player.drop() ?? "";
    });
  }

  /** Everybody stands again where they would by themselves. */
  arrange(): void {
    this.player.arrange();
    this.refresh();
  }

  change(change: Parameters<Player["change"]>[0]): boolean {
    const done = this.#try(() => this.player.change(change));
    if (done) this.opening = { ...this.player.opening(), at: this.opening.at ?? 0 };
    this.#tell("change");
    return done;
  }

  /** Puts another text in place of the scenario. */
  rewrite(text: string): boolean {
    const done = this.#try(() => this.player.rewrite(text));
    if (done) {
      this.opening = { ...this.player.opening(), at: this.opening.at ?? 0 };
      this.#at = this.player.seek(Math.min(this.#at, this.opening.until));
      this.selected = [];
      this.player.select([]);
      this.refresh();
    }
    return done;
  }

  undo(): void {
    if (this.player.undo()) this.refresh();
  }

  redo(): void {
    if (this.player.redo()) this.refresh();
  }

  removeAct(index: number): void {
    this.player.removeAct(index);
    this.refresh();
  }

  select(targets: Target[]): void {
    this.selected = targets;
    this.player.select(targets);
    this.refresh();
  }

  /** The nodes that are chosen, by name. */
  get nodes(): string[] {
    return this.selected.flatMap((target) => (target.kind === "node" ? [target.id] : []));
  }

  dismiss(): void {
    this.slip = undefined;
    this.#tell("change");
  }

  refresh(): void {
    this.#read();
    this.#tell("moment");
    this.#tell("change");
  }

  #read(): void {
    this.status = this.player.status();
    this.lanes = this.player.lanes();
  }

  close(): void {
    this.playing = false;
    cancelAnimationFrame(this.#handle);
    this.player.free();
  }

  #try(what: () => void): boolean {
    this.slip = undefined;
    try {
      what();
    } catch (error) {
      if (!isSlip(error)) throw error;
      this.slip = error;
    }
    this.refresh();
    return this.slip === undefined;
  }

  #tell(news: News): void {
    this.dispatchEvent(new Event(news));
  }
}

/** Bad input, in the simulator's words. */
export function isSlip(error: unknown): error is Slip {
  return typeof error === "object" && error !== null && "what" in error && "hint" in error;
}
