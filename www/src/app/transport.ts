/** Play, pause, step, speed, and the whole run as a line. */

import { html, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { ref } from "lit/directives/ref.js";
import { pace, time } from "./format.ts";
import { icon } from "./icons.ts";
import { Panel } from "./panel.ts";
import { FASTEST, SLOWEST } from "./run.ts";

const DECADES = Math.log10(FASTEST / SLOWEST);

@customElement("fl-transport")
export class Transport extends Panel {
  @query(".clock") private clock!: HTMLElement;
  @query(".scrub") private scrub!: HTMLInputElement;
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
    if (!this.clock) return;
    this.clock.textContent = time(this.run.at);
    this.scrub.value = String(this.run.at);
    this.scrub.setAttribute("aria-valuetext", time(this.run.at));
    this.scrub.style.setProperty("--played", String(this.run.at / this.run.opening.until));
    this.scrub.style.setProperty("--known", String(this.run.player.end() / this.run.opening.until));
  }

  override render(): TemplateResult {
    const run = this.run;
    const { until } = run.opening;
    const name = run.playing ? "Pause" : "Play";
    return html`
      <div class="line">
        <input
          class="scrub"
          type="range"
          min="0"
          max=${until}
          step="1000"
          aria-label="Time"
          @input=${(event: Event) => {
            run.pause();
            run.seek(Number((event.target as HTMLInputElement).value));
          }}
        />
        <div class="marks" aria-hidden="true">${this.#marks()}</div>
      </div>
      <div class="bar">
        <div class="group">
          <button class="round primary" @click=${() => run.toggle()} title="${name} (space)">
            ${icon(run.playing ? "pause" : "play")}<span class="unseen">${name}</span>
          </button>
          <button class="round" @click=${() => run.step(-1)} title="One event back (←)">
            ${icon("back")}<span class="unseen">One event back</span>
          </button>
          <button class="round" @click=${() => run.step(1)} title="One event on (→)">
            ${icon("forward")}<span class="unseen">One event on</span>
          </button>
          <button class="round" @click=${() => run.seek(0)} title="From the beginning (0)">
            ${icon("restart")}<span class="unseen">From the beginning</span>
          </button>
        </div>
        <output class="clock" aria-label="Simulated time"></output>
        <span class="muted of">of ${time(until)}</span>
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

  /** Where acts are, and where promises broke. */
  #marks(): TemplateResult[] {
    const { until } = this.run.opening;
    const place = (at: number) => (element: Element | undefined) => {
      if (element instanceof HTMLElement) element.style.left = `${(at / until) * 100}%`;
    };
    const mark = (at: number, kind: string, title: string) =>
      html`<i class=${kind} title=${title} ${ref(place(at))}></i>`;
    const acts = this.run.player.acts().slice(0, 400);
    return [
      ...acts.map((act) => mark(act.at, act.by_hand ? "act hand" : "act", `${time(act.at)} ${act.text}`)),
      ...this.run.status.verdicts.flatMap((verdict) =>
        verdict.at === undefined ? [] : [mark(verdict.at, "broken", `${verdict.name} broke`)],
      ),
    ];
  }
}
