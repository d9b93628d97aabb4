/** What is seen, what to do, and what to take home. */

import { scenarios } from "virtual:scenarios";
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Lesson } from "../core.ts";
import { prose } from "./format.ts";
import { Panel } from "./panel.ts";

@customElement("fl-lesson")
export class LessonPanel extends Panel {
  /** The choice that was taken, by its place. */
  @state() private chosen: number | undefined;

  override render(): TemplateResult {
    const { about, lesson, variants, variant, protocol } = this.run.opening;
    const current = variants.find((other) => other.name === variant);
    return html`
      <p class="about">${prose(about)}</p>
      ${lesson ? this.#needs(lesson) : nothing}
      ${this.#prompt(lesson)}
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
      ${lesson?.question ? this.#question(lesson, lesson.question) : nothing}
      ${part("Watch", lesson?.watch)} ${part("Remedy", lesson?.remedy)}
      ${lesson ? this.#price(lesson) : nothing}
      ${part("In an interview, say", lesson?.say)}
      ${lesson?.follow_up ? this.#followUp(lesson.follow_up, lesson.follow_up_answer) : nothing}
      ${part("What this leaves out", lesson?.leaves_out)}
      <p class="muted small">Protocol: ${protocol.name}. ${protocol.about}</p>
    `;
  }

  /** How long it takes, how hard it is, and what to see before. */
  #needs({ minutes, level, after }: Lesson): TemplateResult | typeof nothing {
    const told = [minutes ? `${minutes} min` : "", level ?? ""].filter((part) => part !== "").join(" · ");
    const before = scenarios.filter((scenario) => after.includes(scenario.name));
    if (told === "" && before.length === 0) return nothing;
    return html`<p class="needs small muted">
      ${told}${before.map((scenario, i) => html`${i > 0 ? ", " : told ? " · after " : "After "}<a href=${`#${scenario.name}`}>${scenario.title}</a>`)}
    </p>`;
  }

  /** One thing to do by hand. */
  #prompt(lesson: Lesson | undefined): TemplateResult {
    const first = lesson?.first_try;
    if (!first)
      return html`<p class="prompt">Draw a line across the stage to cut the network along it. Tap a node, then press <kbd>c</kbd> or <em>Crash</em>.</p>`;
    const touch = matchMedia("(pointer: coarse)").matches;
    return html`<p class="prompt">
      <strong>Try:</strong> ${prose(first.touch)}
      ${touch ? nothing : html`<span class="muted small">With the keyboard: ${prose(first.keys)}</span>`}
    </p>`;
  }

  /** What the remedy makes worse, and the way to measure it. */
  #price({ price, mended }: Lesson): TemplateResult | typeof nothing {
    if (price.length === 0 || mended === undefined) return nothing;
    const { variants, variant } = this.run.opening;
    const plain = variants.find((other) => other.name !== mended)?.name;
    const other = variant === mended ? plain : mended;
    const there = other !== undefined && this.run.lanes.some((lane) => lane.name === other);
    return html`<section>
      <h2>Price</h2>
      <p>With <em>${mended}</em>, these get worse: ${price.join(", ")}.</p>
      ${
        other === undefined || there
          ? nothing
          : html`<button @click=${() => this.#compare(other)}>Measure: beside ${other}</button>`
      }
    </section>`;
  }

  #compare(name: string): void {
    this.run.compare([name]);
    dispatchEvent(new Event("compare"));
  }

  #followUp(question: string, answer: string | undefined): TemplateResult {
    return html`<section>
      <h2>An interviewer asks next</h2>
      <p>${prose(question)}</p>
      ${answer ? html`<details><summary>A model answer</summary><p>${prose(answer)}</p></details>` : nothing}
    </section>`;
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

  #question({ choices, right, why, answer }: Lesson, question: string): TemplateResult {
    const chosen = this.chosen;
    return html`<fieldset class="question">
      <legend>${prose(question)}</legend>
      ${choices.map((choice, place) => {
        const shown = chosen !== undefined && (place === chosen || place + 1 === right);
        const isRight = place + 1 === right;
        return html`<label class=${shown ? (isRight ? "right" : "wrong") : ""}>
          <input
            type="radio"
            name="answer"
            .checked=${chosen === place}
            @change=${() => {
              this.chosen = place;
            }}
          /><span>${prose(choice)}${shown && right !== undefined ? html` <strong class="mark">${isRight ? "✓ right" : "✗ not so"}</strong>` : nothing}${
            shown && why[place] ? html`<span class="why muted">${prose(why[place])}</span>` : nothing
          }</span>
        </label>`;
      })}
      <div aria-live="polite">${chosen !== undefined && answer ? html`<p class="answer" role="note">${prose(answer)}</p>` : nothing}</div>
    </fieldset>`;
  }
}

function part(title: string, words: string | undefined): TemplateResult | typeof nothing {
  return words ? html`<section><h2>${title}</h2><p>${prose(words)}</p></section>` : nothing;
}
