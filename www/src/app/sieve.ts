/** What the picture of space and time leaves out, how much of it is in sight, and what is followed through it. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { icon } from "./icons.ts";
import { Panel } from "./panel.ts";
import { isTimed } from "./run.ts";

@customElement("fl-sieve")
export class Sieve extends Panel {
  @state() private folded = false;
  @state() private without: string[] = [];
  @state() private places: string[] = [];

  #sift(): void {
    const { folded, without, places } = this;
    this.run.player.sieve({ folded, hidden: without, places });
    this.run.refresh();
  }

  #zoom(factor: number): void {
    const { clientWidth = 0 } = document.querySelector("fl-stage") ?? {};
    this.run.player.zoom(factor, clientWidth * 0.6);
    this.run.refresh();
  }

  override render(): TemplateResult | typeof nothing {
    const { run } = this;
    if (!isTimed(run.view)) return nothing;
    return html`<div class="sieve">
      <button class="quiet" @click=${() => this.#zoom(0.5)} title="Less time, closer">${icon("closer")}<span class="unseen">Closer</span></button>
      <button class="quiet" @click=${() => this.#zoom(2)} title="More time, farther">${icon("farther")}<span class="unseen">Farther</span></button>
      <button
        class="quiet small"
        title="Keep the present in sight"
        @click=${() => {
          run.player.follow();
          run.refresh();
        }}
      >Now</button>
      ${run.view === "spacetime" ? this.#spacetime() : nothing}
    </div>`;
  }

  /** What space and time can leave out. */
  #spacetime(): TemplateResult {
    const { run } = this;
    const all = [...run.opening.nodes, ...run.opening.clients];
    return html`<label class="check"><input
        type="checkbox"
        .checked=${this.folded}
        @change=${(event: Event) => {
          this.folded = (event.target as HTMLInputElement).checked;
          this.#sift();
        }}
      />Fold silence</label>
      <details>
        <summary>Show</summary>
        <div class="choices">
          <fieldset>
            <legend>Messages</legend>
            ${run.player.kinds().map((kind) =>
              this.#choice(kind, !this.without.includes(kind), (shown) => {
                this.without = shown
                  ? this.without.filter((other) => other !== kind)
                  : [...this.without, kind];
              }),
            )}
          </fieldset>
          <fieldset>
            <legend>Lines of life</legend>
            ${all.map((place) =>
              this.#choice(place, this.places.length === 0 || this.places.includes(place), (shown) => {
                const now = this.places.length === 0 ? all : this.places;
                const next = shown ? [...now, place] : now.filter((other) => other !== place);
                this.places = next.length === all.length ? [] : next;
              }),
            )}
          </fieldset>
        </div>
      </details>`;
  }

  #choice(name: string, shown: boolean, choose: (shown: boolean) => void): TemplateResult {
    return html`<label class="check"><input
      type="checkbox"
      .checked=${shown}
      @change=${(event: Event) => {
        choose((event.target as HTMLInputElement).checked);
        this.#sift();
      }}
    />${name}</label>`;
  }
}
