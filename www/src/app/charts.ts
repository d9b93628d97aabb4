/** What was measured over time, window by window: a line for each run that stands beside the other. */

import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type uPlot from "uplot";
import type { Series } from "../core.ts";
import { length, time } from "./format.ts";
import { LETTERS } from "./lanes.ts";
import { Panel } from "./panel.ts";

type Column = Exclude<keyof Series, "window" | "at">;

/** What is drawn: a title for people, and what its numbers count. */
const CHARTS: readonly { of: Column; title: string; show: (value: number) => string }[] = [
  { of: "answered", title: "Answered a second", show: rate },
  { of: "unserved", title: "Refused or unanswered a second", show: rate },
  { of: "slowest", title: "p99 latency (a bar at the top: not answered)", show: latency },
  { of: "stale", title: "Stale reads a second", show: rate },
  { of: "messages", title: "Messages a second", show: rate },
  { of: "informed", title: "Servers that know the newest", show: rate },
];

/** Lines are told apart by their dashes as well as by their colours. */
const INKS = [
  { color: "--accent", dash: [] },
  { color: "--good", dash: [6, 3] },
  { color: "--hand", dash: [2, 3] },
  { color: "--muted", dash: [9, 3, 2, 3] },
] as const;

const HEIGHT = 96;
/** How often they are measured anew while time passes, in milliseconds. */
const EVERY = 1000;

/** A latency, or that there was no answer to measure. */
function latency(value: number): string {
  return Number.isFinite(value) ? length(value) : "not answered";
}

function rate(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toFixed(1)));
}

@customElement("fl-charts")
export class Charts extends Panel {
  #lines: Series[] = [];
  #measured = 0;

  override render(): TemplateResult {
    const { run } = this;
    const now = performance.now();
    const lanes = run.lanes.length + 1;
    if (!run.playing || lanes !== this.#lines.length || now - this.#measured > EVERY) {
      this.#lines = Array.from({ length: lanes }, (_, place) => run.player.series(place));
      this.#measured = now;
    }
    const says = CHARTS.filter(({ of }) => this.#lines.some((line) => line[of].some((value) => value)));
    return html`${says.map(
      ({ of, title, show }) => html`<figure class="chart">
        <figcaption class="small">${title}</figcaption>
        <fl-chart .run=${run} .lines=${this.#lines} .of=${of} .show=${show} aria-label=${this.#words(title, of, show)}></fl-chart>
      </figure>`,
    )}`;
  }

  /** For those who do not see the lines: where each is highest, and where it ends. */
  #words(title: string, of: Column, show: (value: number) => string): string {
    const told = this.#lines.map((line, place) => {
      const values = line[of].map((value) => value ?? 0);
      const most = Math.max(...values);
      const at = line.at[values.indexOf(most)] ?? 0;
      const name = this.#lines.length > 1 ? `${LETTERS[place]}: ` : "";
      return `${name}at most ${show(most)}, from ${time(at)}; in the end ${show(values.at(-1) ?? 0)}`;
    });
    return `${title}. ${told.join(". ")}`;
  }
}

/** One chart. The library that draws it is fetched when the first one is shown. */
@customElement("fl-chart")
export class Chart extends Panel {
  @property({ attribute: false }) lines: Series[] = [];
  @property({ attribute: false }) of: Column = "answered";
  @property({ attribute: false }) show: (value: number) => string = String;
  #plot: uPlot | undefined;
  #kind = "";
  #drawing = false;
  #resized: ResizeObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = "img";
    this.#resized = new ResizeObserver(() => {
      const width = this.clientWidth;
      // It was hidden when it was to be drawn first.
      if (!this.#plot && !this.#drawing && width > 0) void this.#draw();
      if (this.#plot && width > 0 && width !== this.#plot.width)
        this.#plot.setSize({ width, height: HEIGHT });
    });
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
    this.#forget();
  }

  #forget(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#kind = "";
  }

  override updated(): void {
    if (!this.#drawing) void this.#draw();
  }

  async #draw(): Promise<void> {
    this.#drawing = true;
    const { default: Plot } = await import("uplot");
    this.#drawing = false;
    if (!this.isConnected || this.clientWidth === 0) return;
    const kind = `${this.lines.length} ${document.documentElement.dataset.theme}`;
    if (this.#kind !== kind) {
      this.#forget();
      this.#plot = new Plot(this.#options(Plot), this.#data(), this);
      this.#kind = kind;
    }
    this.#plot?.setData(this.#data());
  }

  #data(): uPlot.AlignedData {
    const longest = this.lines.reduce<number[]>((most, { at }) => (at.length > most.length ? at : most), []);
    const known = (value: number | null | undefined) =>
      value !== null && value !== undefined && Number.isFinite(value) ? value : null;
    const columns = this.lines.map((line) => longest.map((_, i) => known(line[this.of][i])));
    return [longest.map((us) => us / 1e6), ...columns];
  }

  #options(Plot: typeof uPlot): uPlot.Options {
    const style = getComputedStyle(this);
    const ink = (name: string) => style.getPropertyValue(name).trim();
    const stepped = Plot.paths.stepped?.({ align: 1 });
    const axis = {
      stroke: ink("--muted"),
      font: `11px ${ink("--sans")}`,
      grid: { stroke: ink("--hairline"), width: 1 },
      ticks: { show: false },
    };
    return {
      width: this.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, drag: { setScale: false }, points: { size: 5 } },
      scales: {
        x: { time: false, range: [0, this.run.opening.until / 1e6] },
        y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.1 : 1] },
      },
      axes: [
        { ...axis, size: 20, space: 60, values: (_plot, splits) => splits.map((s) => `${s} s`) },
        { ...axis, size: 52, space: 28, values: (_plot, splits) => splits.map((value) => this.show(value)) },
      ],
      series: [
        {},
        ...this.lines.map((_, place) => {
          const { color, dash } = INKS[place] ?? INKS[0];
          return {
            stroke: ink(color),
            width: 1.5,
            dash: [...dash],
            points: { show: false },
            ...(stepped ? { paths: stepped } : {}),
          };
        }),
      ],
      hooks: {
        drawClear: [(plot) => this.#now(plot, ink("--hairline")), (plot) => this.#beyond(plot, ink)],
        init: [(plot) => this.#seeks(plot)],
      },
    };
  }

  /** Where the run is. */
  #now(plot: uPlot, color: string): void {
    const x = plot.valToPos(this.run.at / 1e6, "x", true);
    plot.ctx.fillStyle = color;
    plot.ctx.fillRect(x - 1, plot.bbox.top, 2, plot.bbox.height);
  }

  /** Windows in which what is drawn lies beyond every number: bars along the upper edge, one row for each line. */
  #beyond(plot: uPlot, ink: (name: string) => string): void {
    this.lines.forEach((line, place) => {
      const { color } = INKS[place] ?? INKS[0];
      plot.ctx.fillStyle = ink(color);
      line[this.of].forEach((value, i) => {
        if (value !== Number.POSITIVE_INFINITY) return;
        const from = plot.valToPos((line.at[i] ?? 0) / 1e6, "x", true);
        const to = plot.valToPos(((line.at[i] ?? 0) + line.window) / 1e6, "x", true);
        plot.ctx.fillRect(from, plot.bbox.top + 5 * place, Math.max(to - from, 1), 4);
      });
    });
  }

  /** A click goes to that moment. */
  #seeks(plot: uPlot): void {
    plot.over.addEventListener("click", (event) => {
      this.run.seek(plot.posToVal(event.offsetX, "x") * 1e6);
    });
  }

  override render(): TemplateResult {
    return html``;
  }
}
