/** What happened, in words, up to the moment; and the list of acts. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { StoryLine } from "../core.ts";
import { time } from "./format.ts";
import { icon } from "./icons.ts";
import { Panel } from "./panel.ts";

/** As many lines as a person scrolls through; the rest is a click on the line of time away. */
const SHOWN = 120;

@customElement("fl-story")
export class Story extends Panel {
  @state() private clients = false;

  override render(): TemplateResult {
    const { run } = this;
    const all = run.player.story(Math.max(0, run.status.story - SHOWN * 3), run.status.story);
    const lines = all
      .filter((line) => this.clients || line.kind !== "client")
      .slice(-SHOWN)
      .reverse();
    return html`
      <label class="check"><input
        type="checkbox"
        .checked=${this.clients}
        @change=${(event: Event) => {
          this.clients = (event.target as HTMLInputElement).checked;
        }}
      />What clients heard</label>
      <ol class="story" reversed>
        ${repeat(
          lines,
          (line) => `${line.event}${line.kind}${line.text}`,
          (line) => this.#line(line),
        )}
      </ol>
      ${lines.length === 0 ? html`<p class="muted">Nothing has happened yet.</p>` : nothing}
    `;
  }

  #line(line: StoryLine): TemplateResult {
    return html`<li class=${line.kind}>
      <button @click=${() => this.#go(line)} title="Go to this moment">
        <time>${time(line.at)}</time><b>${line.node ?? ""}</b><span>${line.text}</span>
      </button>
    </li>`;
  }

  #go(line: StoryLine): void {
    this.run.pause();
    this.run.seek(line.at);
    if (line.node && this.run.opening.nodes.includes(line.node)) {
      this.run.select([{ kind: "node", id: line.node }]);
    }
  }
}

@customElement("fl-acts")
export class Acts extends Panel {
  override render(): TemplateResult {
    const acts = this.run.player.acts();
    if (acts.length === 0) return html`<p class="muted">Nothing was done to this cluster.</p>`;
    return html`<ol class="acts">
      ${acts.map(
        (act) => html`<li class=${act.by_hand ? "hand" : ""}>
          <button class="line" @click=${() => this.run.seek(act.at)}><time>${time(act.at)}</time><span>${act.text}</span></button>
          ${
            act.by_hand
              ? html`<button class="quiet" title="Remove" @click=${() => this.run.removeAct(act.index)}>
                  ${icon("close")}<span class="unseen">Remove: ${act.text}</span>
                </button>`
              : nothing
          }
        </li>`,
      )}
    </ol>`;
  }
}

/** The sentence that belongs to the moment, said aloud as well. */
@customElement("fl-caption")
export class Caption extends Panel {
  override render(): TemplateResult {
    const caption = this.run.status.caption;
    return html`<p class="caption" role="status">${caption ? caption.text : ""}</p>`;
  }
}
