/** The stage: the canvas that Rust draws, and what hands do on it. */

import { html, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { Description, Target } from "../core.ts";
import { prepare } from "./canvas.ts";
import { Panel } from "./panel.ts";

/** A finger needs more room than a mouse, in CSS pixels. */
const SLACK = { mouse: 5, pen: 8, touch: 20 } as const;
/** A movement shorter than this is a tap. */
const TAP = 8;

@customElement("fl-stage")
export class Stage extends Panel {
  /** Draw one-way cuts: for those who have no Alt key. */
  @property({ type: Boolean }) oneWay = false;
  @query("canvas") private canvas!: HTMLCanvasElement;

  protected override follows = ["change" as const];
  #line: number[] | undefined;
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
    const words = this.run.status.nodes.map((node) => describe(node)).join("; ");
    return html`
      <canvas
        role="img"
        aria-label=${`The cluster. ${words}`}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#cancel}
        @pointerleave=${this.#leave}
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
          >${describe(node)}</li>`,
        )}
      </ul>
      ${this.#tip ? this.#bubble(this.#tip) : ""}
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

  #place(event: PointerEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.#line = this.#place(event);
    this.#tip = undefined;
  }

  #move(event: PointerEvent): void {
    const [x, y] = this.#place(event);
    if (!this.#line) {
      if (event.pointerType !== "touch") this.#point(x, y, this.#slack(event));
      return;
    }
    const [lastX = x, lastY = y] = this.#line.slice(-2);
    if (Math.hypot(x - lastX, y - lastY) < 4) return;
    this.#line.push(x, y);
    if (this.#far()) this.run.player.gesture(Float64Array.from(this.#line));
    this.draw();
  }

  #up(event: PointerEvent): void {
    const line = this.#line;
    this.#line = undefined;
    this.run.player.gesture(undefined);
    if (!line) return;
    if (this.#isTap(line)) this.#tap(event);
    else this.#tear(line, event.altKey || this.oneWay);
    this.draw();
  }

  #cancel(): void {
    this.#line = undefined;
    this.run.player.gesture(undefined);
    this.draw();
  }

  #leave(): void {
    this.run.player.hover(undefined);
    if (this.#tip) {
      this.#tip = undefined;
      this.requestUpdate();
    }
    this.draw();
  }

  #far(): boolean {
    return this.#line !== undefined && !this.#isTap(this.#line);
  }

  #isTap(line: number[]): boolean {
    const [x0 = 0, y0 = 0] = line;
    for (let i = 2; i + 1 < line.length; i += 2) {
      if (Math.hypot((line[i] ?? 0) - x0, (line[i + 1] ?? 0) - y0) > TAP) return false;
    }
    return true;
  }

  #slack(event: PointerEvent): number {
    return SLACK[event.pointerType as keyof typeof SLACK] ?? SLACK.mouse;
  }

  #tap(event: PointerEvent): void {
    const [x, y] = this.#place(event);
    const hit = this.run.player.hit(x, y, this.#slack(event));
    if (!hit) {
      this.run.select([]);
      return;
    }
    const known = this.run.selected.some((target) => same(target, hit));
    if (event.shiftKey) {
      const rest = this.run.selected.filter((target) => !same(target, hit));
      this.run.select(known ? rest : [...rest, hit]);
    } else {
      this.run.select([hit]);
    }
  }

  #tear(line: number[], oneWay: boolean): void {
    const tear = this.run.player.tear(Float64Array.from(line), oneWay);
    if (tear) this.run.act(tear.act);
    this.dispatchEvent(new CustomEvent("torn", { detail: tear?.sentence, bubbles: true }));
  }

  /** Shows what is under the pointer; the inspector shows the same for what is chosen. */
  #point(x: number, y: number, slack: number): void {
    const target = this.run.player.hit(x, y, slack);
    this.run.player.hover(target);
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
    const nodes = this.run.status.nodes;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const node = nodes[index];
    if (step !== undefined) {
      const next = nodes[(index + step + nodes.length) % nodes.length];
      if (next) {
        this.run.select([{ kind: "node", id: next.id }]);
        this.updateComplete.then(() => document.getElementById(`node-${next.id}`)?.focus());
      }
    } else if ((event.key === "Enter" || event.key === " ") && node) {
      this.run.select([{ kind: "node", id: node.id }]);
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

function same(a: Target, b: Target): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
