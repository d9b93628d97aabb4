/** What is seen, what to do, and what to take home. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { prose } from "./format.ts";
import { Panel } from "./panel.ts";

@customElement("fl-lesson")
export class Lesson extends Panel {
  @state() private chosen: string | undefined;

  override render(): TemplateResult {
    const { about, lesson, variants, variant, protocol } = this.run.opening;
    const current = variants.find((other) => other.name === variant);
    return html`
      <p class="about">${prose(about)}</p>
      <p class="prompt">Draw a line across the stage to cut the network along it. Tap a node, then press <kbd>c</kbd> or <em>Crash</em>.</p>
      ${
        variants.length > 1
          ? html`<fieldset class="variants">
              <legend>Variant</legend>
              ${variants.map(
                (other) => html`<div class="variant">
                  <label>
                    <input
                      type="radio"
                      name="variant"
                      .checked=${other.name === variant}
                      @change=${() => this.run.change({ variant: other.name })}
                    />${other.name}
                  </label>
                  ${other.name === variant ? nothing : this.#beside(other.name)}
                </div>`,
              )}
              ${current?.about ? html`<p class="muted">${prose(current.about)}</p>` : nothing}
            </fieldset>`
          : nothing
      }
      ${lesson?.question ? this.#question(lesson.question, lesson.choices, lesson.answer) : nothing}
      ${part("Watch", lesson?.watch)} ${part("Remedy", lesson?.remedy)}
      ${part("An interviewer asks next", lesson?.follow_up)} ${part("What this leaves out", lesson?.leaves_out)}
      <p class="muted small">Protocol: ${protocol.name}. ${protocol.about}</p>
    `;
  }

  #beside(name: string): TemplateResult {
    const names = this.run.lanes.flatMap((lane) => (lane.branch === undefined ? [lane.name] : []));
    const there = names.includes(name);
    return html`<button
      aria-label=${`Beside: ${name}`}
      aria-pressed=${there}
      title=${there ? "Take it away again" : "Play it beside the other, under the same acts"}
      @click=${() => {
        this.run.compare(there ? names.filter((other) => other !== name) : [...names, name]);
        if (this.run.lanes.length > 0) dispatchEvent(new Event("compare"));
      }}
    >Beside</button>`;
  }

  #question(question: string, choices: string[], answer: string | undefined): TemplateResult {
    return html`<fieldset class="question">
      <legend>${prose(question)}</legend>
      ${choices.map(
        (choice) => html`<label>
          <input
            type="radio"
            name="answer"
            .checked=${this.chosen === choice}
            @change=${() => {
              this.chosen = choice;
            }}
          /><span>${prose(choice)}</span>
        </label>`,
      )}
      ${this.chosen && answer ? html`<p class="answer" role="note">${prose(answer)}</p>` : nothing}
    </fieldset>`;
  }
}

function part(title: string, words: string | undefined): TemplateResult | typeof nothing {
  return words ? html`<section><h2>${title}</h2><p>${prose(words)}</p></section>` : nothing;
}
