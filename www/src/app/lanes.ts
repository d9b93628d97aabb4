/** The stages: the run that is played and all that stands beside it, at the same moment. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { LaneLine, Parted, Served } from "../core.ts";
import { prepare } from "./canvas.ts";
import { length, time } from "./format.ts";
import { icon } from "./icons.ts";
import { Panel } from "./panel.ts";
import { isTimed } from "./run.ts";
import "./stage.ts";

/** What the run and those beside it are called in figures. */
export const LETTERS = ["A", "B", "C", "D"];

@customElement("fl-lanes")
export class Lanes extends Panel {
  override render(): TemplateResult {
    const { run } = this;
    const lanes = run.lanes;
    const branch = run.player.branches().find((branch) => branch.current);
    const here = lanes.some((lane) => lane.branch !== undefined) ? branch?.name : run.opening.variant;
    return html`<div class="lanes ${isTimed(run.view) ? "timed" : ""}" data-lanes=${lanes.length + 1}>
      <section class="lane" aria-label=${lanes.length > 0 ? `A: ${here}` : nothing}>
        ${lanes.length > 0 ? this.#head(0, here ?? "", run.status) : nothing}
        <fl-stage .run=${run}></fl-stage>
      </section>
      ${lanes.map((lane, place) => this.#lane(lane, place))}
    </div>`;
  }

  #lane(lane: LaneLine, place: number): TemplateResult {
    const { run } = this;
    const others = run.lanes.toSpliced(place, 1);
    const close = () =>
      lane.branch === undefined ? run.compare(others.map(({ name }) => name)) : run.showBeside(undefined);
    return html`<section class="lane" aria-label=${`${LETTERS[place + 1]}: ${lane.name}`}>
      ${this.#head(
        place + 1,
        lane.name,
        lane,
        html`<button class="quiet" @click=${close} title="Close">
          ${icon("close")}<span class="unseen">Close ${lane.name}</span>
        </button>`,
      )}
      <fl-beside .run=${run} .place=${place}></fl-beside>
      ${this.#parting(run.partings()[place])}
    </section>`;
  }

  #head(
    place: number,
    name: string,
    { verdicts, served }: Pick<LaneLine, "verdicts" | "served">,
    close?: TemplateResult,
  ): TemplateResult {
    const broken = verdicts.filter(({ verdict }) => verdict === "broken");
    return html`<header>
      <strong class="letter">${LETTERS[place]}</strong>
      <h2 title=${name}>${name}</h2>
      ${broken.map(
        ({ name: promise, evidence, at }) =>
          html`<button class="chip broken" title=${evidence ?? ""} @click=${() => this.run.seek(at ?? 0)}>
            <span aria-hidden="true">✗</span> ${promise}<span class="unseen">: broken</span>
          </button>`,
      )}
      ${broken.length === 0 && verdicts.length > 0 ? html`<span class="small muted">${this.#unbroken(served)}</span>` : nothing}
      ${close ?? nothing}
    </header>`;
  }

  /** A service that answers nothing breaks little: it is praised only while it is asked and answers. */
  #unbroken({ word, since }: Served): string {
    if (word === "answered") return "nothing broken";
    if (word === "idle") return "nothing asked";
    return `no answer for ${length(this.run.status.at - (since ?? 0))}`;
  }

  #parting(parted: Parted | undefined): TemplateResult | typeof nothing {
    return parted
      ? html`<p class="parted" title=${told(parted)}>
          <button class="link" @click=${() => this.run.seek(parted.at)}>They part at ${time(parted.at)}</button>: ${told(parted)}
        </p>`
      : nothing;
  }
}

/** What happens where two part. */
export function told({ here, there }: Parted): string {
  return `in A ${here}; here ${there}.`;
}

/** The picture of one that stands beside. */
@customElement("fl-beside")
export class Beside extends Panel {
  @property({ type: Number }) place = 0;
  @query("canvas") private canvas!: HTMLCanvasElement;
  readonly #moment = () => this.#draw();
  #resized: ResizeObserver | undefined;

  override firstUpdated(): void {
    this.#resized = new ResizeObserver(() => this.#draw());
    this.#resized.observe(this);
  }

  override updated(): void {
    this.run.removeEventListener("moment", this.#moment);
    this.run.addEventListener("moment", this.#moment);
    this.#draw();
    // The words are those of the picture that was just drawn.
    this.canvas.ariaLabel = this.run.player.laneInWords(this.place);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
    this.run.removeEventListener("moment", this.#moment);
  }

  #draw(): void {
    const drawn = this.canvas && prepare(this.canvas);
    if (drawn) this.run.player.drawLane(this.place, drawn.context, drawn.width, drawn.height, drawn.ratio);
  }

  override render(): TemplateResult {
    return html`<canvas role="img"></canvas>`;
  }
}
