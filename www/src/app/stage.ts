/** The stage: the canvas that Rust draws, and what hands do on it. */

import { html, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import type { Description, Target } from "../core.ts";
import { prepare } from "./canvas.ts";
import type { Context } from "./context.ts";
import { Gestures, type Stagehand, slack } from "./gestures.ts";
import { Panel } from "./panel.ts";

@customElement("fl-stage")
export class Stage extends Panel implements Stagehand {
  @query("canvas") private canvas!: HTMLCanvasElement;

  protected override follows = ["change" as const];
  readonly #hands = new Gestures(this);
  #resized: ResizeObserver | undefined;
  #tip: { x: number; y: number; said: Description } | undefined;
  readonly #moment = () => this.draw();

  override firstUpdated(): void {
    this.#resized = new ResizeObserver(() => this.draw());
    this.#resized.observe(this);
  }

  override updated(): void {
    this.run.removeEventListener("moment", this.#moment);
    this.run.addEventListener("moment", this.#moment);
    this.draw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
    this.run.removeEventListener("moment", this.#moment);
  }

  draw(): void {
    const drawn = this.canvas && prepare(this.canvas);
    if (drawn) this.run.player.draw(drawn.context, drawn.width, drawn.height, drawn.ratio);
  }

  override render(): TemplateResult {
    const nodes = this.run.status.nodes.map((node) => describe(node)).join("; ");
    const words = this.run.view === "cluster" ? `The cluster. ${nodes}` : this.run.player.inWords();
    return html`
      <canvas
        role="img"
        aria-label=${words}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${() => this.#hands.cancel()}
        @pointerleave=${this.#leave}
        @contextmenu=${this.#context}
        @wheel=${(event: WheelEvent) => this.#hands.wheel(event, this.#place(event)[0])}
      ></canvas>
      <ul class="unseen" aria-label="Nodes" role="listbox" aria-multiselectable="true">
        ${this.run.status.nodes.map(
          (node, i) => html`<li
            role="option"
            id=${`node-${node.id}`}
            tabindex=${i === this.#rover() ? 0 : -1}
            aria-selected=${this.run.nodes.includes(node.id)}
            @focus=${() => this.run.player.hover({ kind: "node", id: node.id })}
            @blur=${() => this.run.player.hover(undefined)}
            @keydown=${(event: KeyboardEvent) => this.#rove(event, i)}
            @contextmenu=${(event: Event) => {
              event.preventDefault();
              this.menuOf({ kind: "node", id: node.id });
            }}
          >${describe(node)}</li>`,
        )}
      </ul>
      ${this.#tip ? this.#bubble(this.#tip) : ""}
      <p class="unseen" role="status">${this.run.said}</p>
      <fl-context></fl-context>
    `;
  }

  #bubble({ x, y, said }: { x: number; y: number; said: Description }): TemplateResult {
    const place = (element: Element | undefined) => {
      if (!(element instanceof HTMLElement)) return;
      const left = Math.max(8, Math.min(x + 14, this.clientWidth - element.offsetWidth - 8));
      const below = y + 14 + element.offsetHeight < this.clientHeight;
      const top = below ? y + 14 : Math.max(8, y - element.offsetHeight - 14);
      element.style.translate = `${left}px ${top}px`;
    };
    requestAnimationFrame(() => place(this.querySelector(".bubble") ?? undefined));
    return html`<div class="bubble" role="tooltip">
      <strong>${said.title}</strong> <span class="muted">${said.subtitle}</span>
      <dl>${said.facts.slice(0, 4).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    </div>`;
  }

  #place(event: MouseEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #down(event: PointerEvent): void {
    if (event.button === 0) this.canvas.setPointerCapture(event.pointerId);
    this.#hands.down(event, ...this.#place(event));
  }

  #move(event: PointerEvent): void {
    this.#hands.move(event, ...this.#place(event));
  }

  #up(event: PointerEvent): void {
    this.#hands.up(event, ...this.#place(event));
  }

  #leave(): void {
    this.point(0, 0, undefined);
  }

  /** The browser's menu gives way to the stage's; a finger has asked for it already. */
  #context(event: PointerEvent): void {
    event.preventDefault();
    if (event.pointerType !== "touch") this.#hands.menu(...this.#place(event), slack(event));
  }

  menu(targets: Target[], x: number, y: number): void {
    const box = this.canvas.getBoundingClientRect();
    this.querySelector<Context>("fl-context")?.show(this.run, targets, box.left + x, box.top + y);
  }

  /** The menu of a thing, or of the run as a whole, from the keyboard. */
  menuOf(target: Target | undefined): void {
    const [x = 24, y = 24] = (target && this.run.player.placeOf(target)) ?? [];
    const chosen = target && this.run.selected.includes(target) ? this.run.selected : [target ?? []].flat();
    this.menu(chosen, x, y);
  }

  /** Shows what is under the pointer; the inspector shows the same for what is chosen. */
  point(x: number, y: number, target: Target | undefined): void {
    this.run.player.hover(target);
    this.canvas.style.cursor = target && target.kind !== "link" ? "grab" : "";
    const said = target && target.kind !== "link" ? this.run.player.describe(target) : undefined;
    const had = this.#tip !== undefined;
    this.#tip = said && { x, y, said };
    if (said || had) this.requestUpdate();
    this.draw();
  }

  #rover(): number {
    const first = this.run.nodes[0];
    return Math.max(
      0,
      this.run.status.nodes.findIndex((node) => node.id === first),
    );
  }

  #rove(event: KeyboardEvent, index: number): void {
    const { nodes } = this.run.status;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const node = nodes[index];
    if (step !== undefined) {
      const next = nodes[(index + step + nodes.length) % nodes.length];
      if (next) {
        const one: Target = { kind: "node", id: next.id };
        // With Shift the choice grows.
        const rest = this.run.nodes.includes(next.id) ? [] : [one];
        this.run.select(event.shiftKey ? [...this.run.selected, ...rest] : [one]);
        this.updateComplete.then(() => document.getElementById(`node-${next.id}`)?.focus());
      }
    } else if ((event.key === "Enter" || event.key === " ") && node) {
      this.run.select([{ kind: "node", id: node.id }]);
    } else if (event.key === "m" && node) {
      this.menuOf({ kind: "node", id: node.id });
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

function describe(node: {
  id: string;
  life: string;
  role: string;
  epoch?: { name: string; number: number };
}) {
  const epoch = node.epoch ? `, ${node.epoch.name} ${node.epoch.number}` : "";
  return node.life === "up" ? `${node.id}, ${node.role}${epoch}` : `${node.id}, ${node.life}${epoch}`;
}
