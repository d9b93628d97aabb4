/** What the stage shows: one run, several pictures. */

import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { Panel } from "./panel.ts";
import { VIEWS } from "./run.ts";

@customElement("fl-views")
export class Views extends Panel {
  override render(): TemplateResult {
    const { view } = this.run;
    return html`<div class="views" role="group" aria-label="View">
        ${VIEWS.map(
          ([other, name]) =>
            html`<button aria-pressed=${view === other} @click=${() => this.run.show(other)}>${name}</button>`,
        )}
      </div>
      <select class="views-narrow" aria-label="View" @change=${(event: Event) => this.#choose(event)}>
        ${VIEWS.map(([other, name]) => html`<option value=${other} .selected=${view === other}>${name}</option>`)}
      </select>`;
  }

  #choose(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    const chosen = VIEWS.find(([view]) => view === value);
    if (chosen) this.run.show(chosen[0]);
  }
}
