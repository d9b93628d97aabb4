/** By what the step buttons go: event by event, or to the next thing of some kind; and where playing stops. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Wanted } from "../core.ts";
import { icon } from "./icons.ts";
import { Panel } from "./panel.ts";

type Unit = "event" | Wanted["sign"];

const UNITS: Record<Unit, string> = {
  event: "event",
  election: "election",
  leader: "new leader",
  broken: "broken promise",
  act: "act",
  crash: "crash",
  lost: "lost message",
  arrives: "message of kind …",
  told: "story line with …",
};

@customElement("fl-steps")
export class Steps extends Panel {
  @state() private unit: Unit = "event";
  @state() private value = "";
  /** What was looked for in vain. */
  @state() private missed = "";

  get #wanted(): Wanted | undefined {
    if (this.unit === "event") return undefined;
    return this.#asksForWords ? { sign: this.unit, value: this.value } : { sign: this.unit };
  }

  get #asksForWords(): boolean {
    return this.unit === "arrives" || this.unit === "told";
  }

  #step(forward: boolean): void {
    const wanted = this.#wanted;
    this.missed = "";
    if (!wanted) this.run.step(forward ? 1 : -1);
    else if (!this.run.find(wanted, forward)) this.missed = forward ? "None later." : "None earlier.";
  }

  #stopsHere(): boolean {
    const wanted = JSON.stringify(this.#wanted);
    return this.run.stops.some((stop) => JSON.stringify(stop) === wanted);
  }

  #toggleStop(): void {
    const wanted = this.#wanted;
    if (!wanted) return;
    const others = this.run.stops.filter((stop) => JSON.stringify(stop) !== JSON.stringify(wanted));
    this.run.setStops(this.#stopsHere() ? others : [...others, wanted]);
  }

  override render(): TemplateResult {
    const name = UNITS[this.unit].replace(" …", ` ${this.value}`);
    return html`
      <button class="round" @click=${() => this.#step(false)} title="The ${name} before (←)">
        ${icon("back")}<span class="unseen">The ${name} before</span>
      </button>
      <button class="round" @click=${() => this.#step(true)} title="The next ${name} (→)">
        ${icon("forward")}<span class="unseen">The next ${name}</span>
      </button>
      <select
        aria-label="Step by"
        title="Step by"
        @change=${(event: Event) => {
          this.unit = (event.target as HTMLSelectElement).value as Unit;
          this.missed = "";
        }}
      >
        ${Object.entries(UNITS).map(([unit, words]) => html`<option value=${unit} .selected=${unit === this.unit}>${words}</option>`)}
      </select>
      ${
        this.#asksForWords
          ? html`<input
              class="words"
              aria-label=${UNITS[this.unit]}
              placeholder=${this.unit === "arrives" ? "RequestVote" : "commits"}
              .value=${this.value}
              @change=${(event: Event) => {
                this.value = (event.target as HTMLInputElement).value;
                this.missed = "";
              }}
            />`
          : nothing
      }
      ${
        this.unit === "event"
          ? nothing
          : html`<label class="check" title="Playing stops there by itself"><input type="checkbox" .checked=${this.#stopsHere()} @change=${() => this.#toggleStop()} />stop</label>`
      }
      <span class="missed muted small" role="status">${this.missed}</span>
    `;
  }
}
