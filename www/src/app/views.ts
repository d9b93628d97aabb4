/** What the stage shows: one run, several pictures. */

import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { Panel } from "./panel.ts";
import { VIEWS } from "./run.ts";

@customElement("fl-views")
export class Views extends Panel {
  override render(): TemplateResult {
    return html`<div class="views" role="group" aria-label="View">
      ${VIEWS.map(
        ([view, name]) =>
          html`<button aria-pressed=${this.run.view === view} @click=${() => this.run.show(view)}>${name}</button>`,
      )}
    </div>`;
  }
}
