/** The scenarios, by the challenges of distributed systems that they are about. */

import { headings, type Scenario, scenarios } from "virtual:scenarios";
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Dialog } from "./dialog.ts";

@customElement("fl-menu")
export class Menu extends Dialog {
  protected override readonly heading = "Scenarios";
  /** What is searched for. */
  @state() private wanted = "";

  protected override body(): TemplateResult {
    const found = scenarios.filter((scenario) => matches(scenario, this.wanted));
    return html`<label class="search">Search
        <input
          type="search"
          autofocus
          .value=${this.wanted}
          placeholder="split brain, idempotency, CAP …"
          @input=${(event: Event) => {
            this.wanted = (event.target as HTMLInputElement).value;
          }}
        />
      </label>
      <p class="unseen" role="status">${this.wanted === "" ? "" : `${found.length} found`}</p>
      <nav>
        ${headings.map((heading, place) => this.#section(heading, place + 1, found))}
        ${found.length === 0 ? html`<p class="muted">No scenario is about “${this.wanted}”.</p>` : nothing}
      </nav>`;
  }

  #section(heading: string, place: number, found: Scenario[]): TemplateResult | typeof nothing {
    const here = found.filter((scenario) => scenario.teaches === heading);
    if (here.length === 0 && this.wanted !== "") return nothing;
    return html`<section>
      <h3><span class="place">${place}</span> ${heading}</h3>
      ${
        here.length === 0
          ? html`<p class="muted small none">No scenario yet.</p>`
          : html`<ul>${here.map((scenario) => this.#entry(scenario))}</ul>`
      }
    </section>`;
  }

  #entry(scenario: Scenario): TemplateResult {
    const current = scenario.name === this.run?.opening.name;
    const time = scenario.minutes > 0 ? `${scenario.minutes} min` : "";
    const needs = [time, scenario.level].filter((part) => part !== "").join(" · ");
    return html`<li>
      <a href=${`#${scenario.name}`} aria-current=${current ? "page" : "false"} @click=${() => this.close()}>
        <strong>${scenario.title}</strong>
        ${needs ? html`<span class="needs small muted">${needs}</span>` : nothing}
        <span class="muted">${scenario.about}</span>
      </a>
    </li>`;
  }
}

/** Every word that is searched for stands somewhere in what is said of the scenario. */
function matches(scenario: Scenario, wanted: string): boolean {
  const { name, title, about, teaches, protocol, aka } = scenario;
  const told = [name, title, about, teaches, protocol, ...aka].join(" ").toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => told.includes(word));
}
