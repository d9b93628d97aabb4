/** Verbs: everything that can be done to what is chosen, and to the network as a whole. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Network, NodeStatus, Target } from "../core.ts";
import { fromSlider, length, percent, toSlider, written } from "./format.ts";
import { icon } from "./icons.ts";
import { Panel } from "./panel.ts";
import { tools, type Verb, verbs } from "./verbs.ts";

const MOST_LATENCY = 2_000_000;
/** The 99th percentile of a latency set by hand, in medians. */
const TAIL = 4;

@customElement("fl-faults")
export class Faults extends Panel {
  @state() private op = "write x";

  override render(): TemplateResult {
    const { run } = this;
    const nodes = run.nodes.flatMap((id) => run.status.nodes.find((node) => node.id === id) ?? []);
    return html`
      ${this.#verbs(tools(run), "tools")}
      ${run.slip ? html`<p class="slip said" role="alert">${run.slip.what}. ${run.slip.hint}</p>` : nothing}
      ${this.#chosen(nodes)}
      ${this.#network()}
    `;
  }

  #chosen(nodes: NodeStatus[]): TemplateResult {
    if (nodes.length > 0) return this.#nodes(nodes);
    const [first] = this.run.selected;
    if (first?.kind === "link") return this.#link(first);
    return first?.kind === "message" ? this.#messages() : this.#nobody();
  }

  #nobody(): TemplateResult {
    const { scissors } = this.run;
    const check = (name: "oneWay" | "crossed", words: string) => html`<label class="check"><input
      type="checkbox"
      .checked=${scissors[name]}
      @change=${(event: Event) => {
        scissors[name] = (event.target as HTMLInputElement).checked;
      }}
    />${words}</label>`;
    return html`<div class="chosen">
      <h2>Nothing is chosen</h2>
      <p class="muted">Tap a node, a link or a message; drag one to move it. Draw a line across the stage to cut the network along it.</p>
      ${check("oneWay", "Cut one way only (or hold Alt while drawing)")}
      ${check("crossed", "Cut only links that the line crosses (or hold Ctrl)")}
    </div>`;
  }

  #verbs(verbs: Verb[], kind = "verbs"): TemplateResult {
    return html`<div class=${kind}>${verbs.map(
      (verb) => html`<button class="verb" ?disabled=${verb.disabled ?? false} @click=${() => verb.act()}>
        ${icon(verb.sign)}<span>${verb.word}</span>${verb.key && kind === "verbs" ? html`<kbd>${verb.key}</kbd>` : nothing}
      </button>`,
    )}</div>`;
  }

  #nodes(nodes: NodeStatus[]): TemplateResult {
    const { run } = this;
    const names = nodes.map((node) => node.id).join(", ");
    const slowness = nodes[0]?.slowness ?? 1;
    return html`<div class="chosen">
      <h2>${names}</h2>
      ${this.#verbs(verbs(run, run.selected))}
      ${slider(
        "Slower",
        slowness <= 1 ? "its own speed" : `${slowness} times`,
        Math.log10(slowness) / 3,
        (position) => {
          const times = Math.max(1, Math.round(10 ** (position * 3)));
          for (const node of nodes) run.act({ slow: { node: node.id, times } });
        },
      )}
      <form
        class="ask"
        @submit=${(event: Event) => {
          event.preventDefault();
          for (const node of nodes) run.act({ ask: { node: node.id, op: this.op } });
        }}
      >
        <label>Ask <input
          .value=${this.op}
          size="12"
          spellcheck="false"
          autocomplete="off"
          @input=${(event: Event) => {
            this.op = (event.target as HTMLInputElement).value;
          }}
        /></label>
        <button>${icon("ask")}Send</button>
      </form>
    </div>`;
  }

  #link(link: Extract<Target, { kind: "link" }>): TemplateResult {
    const { run } = this;
    const { from, to } = link;
    return html`<div class="chosen">
      <h2>${from} – ${to}</h2>
      ${this.#verbs(verbs(run, [link]))}
      ${this.#weather(run.player.weather(link) ?? run.status.network, { between: [[from], [to]] })}
    </div>`;
  }

  #messages(): TemplateResult {
    const { run } = this;
    const all = verbs(run, run.selected);
    const many = run.selected.length;
    return html`<div class="chosen">
      <h2>${many > 1 ? `${many} messages` : (run.selected[0] && run.player.describe(run.selected[0])?.title) || "A message"}</h2>
      ${all.length > 0 ? this.#verbs(all) : html`<p class="muted">It is no longer on its way: step back to touch it.</p>`}
    </div>`;
  }

  #network(): TemplateResult {
    const { run } = this;
    return html`<div class="network">
      <h2>Everywhere</h2>
      ${this.#weather(run.status.network, {})}
    </div>`;
  }

  /** Sliders for the weather of some links. */
  #weather({ latency, loss, duplicate }: Network, links: Record<string, unknown>): TemplateResult {
    const set = (weather: Record<string, unknown>) => this.run.act({ weather: { ...links, ...weather } });
    return html`
      ${slider("Latency", length(latency), toSlider(latency, 100, MOST_LATENCY), (position) => {
        const median = fromSlider(position, 100, MOST_LATENCY);
        set({ latency: { median: written(median), p99: written(median * TAIL) } });
      })}
      ${slider("Loss", percent(loss), loss, (position) => set({ loss: position }))}
      ${slider("Duplication", percent(duplicate), duplicate, (position) => set({ duplicate: position }))}
    `;
  }
}

/** A slider that acts when it is let go, so that one drag is one act. */
function slider(
  name: string,
  value: string,
  position: number,
  act: (position: number) => void,
): TemplateResult {
  return html`<label class="slider">
    <span>${name}</span><span class="value">${value}</span>
    <input
      type="range"
      min="0"
      max="1"
      step="0.01"
      .value=${String(position)}
      aria-valuetext=${value}
      @change=${(event: Event) => act(Number((event.target as HTMLInputElement).value))}
    />
  </label>`;
}
