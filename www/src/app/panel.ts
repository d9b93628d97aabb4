/** What every part of the page is: a custom element in the page's own tree, drawn anew when the run changes. */

import { LitElement, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import type { News, Run } from "./run.ts";

export abstract class Panel extends LitElement {
  @property({ attribute: false }) run!: Run;

  /** Which news it follows. */
  protected follows: News[] = ["change"];
  readonly #listener = () => this.requestUpdate();

  /** One stylesheet for the whole page, and one tree for those who read it aloud. */
  protected override createRenderRoot(): this {
    return this;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("run")) return;
    const before = changed.get("run") as Run | undefined;
    for (const news of this.follows) {
      before?.removeEventListener(news, this.#listener);
      this.run.addEventListener(news, this.#listener);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const news of this.follows) this.run?.removeEventListener(news, this.#listener);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const news of this.follows) this.run?.addEventListener(news, this.#listener);
  }
}
