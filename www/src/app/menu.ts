/** The scenarios, by what they teach. */

import { type Scenario, scenarios } from "virtual:scenarios";
import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { Dialog } from "./dialog.ts";

@customElement("fl-menu")
export class Menu extends Dialog {
  protected override readonly heading = "Scenarios";

  protected override body(): TemplateResult {
    const groups = Map.groupBy(scenarios, (scenario) => scenario.teaches);
    return html`<nav>
      ${[...groups].map(
        ([teaches, list]) => html`<section>
          <h3>${teaches}</h3>
          <ul>${list.map((scenario) => this.#entry(scenario))}</ul>
        </section>`,
      )}
    </nav>`;
  }

  #entry(scenario: Scenario): TemplateResult {
    const current = scenario.name === this.run?.opening.name;
    return html`<li>
      <a href=${`#${scenario.name}`} aria-current=${current ? "page" : "false"} @click=${() => this.close()}>
        <strong>${scenario.title}</strong><span class="muted">${scenario.about}</span>
      </a>
    </li>`;
  }
}
