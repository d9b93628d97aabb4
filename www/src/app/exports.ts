/** The run and its pictures as files. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { save } from "./dialog.ts";
import { time } from "./format.ts";
import type { Run } from "./run.ts";

/** The size of pictures, in CSS pixels. */
const SIZE = { width: 800, height: 560 };

@customElement("fl-exports")
export class Exports extends LitElement {
  @property({ attribute: false }) run: Run | undefined;
  @state() private scale = 2;
  @state() private seconds = 4;
  /** The part of a clip that is done. */
  @state() private done: number | undefined;

  protected override createRenderRoot(): this {
    return this;
  }

  override render(): TemplateResult | typeof nothing {
    const { run } = this;
    if (!run) return nothing;
    const { name } = run.opening;
    return html`<section class="exports">
      <h3>Save</h3>
      <div class="group">
        <button @click=${() => save(`${name}.svg`, "image/svg+xml", run.player.figure(SIZE.width, SIZE.height))}>Picture (SVG)</button>
        <button @click=${() => this.#png(run)}>Picture (PNG)</button>
        <label>at <select
          aria-label="Scale"
          @change=${(event: Event) => {
            this.scale = Number((event.target as HTMLSelectElement).value);
          }}
        >${[1, 2, 3, 4].map((scale) => html`<option value=${scale} .selected=${scale === this.scale}>${scale}×</option>`)}</select></label>
      </div>
      <div class="group">
        <button @click=${() => save(`${name}.txt`, "text/plain", story(run))}>Story (text)</button>
        <button @click=${() => save(`${name}.jsonl`, "application/jsonl", run.player.trace())}>Trace (JSON lines)</button>
        <button @click=${() => save(`${name}.toml`, "text/plain", run.player.file())}>Scenario (TOML)</button>
      </div>
      <div class="group">
        ${this.done === undefined ? html`<button @click=${() => this.#clip(run)}>Clip (GIF)</button>` : html`<button @click=${this.#stop}>Stop</button>`}
        <label>of <input
          type="number"
          min="1"
          max="20"
          step="1"
          aria-label="Seconds"
          .value=${String(this.seconds)}
          @change=${(event: Event) => {
            const value = Number((event.target as HTMLInputElement).value);
            this.seconds = Math.max(1, Math.min(20, Math.round(value) || 4));
          }}
        /> s from here, at the speed that is set</label>
        ${this.done === undefined ? nothing : html`<progress max="1" value=${this.done} aria-label="Clip"></progress>`}
      </div>
    </section>`;
  }

  async #png(run: Run): Promise<void> {
    const canvas = document.createElement("canvas");
    canvas.width = SIZE.width * this.scale;
    canvas.height = SIZE.height * this.scale;
    const context = canvas.getContext("2d");
    if (!context) return;
    run.player.draw(context, SIZE.width, SIZE.height, this.scale);
    run.refresh();
    canvas.toBlob((blob) => blob && save(`${run.opening.name}.png`, "image/png", blob));
  }

  readonly #stop = () => {
    this.done = undefined;
  };

  async #clip(run: Run): Promise<void> {
    const { at, speed } = run;
    this.done = 0;
    const { record } = await import("./clip.ts");
    const stretch = { from: at, seconds: this.seconds, speed, width: 640, height: 448 };
    const bytes = await record(run.player, stretch, (part) => {
      // Whoever stopped it, or left the dialog, no longer wants it.
      const goes = this.done !== undefined && this.closest("dialog")?.open === true;
      if (goes) this.done = part;
      return goes;
    });
    this.done = undefined;
    run.seek(at);
    if (bytes) save(`${run.opening.name}.gif`, "image/gif", new Blob([bytes.slice()]));
  }
}

/** The story as plain lines. */
function story(run: Run): string {
  const entries = run.player.story(0, run.status.story, true);
  const lines = entries.flatMap((entry) => (entry.folded.length > 0 ? entry.folded : [entry]));
  return `${lines.map((line) => `${time(line.at).padStart(10)}  ${(line.node ?? "").padEnd(6)}${line.text}`).join("\n")}\n`;
}
