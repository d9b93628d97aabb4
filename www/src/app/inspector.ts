/** Everything about what is chosen: what it is, what it says, why it is so, and what it belongs to. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Target } from "../core.ts";
import { time } from "./format.ts";
import { Panel } from "./panel.ts";

@customElement("fl-inspector")
export class Inspector extends Panel {
  override render(): TemplateResult | typeof nothing {
    const { run } = this;
    const { selected } = run;
    return html`
      ${run.thread ? html`<p class="thread" role="status">Following ${run.thread} <button class="link" @click=${() => run.follow(undefined)}>Stop</button></p>` : nothing}
      ${selected.map((target) => this.#described(target))}
      ${selected.length === 0 && !run.thread ? this.#threads() : nothing}
    `;
  }

  #described(target: Target): TemplateResult | typeof nothing {
    const { run } = this;
    const said = run.player.describe(target);
    if (!said) return nothing;
    const event = "id" in target && typeof target.id === "number" ? target.id : undefined;
    const words = event === undefined ? undefined : run.player.letter(event);
    const facts =
      words && !said.facts.some(([name]) => name === "says") ? [["says", words], ...said.facts] : said.facts;
    return html`<section class="described">
      <h2>${said.title} <span class="muted">${said.subtitle}</span></h2>
      <dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      ${this.#changes(target)}
      ${event === undefined ? nothing : html`<p class="small muted">Vector clock: ${run.player.clock(event)}</p>`}
      ${this.#follow(target, event)}
      ${this.#why(target)}
    </section>`;
  }

  /** What the last step changed, while the run stands still. */
  #changes(target: Target): TemplateResult | typeof nothing {
    if (this.run.playing || target.kind !== "node") return nothing;
    const changes = this.run.player.changes(target);
    if (changes.length === 0) return nothing;
    return html`<p class="small muted">Before the last step</p>
      <dl class="before">${changes.map(([name, was]) => html`<dt>${name}</dt><dd>${was}</dd>`)}</dl>`;
  }

  #follow(target: Target, event: number | undefined): TemplateResult | typeof nothing {
    const { run } = this;
    if (target.kind === "client") {
      return html`<button @click=${() => run.follow({ client: target.id }, `everything that ${target.id} asks`)}>Follow ${target.id}</button>`;
    }
    if (event === undefined) return nothing;
    const first = run.player.because(target).findLast((because) => / asks: /.test(because.text));
    if (!first) return nothing;
    return html`<button @click=${() => run.follow({ event }, first.text)}>Follow this request</button>`;
  }

  /** The causes, back to the first. */
  #why(target: Target): TemplateResult | typeof nothing {
    const causes = this.run.player.because(target);
    if (causes.length < 2) return nothing;
    const [, ...before] = causes;
    return html`<details class="why" ?open=${target.kind !== "node"}>
      <summary>${target.kind === "node" ? "Why did it do what it did last?" : "Why?"}</summary>
      <ol>
        ${(target.kind === "node" ? causes : before).slice(0, 60).map(
          (because) => html`<li>
            <button class="because" @click=${() => this.run.visit(because.event, because.at)}>
              <time>${time(because.at)}</time><span>${because.text}</span>
            </button>
          </li>`,
        )}
      </ol>
    </details>`;
  }

  /** What can be followed when nothing is chosen. */
  #threads(): TemplateResult | typeof nothing {
    const { run } = this;
    const keys = run.player.keys();
    if (keys.length === 0) return nothing;
    return html`<section class="described">
      <h2>Follow</h2>
      <p class="muted small">One key or one client, like a red thread through every view.</p>
      <div class="group">
        ${keys.slice(0, 8).map((key) => html`<button class="small" @click=${() => run.follow({ key }, `the key ${key}`)}>${key}</button>`)}
        ${run.opening.clients
          .slice(0, 8)
          .map(
            (client) =>
              html`<button class="small" @click=${() => run.follow({ client }, `everything that ${client} asks`)}>${client}</button>`,
          )}
      </div>
    </section>`;
  }
}
