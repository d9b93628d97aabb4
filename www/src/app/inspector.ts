/** Everything about what is chosen. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { Panel } from "./panel.ts";

@customElement("fl-inspector")
export class Inspector extends Panel {
  override render(): TemplateResult | typeof nothing {
    const said = this.run.selected.flatMap((target) => this.run.player.describe(target) ?? []);
    if (said.length === 0) return nothing;
    return html`${said.map(
      (one) => html`<section class="described">
        <h2>${one.title} <span class="muted">${one.subtitle}</span></h2>
        <dl>${one.facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      </section>`,
    )}`;
  }
}
