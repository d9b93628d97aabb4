/** What happened, in words, up to the moment; and the list of acts. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ActLine, StoryLine } from "../core.ts";
import { time } from "./format.ts";
import { icon } from "./icons.ts";
import { LETTERS } from "./lanes.ts";
import { Panel } from "./panel.ts";

/** As many lines as a person scrolls through; the rest is a click on the line of time away. */
const SHOWN = 120;

@customElement("fl-story")
export class Story extends Panel {
  @state() private clients = false;
  /** Whose story is told: 0 is the run, then what stands beside it. */
  @state() private whose = 0;
  /** The event of the first line of a stretch of routine that is open. */
  @state() private open: number | undefined;

  override render(): TemplateResult {
    const { run } = this;
    const names = [run.opening.variant, ...run.lanes.map((lane) => lane.name)];
    const whose = this.whose < names.length ? this.whose : 0;
    const lines = run.player.story(whose, SHOWN, this.clients);
    return html`
      ${names.length > 1 ? this.#choice(names, whose) : nothing}
      <label class="check"><input
        type="checkbox"
        .checked=${this.clients}
        @change=${(event: Event) => {
          this.clients = (event.target as HTMLInputElement).checked;
        }}
      />What clients heard</label>
      ${lines.length === SHOWN ? html`<p class="muted small">The last ${SHOWN} lines. For earlier ones, go back in time.</p>` : nothing}
      <ol class="story">
        ${repeat(
          lines,
          (line) => `${line.event}${line.kind}${line.node}`,
          (line) => this.#line(line),
        )}
      </ol>
      ${lines.length === 0 ? html`<p class="muted">Nothing has happened yet.</p>` : nothing}
    `;
  }

  /** The newest line is in view while time passes, unless the reader has scrolled up. */
  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const box = this.parentElement;
    this.#follows = !box || box.scrollHeight - box.scrollTop - box.clientHeight < 48;
  }

  #follows = true;

  override updated(): void {
    const box = this.parentElement;
    if (box && this.#follows && this.run.playing) box.scrollTop = box.scrollHeight;
  }

  #choice(names: string[], whose: number): TemplateResult {
    return html`<fieldset class="whose">
      <legend class="unseen">Whose story</legend>
      ${names.map(
        (name, place) => html`<button
          aria-pressed=${place === whose}
          title=${name}
          @click=${() => {
            this.whose = place;
          }}
        ><strong class="letter">${LETTERS[place]}</strong> ${name}</button>`,
      )}
    </fieldset>`;
  }

  #line(line: StoryLine): TemplateResult {
    if (line.folded.length === 0) return html`<li class=${line.kind}>${this.#words(line)}</li>`;
    const open = this.open === line.event;
    return html`<li class="folded">
      <button
        aria-expanded=${open}
        title=${open ? "Fold these lines" : "Show these lines"}
        @click=${() => {
          this.open = open ? undefined : line.event;
        }}
      >
        <time>${time(line.at)}</time><b aria-hidden="true">${open ? "–" : "+"}</b><span>${line.text}</span>
      </button>
      ${open ? html`<ol>${line.folded.map((one) => html`<li class=${one.kind}>${this.#words(one)}</li>`)}</ol>` : nothing}
    </li>`;
  }

  #words(line: StoryLine): TemplateResult {
    return html`<button @click=${() => this.#go(line)} title="Go to this moment">
      <time>${time(line.at)}</time><b>${line.node ?? ""}</b><span>${line.text}</span>
    </button>`;
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
  /** The act whose words are open, by its place in the list. */
  @state() private open: number | undefined;

  override render(): TemplateResult {
    const acts = this.run.player.acts();
    if (acts.length === 0) return html`<p class="muted">Nothing was done to this cluster.</p>`;
    return html`<ol class="acts">
      ${acts.map(
        (act) => html`<li class=${act.by_hand ? "hand" : ""}>
          <button class="line" @click=${() => this.run.seek(act.at)}><time>${time(act.at)}</time><span>${act.text}</span></button>
          ${act.by_hand ? this.#hands(act) : nothing}
          ${this.open === act.index && act.by_hand ? this.#editor(act) : nothing}
        </li>`,
      )}
    </ol>`;
  }

  #hands(act: ActLine): TemplateResult {
    return html`<button
        class="quiet"
        title="Edit"
        aria-expanded=${this.open === act.index}
        @click=${() => {
          this.open = this.open === act.index ? undefined : act.index;
        }}
      >${icon("edit")}<span class="unseen">Edit: ${act.text}</span></button>
      <button class="quiet" title="Remove" @click=${() => this.run.removeAct(act.index)}>
        ${icon("close")}<span class="unseen">Remove: ${act.text}</span>
      </button>`;
  }

  /** The act as a scenario file would contain it. */
  #editor(act: ActLine): TemplateResult {
    return html`<form
      class="edit"
      @submit=${(event: Event) => {
        event.preventDefault();
        const text = this.querySelector<HTMLTextAreaElement>(".edit textarea")?.value ?? "";
        if (this.run.editAct(act.index, text)) this.open = undefined;
      }}
    >
      <textarea rows="3" spellcheck="false" aria-label="The act, as a scenario file says it" .value=${this.run.player.actText(act.index)}></textarea>
      ${this.run.slip ? html`<p class="slip said" role="alert">${this.run.slip.what}. ${this.run.slip.hint}</p>` : nothing}
      <button class="primary">Apply</button>
    </form>`;
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
