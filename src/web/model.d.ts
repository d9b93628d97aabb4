/** What crosses the page's door when it is cold: plain objects, made on a click or a few times a second. */

/** Bad input: where, what, and what to do about it. Every method that takes input may throw it. */
export interface Slip { what: string; hint: string; line?: number; column?: number }

/** What was opened: everything about the scenario that does not change while it runs. */
export interface Opening {
  name: string; title: string; about: string; teaches: string;
  protocol: { name: string; about: string };
  variant: string;
  variants: { name: string; about: string; holds: string[]; violates: string[] }[];
  knobs: Knob[];
  seed: number;
  /** The end of the script, µs. */
  until: number;
  nodes: string[]; clients: string[];
  lesson?: Lesson;
  /** Where the link that was opened wants the reader to be, µs. */
  at?: number;
  /** Said loudly: this build does not reproduce what the link's author saw; or the link is old. */
  warning?: string;
  /** The scenario as TOML. */
  text: string;
}
export interface Lesson {
  question?: string; choices: string[]; answer?: string;
  /** Which choice is right, counted from 1; and why each is right or wrong, in their order (or empty). */
  right?: number; why: string[];
  watch?: string; remedy?: string;
  /** Figures that the remedy makes worse, and the variant in which it is on. */
  price: string[]; mended?: string;
  say?: string; follow_up?: string; follow_up_answer?: string; leaves_out?: string;
  /** What to do first by hand, and the same with a keyboard. */
  first_try?: { touch: string; keys: string };
  minutes?: number; level?: 'basic' | 'intermediate' | 'advanced';
  /** Names of lessons that are better seen before. */
  after: string[];
}
export interface Knob {
  name: string; about: string;
  kind: 'switch' | 'number' | 'duration' | 'choice';
  /** Switches: "true" or "false"; durations: "150 ms"; as scenario files write them. */
  value: string; standard: string;
  /** Numbers and durations (µs). */
  least?: number; most?: number; amount?: number;
  options?: string[];
  /** What it needs to have an effect, and is not so. */
  idle?: string;
}

/** A moment of the run, for the words around the stage. */
export interface Status {
  at: number; events: number; fingerprint: string;
  /** The run stands still before its time, and why. */
  halted?: string;
  nodes: NodeStatus[];
  verdicts: Verdict[];
  served: Served;
  /** The caption in force. */
  caption?: { at: number; text: string };
  /** How many lines the story has up to now. */
  story: number;
  acts: number; can_undo: boolean; can_redo: boolean;
  network: Network;
  /** Links that are cut or held right now; anything to heal? */
  cuts: number;
}
export interface NodeStatus {
  id: string; life: 'up' | 'paused' | 'down';
  role: string; epoch?: { name: string; number: number };
  slowness: number; waiting: number; clock_offset: number; drift_ppm: number;
  facts: [string, string][];
}
/** The weather of the whole network, or of one link. `latency` is a median in µs; loss and duplication are ratios. */
export interface Network { latency: number; loss: number; duplicate: number }
export interface Verdict {
  name: string; sentence: string; source: string;
  verdict: 'pending' | 'holds' | 'broken' | 'unknown';
  /** When broken: the moment and the proof. */
  at?: number; evidence?: string; nodes?: string[];
  /** When it holds: how much was judged, if not everything. */
  remark?: string;
  /** What this variant is expected to show. */
  expected?: 'holds' | 'broken';
}
/** What clients saw within the last second; `since`: no operation was answered since then, µs. */
export interface Served { word: 'answered' | 'unanswered' | 'idle'; since?: number }
export interface StoryLine {
  at: number; event: number; node?: string; text: string;
  kind: 'note' | 'act' | 'fault' | 'client' | 'caption' | 'verdict';
  /** The lines of routine that it stands for; empty if it stands for itself. */
  folded: StoryLine[];
}
export type Target =
  | { kind: 'node'; id: string } | { kind: 'client'; id: string }
  | { kind: 'message'; id: number } | { kind: 'link'; from: string; to: string }
  | { kind: 'event'; id: number };
/** Any thing on the stage, described. */
export interface Description { title: string; subtitle: string; facts: [string, string][] }

/** One thing done to the world, exactly as a scenario file writes it: `{ crash: 'n1' }`,
 *  `{ cut: [['n1'], ['n2', 'n3']] }`, `{ cut: { from: ['n1'], to: ['n2'] } }`, `{ heal: 'all' }`,
 *  `{ pause: 'n2' }`, `{ slow: { node: 'n2', times: 10 } }`, `{ clock: { node: 'n1', jump: '-200ms' } }`,
 *  `{ weather: { loss: 0.1 } }`, `{ weather: { between: [['n1'], ['n2']], latency: '80ms' } }`,
 *  `{ ask: { node: 'n3', op: 'write x 5' } }`. */
export type Act = Record<string, unknown>;
/** An act of the script or by hand, in order of time. */
export interface ActLine { at: number; text: string; by_hand: boolean; index: number }
/** What a line drawn across the stage would cut. */
export interface Share { link: string; length: number; warning?: string }

/** One of the ways the run has taken; `parent` is the place in the list of the one it left, `at` when (µs). */
export interface BranchLine { name: string; index: number; current: boolean; parent?: number; at?: number; acts: number }
/** A run beside the one that is played: another branch, by its place in the list, or another variant. */
export interface LaneLine { name: string; branch?: number; verdicts: Verdict[]; served: Served }
/** Where two runs part, and what happens there in each. */
export interface Parted { at: number; here: string; there: string }
/** A figure: the value of each run, and how many times the first one's it is. */
export interface FigureLine { name: string; sentence: string; values: string[]; ratios: (string | null)[] }
/** What was measured in each window of time, `window` µs long; `at` is where each begins (µs). Rates are a second,
 *  latencies µs; null where nothing ended, Infinity where the percentile falls among those not answered. */
export interface Series {
  window: number; at: number[];
  answered: number[]; unserved: number[]; median: (number | null)[]; slowest: (number | null)[];
  stale: number[]; messages: number[];
  /** Where no node leads: how many have the newest epoch when the window ends. */
  informed: number[];
}
/** Something to look for. `value`: a promise (or any), a kind of message, words of the story. */
export interface Wanted {
  sign: 'election' | 'leader' | 'broken' | 'arrives' | 'lost' | 'act' | 'crash' | 'told';
  value?: string; node?: string;
}
/** A protocol, and the words that scenarios use about it: names with a sentence each. */
export interface Part { name: string; about: string; knobs: [string, string][]; promises: [string, string][] }
/** Why something happened: its causes back to the first, the event itself first, each as a sentence. */
export interface Because { event: number; at: number; text: string }
/** One constant in force, what it belongs to, and where it is set. */
export interface Constant {
  of: string; name: string; value: string;
  set: 'standard' | 'scenario' | 'variant' | 'by hand' | 'fixed';
}
