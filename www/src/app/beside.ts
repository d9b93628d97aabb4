/** Another branch at the same moment, and where the two part. */

import { html, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import type { Parted } from "../core.ts";
import { prepare } from "./canvas.ts";
import { time } from "./format.ts";
import { icon } from "./icons.ts";
import { Panel } from "./panel.ts";

@customElement("fl-beside")
export class Beside extends Panel {
  @query("canvas") private canvas!: HTMLCanvasElement;
  readonly #moment = () => this.#draw();
  #resized: ResizeObserver | undefined;
  /** For which branches and acts the difference was looked for. */
  #asked = "";
  #parted: Parted | undefined;

  override firstUpdated(): void {
    this.#resized = new ResizeObserver(() => this.#draw());
    this.#resized.observe(this);
  }

  override updated(): void {
    this.run.removeEventListener("moment", this.#moment);
    this.run.addEventListener("moment", this.#moment);
    this.#draw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
    this.run.removeEventListener("moment", this.#moment);
  }

  #draw(): void {
    const drawn = this.canvas && prepare(this.canvas);
    if (drawn) this.run.player.drawBeside(drawn.context, drawn.width, drawn.height, drawn.ratio);
  }

  override render(): TemplateResult {
    const { player } = this.run;
    const branches = player.branches();
    const here = branches.find((branch) => branch.current);
    const there = branches[player.beside() ?? -1];
    if (!here || !there) return html``;
    const asked = `${here.index} ${there.index} ${here.acts} ${there.acts} ${branches.length} ${this.run.opening.seed}`;
    if (asked !== this.#asked) {
      this.#asked = asked;
      this.#parted = player.parted();
    }
    const parted = this.#parted;
    return html`
      <header>
        <h2>Beside: ${there.name}</h2>
        <button class="quiet" @click=${() => this.run.showBeside(undefined)} title="Close">
          ${icon("close")}<span class="unseen">Close the other branch</span>
        </button>
      </header>
      <canvas role="img" aria-label=${`The branch ${there.name} at the same moment`}></canvas>
      ${
        parted
          ? html`<p class="parted" role="status">
              <button class="link" @click=${() => this.run.seek(parted.at)}>They part at ${time(parted.at)}</button>:
              here ${parted.here}; there ${parted.there}.
            </p>`
          : html`<p class="parted" role="status">Both are the same to the end.</p>`
      }
    `;
  }
}
