/** The line of time: the whole run at a glance, and a handle to go anywhere. */

import { html, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { prepare } from "./canvas.ts";
import { time } from "./format.ts";
import { Panel } from "./panel.ts";

/** The handle's half width: the line begins and ends where the handle's middle can go. */
const INSET = 8;
const GLANCE = { width: 240, height: 168 };

@customElement("fl-line")
export class Line extends Panel {
  @query(".scrub") private scrub!: HTMLInputElement;
  @query(".density") private density!: HTMLCanvasElement;
  @query(".glance") private glance!: HTMLElement;
  readonly #moment = () => this.#follow();
  #resized: ResizeObserver | undefined;
  #wanted: number | undefined;

  override firstUpdated(): void {
    this.#resized = new ResizeObserver(() => this.#draw());
    this.#resized.observe(this);
  }

  override updated(): void {
    this.run.removeEventListener("moment", this.#moment);
    this.run.addEventListener("moment", this.#moment);
    this.#follow();
    this.#draw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
    this.run.removeEventListener("moment", this.#moment);
  }

  /** The handle moves with the picture; the line itself only when something changed. */
  #follow(): void {
    if (!this.scrub) return;
    const { at, opening, player } = this.run;
    this.scrub.value = String(at);
    this.scrub.setAttribute("aria-valuetext", time(at));
    this.scrub.style.setProperty("--played", String(at / opening.until));
    this.scrub.style.setProperty("--known", String(player.end() / opening.until));
  }

  #draw(): void {
    const drawn = this.density && prepare(this.density);
    if (!drawn) return;
    const partings = this.run.partings().flatMap((parted) => (parted ? [parted.at] : []));
    const own = Float64Array.from([...this.run.bookmarks.map(({ at }) => at), ...partings]);
    this.run.player.drawLine(drawn.context, drawn.width, drawn.height, drawn.ratio, own);
  }

  /** The world at the moment under the pointer, small. */
  #peek(event: PointerEvent): void {
    const box = this.density.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    if (event.pointerType === "touch" || event.buttons !== 0 || share < 0 || share > 1) {
      this.#hide();
      return;
    }
    const first = this.#wanted === undefined;
    this.#wanted = share * this.run.opening.until;
    this.glance.hidden = false;
    const left = Math.max(0, Math.min(event.clientX - box.left - GLANCE.width / 2, box.width - GLANCE.width));
    this.glance.style.translate = `${left + INSET}px 0`;
    if (first) requestAnimationFrame(() => this.#sketch());
  }

  #sketch(): void {
    const at = this.#wanted;
    this.#wanted = undefined;
    const canvas = this.glance.querySelector("canvas");
    if (at === undefined || !canvas || this.glance.hidden) return;
    const drawn = prepare(canvas);
    if (!drawn) return;
    this.run.player.drawMoment(drawn.context, drawn.width, drawn.height, drawn.ratio, at);
    const words = this.glance.querySelector("p");
    if (words) words.textContent = time(at);
  }

  #hide(): void {
    this.#wanted = undefined;
    this.glance.hidden = true;
  }

  override render(): TemplateResult {
    const { run } = this;
    return html`
      <div class="glance" aria-hidden="true" hidden><canvas></canvas><p></p></div>
      <canvas class="density" aria-hidden="true"></canvas>
      <input
        class="scrub"
        type="range"
        min="0"
        max=${run.opening.until}
        step="1000"
        aria-label="Time"
        @input=${(event: Event) => {
          run.pause();
          run.seek(Number((event.target as HTMLInputElement).value));
        }}
        @pointermove=${this.#peek}
        @pointerdown=${this.#hide}
        @pointerleave=${this.#hide}
      />
    `;
  }
}
