/** What was measured up to now, of the run and of all that stands beside it. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { FigureLine } from "../core.ts";
import { time } from "./format.ts";
import { LETTERS, told } from "./lanes.ts";
import { Panel } from "./panel.ts";
import "./charts.ts";

/** How often they are measured anew while time passes, in milliseconds. */
const EVERY = 400;

@customElement("fl-figures")
export class Figures extends Panel {
  #lines: FigureLine[] = [];
  #measured = 0;
  #columns = 0;
  #omitted: string | undefined;

  override render(): TemplateResult {
    const { run } = this;
    const names = [run.opening.variant, ...run.lanes.map((lane) => lane.name)];
    const now = performance.now();
    if (!run.playing || names.length !== this.#columns || now - this.#measured > EVERY) {
      this.#lines = run.player.figures();
      this.#omitted = run.player.omitted();
      this.#measured = now;
      this.#columns = names.length;
    }
    return html`
      <h2>Up to now</h2>
      ${
        names.length === 1
          ? html`<p class="told muted small">Put another variant beside this one, in the lesson, to compare them.</p>`
          : html`<ol class="legend">${names.map((name, i) => this.#named(name, i))}</ol>`
      }
      ${
        this.#lines.length === 0
          ? html`<p class="muted">Nothing to measure yet: no client has heard an answer, no message was sent.</p>`
          : this.#table(names.length)
      }
    `;
  }

  #named(name: string, place: number): TemplateResult {
    const parted = this.run.partings()[place - 1];
    return html`<li>
      <strong class="letter">${LETTERS[place]}</strong> ${name}
      ${
        parted
          ? html`<span class="told muted small">
              from <button class="link" @click=${() => this.run.seek(parted.at)}>${time(parted.at)}</button> another run: ${told(parted)}
            </span>`
          : nothing
      }
    </li>`;
  }

  #table(columns: number): TemplateResult {
    const heads = LETTERS.slice(0, columns);
    // What the lesson calls the price of its remedy, once the two can be compared.
    const prices = new Set(columns > 1 ? this.run.opening.lesson?.price : []);
    return html`<table class="figures" data-columns=${columns}>
        <thead ?hidden=${columns === 1}>
          <tr><td></td>${heads.map((letter) => html`<th scope="col">${letter}</th>`)}</tr>
        </thead>
        <tbody>
          ${this.#lines.map(
            (line) => html`<tr class=${prices.has(line.name) ? "price" : ""}>
              <th scope="row" title=${line.sentence}>${line.name}${prices.has(line.name) ? html` <span class="tag">price</span>` : nothing}</th>
              ${line.values.map(
                (value, i) =>
                  html`<td>${value}${line.ratios[i] ? html`<span class="muted">${line.ratios[i]}</span>` : nothing}</td>`,
              )}
            </tr>`,
          )}
        </tbody>
      </table>
      ${this.#omitted ? html`<p class="told muted small">${this.#omitted}</p>` : nothing}
      <fl-charts .run=${this.run}></fl-charts>
      <details class="small">
        <summary>What they count</summary>
        <dl class="meanings">${this.#lines.map((line) => html`<dt>${line.name}</dt><dd>${line.sentence}</dd>`)}</dl>
      </details>`;
  }
}
