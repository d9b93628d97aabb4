/** The run as a link, a figure, a file. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Dialog } from "./dialog.ts";
import "./exports.ts";
import { time } from "./format.ts";
import { isSlip } from "./run.ts";

@customElement("fl-share")
export class Share extends Dialog {
  protected override readonly heading = "Share this run";
  @state() private copied = false;

  override async show(): Promise<void> {
    this.copied = false;
    this.run?.pause();
    await super.show();
  }

  protected override body(): TemplateResult {
    const { run } = this;
    if (!run) return html``;
    try {
      const share = run.player.link(false);
      const url = `${location.origin}${location.pathname}#${share.link}`;
      return html`
        <p>Whoever opens this link sees exactly what you see, at ${time(run.at)}: same scenario, same seed, same acts.</p>
        <label class="url">Link
          <textarea readonly rows="3" .value=${url} @focus=${(event: Event) => (event.target as HTMLTextAreaElement).select()}></textarea>
        </label>
        <div class="group">
          <button class="primary" @click=${() => this.#copy(url)}>${this.copied ? "Copied" : "Copy the link"}</button>
        </div>
        <p class="muted small">${share.length} characters. Fingerprint ${run.player.fingerprint()}.</p>
        ${share.warning ? html`<p class="slip" role="alert">${share.warning}</p>` : nothing}
        <fl-exports .run=${run}></fl-exports>
      `;
    } catch (error) {
      if (!isSlip(error)) throw error;
      return html`<p class="slip" role="alert">${error.what}. ${error.hint}</p>
        <fl-exports .run=${run}></fl-exports>`;
    }
  }

  async #copy(url: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      // A sandboxed frame has no clipboard of its own: what is selected can still be copied by hand.
      const text = this.querySelector("textarea");
      text?.select();
      document.execCommand("copy");
    }
    this.copied = true;
  }
}
