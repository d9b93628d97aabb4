/** Play, pause, step, speed, and the whole run as a line. */

import { html, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { pace, time } from "./format.ts";
import { icon } from "./icons.ts";
import { Panel } from "./panel.ts";
import { FASTEST, SLOWEST } from "./run.ts";
import "./line.ts";
import "./steps.ts";

const DECADES = Math.log10(FASTEST / SLOWEST);

@customElement("fl-transport")
export class Transport extends Panel {
  @query(".clock") private clock!: HTMLElement;
  readonly #moment = () => this.#follow();

  override updated(): void {
    this.run.removeEventListener("moment", this.#moment);
    this.run.addEventListener("moment", this.#moment);
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.run.removeEventListener("moment", this.#moment);
  }

  /** The hands of the clock move with the picture; the rest of the bar need not be drawn anew. */
  #follow(): void {
    if (this.clock) this.clock.textContent = time(this.run.at);
  }

  override render(): TemplateResult {
    const run = this.run;
    const name = run.playing ? "Pause" : run.backwards ? "Play backwards" : "Play";
    return html`
      <fl-line .run=${run}></fl-line>
      <div class="bar">
        <div class="group">
          <button class="round primary" @click=${() => run.toggle()} title="${name} (space)">
            ${icon(run.playing ? "pause" : run.backwards ? "reverse" : "play")}<span class="unseen">${name}</span>
          </button>
          <button class="round" aria-pressed=${run.backwards} @click=${() => run.turnRound()} title="Time runs backwards (r)">
            ${icon("turn")}<span class="unseen">Time runs backwards</span>
          </button>
          <button class="round" @click=${() => run.seek(0)} title="From the beginning (0)">
            ${icon("restart")}<span class="unseen">From the beginning</span>
          </button>
        </div>
        <fl-steps class="group" .run=${run}></fl-steps>
        <output class="clock" aria-label="Simulated time"></output>
        <span class="muted of">of ${time(run.opening.until)}</span>
        <button class="round mark" @click=${() => run.bookmark()} title="Bookmark this moment (b)">
          ${icon("bookmark")}<span class="unseen">Bookmark this moment</span>
        </button>
        <label class="speed">
          <span class="muted">Speed</span>
          <input
            type="range"
            min="0"
            max="1"
            step="0.01"
            aria-label="Speed"
            .value=${String(Math.log10(run.speed / SLOWEST) / DECADES)}
            aria-valuetext=${pace(run.speed)}
            @input=${(event: Event) =>
              run.setSpeed(SLOWEST * 10 ** (DECADES * Number((event.target as HTMLInputElement).value)))}
          />
          <span class="pace">${pace(run.speed)}</span>
        </label>
        ${run.status.halted ? html`<span class="halted" role="alert">Stopped: ${run.status.halted}.</span>` : ""}
      </div>
    `;
  }
}
