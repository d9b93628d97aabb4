/** Verbs: everything that can be done to what is chosen, and to the network as a whole. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Network, NodeStatus, Target } from "../core.ts";
import { fromSlider, length, percent, toSlider, written } from "./format.ts";
import { type Icon, icon } from "./icons.ts";
import { Panel } from "./panel.ts";

const MOST_LATENCY = 2_000_000;
/** The 99th percentile of a latency set by hand, in medians. */
const TAIL = 4;

@customElement("fl-faults")
export class Faults extends Panel {
  @property({ type: Boolean }) oneWay = false;
  @state() private op = "write x";

  override render(): TemplateResult {
    const { run } = this;
    const nodes = run.nodes.flatMap((id) => run.status.nodes.find((node) => node.id === id) ?? []);
    const link = run.selected.find((target) => target.kind === "link");
    return html`
      <div class="group tools">
        ${this.#verb("undo", "Undo", "", () => run.undo(), !run.status.can_undo)}
        ${this.#verb("redo", "Redo", "", () => run.redo(), !run.status.can_redo)}
        ${this.#verb("heal", "Heal all", "", () => run.act({ heal: "all" }), run.status.cuts === 0)}
      </div>
      ${run.slip ? html`<p class="slip said" role="alert">${run.slip.what}. ${run.slip.hint}</p>` : nothing}
      ${nodes.length > 0 ? this.#nodes(nodes) : link?.kind === "link" ? this.#link(link) : this.#nobody()}
      ${this.#network()}
    `;
  }

  #nobody(): TemplateResult {
    return html`<div class="chosen">
      <h2>Nothing is chosen</h2>
      <p class="muted">Tap a node, a link or a message. Draw a line across the stage to cut the network along it.</p>
      <label class="check"><input
        type="checkbox"
        .checked=${this.oneWay}
        @change=${(event: Event) =>
          this.dispatchEvent(
            new CustomEvent("one-way", { detail: (event.target as HTMLInputElement).checked, bubbles: true }),
          )}
      />Cut one way only (or hold Alt while drawing)</label>
    </div>`;
  }

  #verb(sign: Icon, word: string, key: string, act: () => void, disabled = false): TemplateResult {
    return html`<button class="verb" ?disabled=${disabled} @click=${act}>
      ${icon(sign)}<span>${word}</span>${key ? html`<kbd>${key}</kbd>` : nothing}
    </button>`;
  }

  #nodes(nodes: NodeStatus[]): TemplateResult {
    const { run } = this;
    const each = (act: (id: string) => Record<string, unknown>) => () => {
      for (const node of nodes) run.act(act(node.id));
    };
    const some = (life: NodeStatus["life"]) => nodes.some((node) => node.life === life);
    const names = nodes.map((node) => node.id).join(", ");
    const others = run.opening.nodes.filter((id) => !nodes.some((node) => node.id === id));
    const slowness = nodes[0]?.slowness ?? 1;
    return html`<div class="chosen">
      <h2>${names}</h2>
      <div class="verbs">
        ${
          some("down")
            ? this.#verb(
                "power",
                "Restart",
                "c",
                each((id) => ({ restart: id })),
              )
            : nothing
        }
        ${
          nodes.some((node) => node.life !== "down")
            ? this.#verb(
                "crash",
                "Crash",
                "c",
                each((id) => ({ crash: id })),
              )
            : nothing
        }
        ${
          some("up")
            ? this.#verb(
                "pause",
                "Pause",
                "p",
                each((id) => ({ pause: id })),
              )
            : nothing
        }
        ${
          some("paused")
            ? this.#verb(
                "play",
                "Resume",
                "p",
                each((id) => ({ resume: id })),
              )
            : nothing
        }
        ${
          others.length > 0
            ? this.#verb("cut", "Cut off", "x", () =>
                run.act({ cut: [nodes.map((node) => node.id), others] }),
              )
            : nothing
        }
        ${this.#verb(
          "fire",
          "Fire timer",
          "f",
          each((id) => ({ fire: id })),
        )}
        ${this.#verb(
          "clock",
          "Clock −200 ms",
          "",
          each((id) => ({ clock: { node: id, jump: "-200ms" } })),
        )}
        ${this.#verb(
          "clock",
          "Clock +200 ms",
          "",
          each((id) => ({ clock: { node: id, jump: "200ms" } })),
        )}
      </div>
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
    const between = [[from], [to]];
    const one = (a: string, b: string) => ({ from: [a], to: [b] });
    return html`<div class="chosen">
      <h2>${from} – ${to}</h2>
      <div class="verbs">
        ${this.#verb("cut", "Cut", "x", () => run.act({ cut: between }))}
        ${this.#verb("cut", `Cut ${from} → ${to}`, "", () => run.act({ cut: one(from, to) }))}
        ${this.#verb("cut", `Cut ${to} → ${from}`, "", () => run.act({ cut: one(to, from) }))}
        ${this.#verb("hold", "Hold", "", () => run.act({ hold: between }))}
        ${this.#verb("heal", "Heal", "h", () => run.act({ heal: between }))}
      </div>
      ${this.#weather(run.player.weather(link) ?? run.status.network, { between })}
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
