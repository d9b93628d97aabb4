/** A dialog of the browser's own: focus stays inside, Escape closes it. */

import { html, LitElement, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { icon } from "./icons.ts";
import type { Run } from "./run.ts";

export abstract class Dialog extends LitElement {
  @property({ attribute: false }) run: Run | undefined;
  @query("dialog") private dialog!: HTMLDialogElement;

  protected abstract readonly heading: string;
  protected abstract body(): TemplateResult;

  protected override createRenderRoot(): this {
    return this;
  }

  async show(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    if (!this.dialog.open) this.dialog.showModal();
  }

  close(): void {
    this.dialog.close();
  }

  /** What had the focus inside would go on taking the page's keys. */
  #leave(): void {
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && this.contains(focused)) focused.blur();
  }

  override render(): TemplateResult {
    return html`<dialog
      aria-label=${this.heading}
      @close=${() => this.#leave()}
      @click=${(event: Event) => {
        if (event.target === this.dialog) this.close();
      }}
    >
      <header>
        <h2>${this.heading}</h2>
        <button class="quiet" @click=${() => this.close()} title="Close">
          ${icon("close")}<span class="unseen">Close</span>
        </button>
      </header>
      ${this.body()}
    </dialog>`;
  }
}

/** Hands a content to the person as a file. */
export function save(name: string, type: string, content: string | Blob): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
