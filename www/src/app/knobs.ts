/** The protocol's knobs, and the seed. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { type Knob, Player } from "../core.ts";
import { fromSlider, length, toSlider, written } from "./format.ts";
import { icon } from "./icons.ts";
import { Panel } from "./panel.ts";

@customElement("fl-knobs")
export class Knobs extends Panel {
  override render(): TemplateResult {
    const { knobs, seed } = this.run.opening;
    return html`
      <div class="seed">
        <label>Seed <input
          type="number"
          min="0"
          max="9007199254740991"
          step="1"
          .value=${String(seed)}
          @change=${(event: Event) => {
            const value = Number((event.target as HTMLInputElement).value);
            if (Number.isSafeInteger(value) && value >= 0) this.run.change({ seed: value });
            this.requestUpdate();
          }}
        /></label>
        <button @click=${() => this.run.change({ seed: Player.freshSeed() })} title="Another seed, by chance">
          ${icon("dice")}Fresh
        </button>
      </div>
      ${knobs.length === 0 ? html`<p class="muted">This protocol has no knobs.</p>` : nothing}
      ${knobs.map((knob) => this.#knob(knob))}
      ${this.#constants()}
    `;
  }

  /** Nothing that shapes the run is hidden: every constant, and where it is set. */
  #constants(): TemplateResult {
    const constants = this.run.player.constants();
    const groups = [...new Set(constants.map(({ of }) => of))];
    return html`<details class="constants">
      <summary>Every constant in force</summary>
      <p class="muted small">What the scenario sets is changed there: <button class="link" @click=${() => this.dispatchEvent(new CustomEvent("edit-scenario", { bubbles: true }))}>edit it</button>.</p>
      ${groups.map(
        (group) => html`<h3>${group}</h3><table>
          <tbody>
            ${constants
              .filter(({ of }) => of === group)
              .map(
                ({ name, value, set }) =>
                  html`<tr><th scope="row">${name}</th><td>${value}</td><td class="muted ${set === "by hand" ? "hand" : ""}">${set}</td></tr>`,
              )}
          </tbody>
        </table>`,
      )}
    </details>`;
  }

  #turn(knob: Knob, value: string): void {
    const knobs: Record<string, string> = {};
    for (const other of this.run.opening.knobs) {
      if (other.value !== other.standard) knobs[other.name] = other.value;
    }
    knobs[knob.name] = value;
    this.run.change({ knobs });
    this.requestUpdate();
  }

  #knob(knob: Knob): TemplateResult {
    const turned = knob.value !== knob.standard;
    return html`<div class="knob">
      ${this.#control(knob)}
      <p class="muted small">${knob.about}
        ${knob.idle ? html`<strong>No effect now: ${knob.idle}.</strong>` : nothing}
        ${
          turned
            ? html`<button class="link" @click=${() => this.#turn(knob, knob.standard)}>Reset to ${this.#words(knob, knob.standard)}</button>`
            : nothing
        }
      </p>
    </div>`;
  }

  #words(knob: Knob, value: string): string {
    return knob.kind === "switch" ? (value === "true" ? "on" : "off") : value;
  }

  #control(knob: Knob): TemplateResult {
    switch (knob.kind) {
      case "switch":
        return html`<label class="switch">
          <span>${knob.name}</span>
          <input
            type="checkbox"
            role="switch"
            .checked=${knob.value === "true"}
            @change=${(event: Event) => this.#turn(knob, String((event.target as HTMLInputElement).checked))}
          />
        </label>`;
      case "choice":
        return html`<label class="choice">
          <span>${knob.name}</span>
          <select @change=${(event: Event) => this.#turn(knob, (event.target as HTMLSelectElement).value)}>
            ${knob.options?.map((option) => html`<option .selected=${option === knob.value}>${option}</option>`)}
          </select>
        </label>`;
      default:
        return this.#slider(knob);
    }
  }

  #slider(knob: Knob): TemplateResult {
    const [least, most, amount] = [knob.least ?? 0, knob.most ?? 1, knob.amount ?? 0];
    const words = knob.kind === "duration" ? length(amount) : String(amount);
    return html`<label class="slider">
      <span>${knob.name}</span><span class="value">${words}</span>
      <input
        type="range"
        min="0"
        max="1"
        step="0.005"
        .value=${String(toSlider(amount, least, most))}
        aria-valuetext=${words}
        @change=${(event: Event) => {
          const value = fromSlider(Number((event.target as HTMLInputElement).value), least, most);
          this.#turn(knob, knob.kind === "duration" ? written(value) : String(value));
        }}
      />
    </label>`;
  }
}
