/** The promises as chips, and the proof when one is broken. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Verdict } from "../core.ts";
import { time } from "./format.ts";
import { icon } from "./icons.ts";
import { Panel } from "./panel.ts";

const WORDS = { pending: "not yet", holds: "holds", broken: "broken", unknown: "unknown" } as const;
const SIGNS = { pending: "·", holds: "✓", broken: "✗", unknown: "?" } as const;

@customElement("fl-verdicts")
export class Verdicts extends Panel {
  /** The promise whose words are open. */
  @state() private open: string | undefined;
  /** Proofs that were put away. */
  @state() private seen = new Set<string>();

  override render(): TemplateResult {
    const verdicts = this.run.status.verdicts;
    const broken = verdicts.filter((verdict) => verdict.verdict === "broken");
    // Beside others there is no room for a proof that nobody asked for: the stages name what is broken.
    const unasked = this.run.lanes.length > 0 ? [] : broken;
    const shown =
      verdicts.find((verdict) => verdict.name === this.open) ?? unasked.find((v) => !this.seen.has(v.name));
    return html`
      <ul class=${this.run.lanes.length > 0 ? "chips row" : "chips"} aria-label="Promises">
        ${verdicts.map((verdict) => this.#chip(verdict))}
      </ul>
      <div aria-live="assertive" class=${shown ? "proof" : "proof none"}>${shown ? this.#proof(shown) : nothing}</div>
    `;
  }

  #chip(verdict: Verdict): TemplateResult {
    const open = this.open === verdict.name;
    return html`<li>
      <button
        class="chip ${verdict.verdict}"
        aria-expanded=${open}
        title=${verdict.sentence}
        @click=${() => {
          this.open = open ? undefined : verdict.name;
        }}
      >
        <span aria-hidden="true">${SIGNS[verdict.verdict]}</span> ${verdict.name}
        <span class="unseen">: ${WORDS[verdict.verdict]}</span>
      </button>
    </li>`;
  }

  #proof(verdict: Verdict): TemplateResult {
    const remedy = this.#remedy(verdict);
    return html`
      <div class=${verdict.verdict === "broken" ? "banner alarm" : "banner"}>
        <p>
          <strong>${verdict.name} ${verdict.verdict === "broken" ? "is broken" : WORDS[verdict.verdict]}.</strong>
          ${verdict.evidence ?? verdict.sentence} ${verdict.remark ? html`(${verdict.remark})` : nothing}
          ${verdict.evidence ? html`<span class="muted">${verdict.sentence} (${verdict.source})</span>` : html`<span class="muted">${verdict.source}</span>`}
        </p>
        <div class="group">
          ${
            verdict.at === undefined
              ? nothing
              : html`<button @click=${() => this.#show(verdict)}>Show me, at ${time(verdict.at)}</button>`
          }
          ${remedy ? html`<button title=${`Try the remedy: ${remedy}`} @click=${() => this.run.change({ variant: remedy })}>Try the remedy: ${remedy}</button>` : nothing}
          <button class="quiet" @click=${() => this.#putAway(verdict)} title="Close">
            ${icon("close")}<span class="unseen">Close</span>
          </button>
        </div>
      </div>
    `;
  }

  #show(verdict: Verdict): void {
    this.run.pause();
    this.run.seek(verdict.at ?? 0);
    this.run.select((verdict.nodes ?? []).map((id) => ({ kind: "node", id })));
  }

  #putAway(verdict: Verdict): void {
    this.seen = new Set([...this.seen, verdict.name]);
    this.open = undefined;
  }

  /** The variant in which this promise holds. */
  #remedy(verdict: Verdict): string | undefined {
    if (verdict.verdict !== "broken") return undefined;
    const { variants, variant, lesson } = this.run.opening;
    const remedies = variants.filter((other) => other.name !== variant && other.holds.includes(verdict.name));
    return (remedies.find((other) => other.name === lesson?.mended) ?? remedies[0])?.name;
  }
}
