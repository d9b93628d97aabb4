/** The scenario as a text that can be changed while it runs. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Slip } from "../core.ts";
import { Dialog, save } from "./dialog.ts";

/** What the page needs of the editor that is loaded for it. */
interface Editor {
  state: { doc: { toString(): string } };
  focus(): void;
  destroy(): void;
}

@customElement("fl-editor")
export class ScenarioEditor extends Dialog {
  protected override readonly heading = "The scenario";
  @state() private slip: Slip | undefined;
  /** Without the editor (its part of the page did not arrive) a plain field does. */
  @state() private plain = false;
  #editor: Editor | undefined;
  /** The scenario that the text in the editor began from. */
  #base: string | undefined;

  override async show(): Promise<void> {
    this.slip = undefined;
    this.run?.pause();
    await super.show();
    await this.#load();
  }

  async #load(): Promise<void> {
    const text = this.run?.opening.text ?? "";
    const place = this.querySelector(".editor");
    if (!place) return;
    // What was written and not applied yet is still there.
    if (text === this.#base) return this.#editor?.focus();
    this.#base = text;
    try {
      const { edit } = await import("./toml.ts");
      this.#editor?.destroy();
      // In a tree of its own its styles are adopted, not inlined: the page's policy allows nothing else.
      const root = place.shadowRoot ?? place.attachShadow({ mode: "open" });
      this.#editor = edit(root, text, () => this.#apply());
      this.#editor.focus();
    } catch {
      this.plain = true;
      await this.updateComplete;
      const field = this.querySelector("textarea");
      if (field) field.value = text;
    }
  }

  get #text(): string {
    return this.#editor?.state.doc.toString() ?? this.querySelector("textarea")?.value ?? "";
  }

  #apply(): void {
    const { run } = this;
    if (!run) return;
    if (run.rewrite(this.#text)) {
      this.close();
    } else {
      this.slip = run.slip;
      run.dismiss();
    }
  }

  protected override body(): TemplateResult {
    const { slip } = this;
    return html`
      <p class="muted">What you change applies to the run as it is: the moment stays, and so does what you did by hand.</p>
      ${this.plain ? html`<textarea class="editor" spellcheck="false" aria-label="The scenario"></textarea>` : html`<div class="editor"></div>`}
      ${
        slip
          ? html`<p class="slip said" role="alert">${slip.line === undefined ? "" : `Line ${slip.line}, column ${slip.column}: `}${slip.what}. ${slip.hint}</p>`
          : nothing
      }
      <div class="group">
        <button class="primary" @click=${() => this.#apply()} title="Ctrl Enter">Apply</button>
        <button @click=${() => this.#replace(this.run?.opening.text ?? "")}>Take back</button>
        <button @click=${() => save(`${this.run?.opening.name ?? "scenario"}.toml`, "text/plain", this.#text)}>Save as a file</button>
        <label class="button">Open a file<input
          class="unseen"
          type="file"
          accept=".toml,text/plain"
          @change=${async (event: Event) => {
            const file = (event.target as HTMLInputElement).files?.[0];
            if (file && file.size < 1_000_000) await this.#replace(await file.text());
          }}
        /></label>
      </div>
    `;
  }

  async #replace(text: string): Promise<void> {
    if (this.plain) {
      const field = this.querySelector("textarea");
      if (field) field.value = text;
      return;
    }
    const place = this.querySelector(".editor");
    const { edit } = await import("./toml.ts");
    this.#editor?.destroy();
    if (place?.shadowRoot) this.#editor = edit(place.shadowRoot, text, () => this.#apply());
  }
}
