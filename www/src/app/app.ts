/** The page: what is open, and where everything stands. */

import { type Scenario, scenarios } from "virtual:scenarios";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { lastWords, Player, type Slip, start } from "../core.ts";
import type { Dialog } from "./dialog.ts";
import { prose } from "./format.ts";
import { icon } from "./icons.ts";
import { press } from "./keys.ts";
import { isSlip, Run } from "./run.ts";
import "./branches.ts";
import "./context.ts";
import "./editor.ts";
import "./faults.ts";
import "./figures.ts";
import "./inspector.ts";
import "./knobs.ts";
import "./lanes.ts";
import "./lesson.ts";
import "./menu.ts";
import "./share.ts";
import "./sieve.ts";
import type { Stage } from "./stage.ts";
import "./story.ts";
import "./transport.ts";
import "./verdicts.ts";
import "./views.ts";

/** The panels beside the stage, and their names on a phone. */
const SIDES = ["Faults", "Story", "Acts", "Knobs", "Figures"] as const;
const SHEETS = ["Lesson", ...SIDES] as const;
type Sheet = (typeof SHEETS)[number];
type Theme = "light" | "dark";

@customElement("fl-app")
export class App extends LitElement {
  @state() private run: Run | undefined;
  @state() private slip: Slip | undefined;
  /** The simulator broke: our own mistake. */
  @state() private panic: string | undefined;
  @state() private sheet: Sheet = "Lesson";
  @state() private side: (typeof SIDES)[number] = "Faults";
  @state() private theme: Theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  @query("fl-menu") private menu!: Dialog;
  @query("fl-share") private share!: Dialog;
  @query("fl-help") private help!: Dialog;
  @query("fl-editor") private editor!: Dialog;
  @query("fl-stage") private stage!: Stage | null;
  readonly #reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", () => this.#open(location.hash));
    addEventListener("keydown", (event) => this.#key(event));
    addEventListener("edit-scenario", () => this.editor.show());
    addEventListener("compare", () => {
      this.side = "Figures";
      this.sheet = "Figures";
    });
    addEventListener("error", (event) => this.#broke(event.error));
    addEventListener("unhandledrejection", (event) => this.#broke(event.reason));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.run?.pause();
    });
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", () => this.#wear(scheme.matches ? "dark" : "light"));
    this.#wear(this.theme);
    this.#begin();
  }

  async #begin(): Promise<void> {
    try {
      await start();
      await this.#open(location.hash);
    } catch (error) {
      this.#broke(error);
    }
  }

  /** Opens what a fragment names: a scenario, or a run with all that was done to it. */
  async #open(fragment: string): Promise<void> {
    const link = fragment.replace(/^#/, "");
    try {
      const name = link === "" ? scenarios[0]?.name : Player.scenarioOf(link);
      const text = name === undefined ? "" : await fetchScenario(name);
      const player = new Player(known(name ?? "")?.name ?? name ?? "", text, link === "" ? undefined : link);
      this.run?.close();
      this.slip = undefined;
      this.panic = undefined;
      this.run = new Run(player, this.theme === "dark", this.#reduced);
      if (this.run.lanes.length > 0) this.side = "Figures";
      document.title = `${this.run.opening.title} · Faultline`;
    } catch (error) {
      if (!isSlip(error)) return this.#broke(error);
      this.run?.pause();
      this.slip = error;
    }
  }

  /** Panics are our own bugs: the page shows them with what is needed to reproduce them. */
  #broke(error: unknown): void {
    this.run?.pause();
    const words = safely(lastWords) ?? "";
    this.panic = words || String(error);
    console.error(error);
  }

  #wear(theme: Theme): void {
    this.theme = theme;
    document.documentElement.dataset.theme = theme;
    this.run?.look(theme === "dark");
  }

  #key(event: KeyboardEvent): void {
    if (!this.run || this.panic || document.querySelector("dialog[open]")) return;
    const doors = {
      menu: () => this.menu.show(),
      share: () => this.share.show(),
      help: () => this.help.show(),
      edit: () => this.editor.show(),
      context: () => this.stage?.menuOf(this.run?.selected[0]),
    };
    if (press(event, this.run, doors)) event.preventDefault();
  }

  override render(): TemplateResult {
    if (this.panic) return this.#panic(this.panic);
    const { run } = this;
    return html`
      <header class="top">
        <a class="brand" href="#" aria-label="Faultline, first scenario"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2 12h6l2-5 3 10 2-5h7"></path></svg>Faultline</a>
        ${run ? html`<h1>${run.opening.title}</h1>` : nothing}
        <div class="group">
          <button @click=${() => this.menu.show()} title="Scenarios (/)">${icon("menu")}<span class="word">Scenarios</span></button>
          <button ?disabled=${!run} @click=${() => this.editor.show()} title="Edit the scenario (e)">${icon("edit")}<span class="word">Edit</span></button>
          <button class="primary" ?disabled=${!run} @click=${() => this.share.show()} title="Share (s)">${icon("share")}<span class="word">Share</span></button>
          <button class="quiet" @click=${() => this.#wear(this.theme === "dark" ? "light" : "dark")} title="Light or dark">
            ${icon("sun")}<span class="unseen">Light or dark</span>
          </button>
          <button class="quiet" @click=${() => this.help.show()} title="Keys (?)">${icon("help")}<span class="unseen">Keys and gestures</span></button>
        </div>
      </header>
      ${this.slip ? this.#refused(this.slip) : run ? this.#stageAndPanels(run) : this.#loading()}
      <fl-menu .run=${run}></fl-menu>
      <fl-share .run=${run}></fl-share>
      <fl-help .run=${run}></fl-help>
      <fl-editor .run=${run}></fl-editor>
    `;
  }

  #loading(): TemplateResult {
    return html`<main class="state"><p role="status">Loading the simulator</p></main>`;
  }

  /** A link or a file that cannot be used: what is wrong, and where to go from here. */
  #refused(slip: Slip): TemplateResult {
    return html`<main class="state"><div role="alert">
      <h2>This link cannot be opened</h2>
      <p class="said">${slip.line === undefined ? "" : `Line ${slip.line}, column ${slip.column}: `}${slip.what}.</p>
      <p class="muted">${slip.hint}</p>
      </div><div class="group">
        ${
          this.run
            ? html`<button @click=${() => {
                this.slip = undefined;
              }}>Back to ${this.run.opening.title}</button>`
            : nothing
        }
        <button class="primary" @click=${() => this.menu.show()}>Choose a scenario</button>
      </div>
    </main>`;
  }

  #panic(words: string): TemplateResult {
    const opening = this.run?.opening;
    return html`<main class="state"><div role="alert">
      <h2>The simulator broke</h2>
      <p>This is a mistake of Faultline's, not of yours. With this, anybody can see it again:</p>
      <pre>${opening ? `scenario ${opening.name}, variant ${opening.variant}, seed ${opening.seed}, at ${this.run?.at} µs\n` : ""}${words}</pre>
      </div><div class="group"><button class="primary" @click=${() => location.reload()}>Start again</button></div>
    </main>`;
  }

  #stageAndPanels(run: Run): TemplateResult {
    const parts: Record<Sheet, TemplateResult> = {
      Lesson: html`<fl-lesson .run=${run}></fl-lesson>`,
      Faults: html`<fl-faults .run=${run}></fl-faults><fl-inspector .run=${run}></fl-inspector>`,
      Story: html`<fl-story .run=${run}></fl-story>`,
      Acts: html`<h2>What was done</h2><fl-acts .run=${run}></fl-acts>
        <fl-branches .run=${run}></fl-branches><fl-bookmarks .run=${run}></fl-bookmarks>`,
      Knobs: html`<fl-knobs .run=${run}></fl-knobs>`,
      Figures: html`<fl-figures .run=${run}></fl-figures>`,
    };
    return html`<main class="open" data-sheet=${this.sheet}>
      <aside class="lesson" aria-label="Lesson">${parts.Lesson}</aside>
      <section class="center" aria-label="Stage">
        ${run.opening.warning ? warned(run.opening.warning) : nothing}
        <div class="above">
          <fl-verdicts .run=${run}></fl-verdicts>
          <fl-views .run=${run}></fl-views>
        </div>
        <fl-lanes .run=${run}></fl-lanes>
        <fl-sieve .run=${run}></fl-sieve>
        <fl-caption .run=${run}></fl-caption>
      </section>
      <fl-transport .run=${run}></fl-transport>
      <nav class="sheets" aria-label="Panels">
        ${SHEETS.map(
          (sheet) => html`<button
            aria-pressed=${this.sheet === sheet}
            class=${sheet === "Lesson" ? "lesson-tab" : ""}
            @click=${() => {
              this.sheet = sheet;
              if (sheet !== "Lesson") this.side = sheet;
            }}
          >${sheet}</button>`,
        )}
      </nav>
      <aside class="side" aria-label=${this.side}>
        <nav class="tabs" aria-label="Panels beside the stage">
          ${SIDES.map(
            (side) => html`<button
              aria-pressed=${this.side === side}
              @click=${() => {
                this.side = side;
              }}
            >${side}</button>`,
          )}
        </nav>
        <div class="panel">${parts[this.side]}</div>
      </aside>
    </main>`;
  }
}

/** What a link's reader has to know at once; what has changed since can be read at leisure, and leaves the stage its room. */
function warned(warning: string): TemplateResult {
  const [first, changed] = warning.split(" What changed: ");
  return html`<div class="slip" role="alert">
    <p>${prose(first ?? "")}</p>
    ${changed ? html`<details><summary>What changed</summary><p>${prose(changed)}</p></details>` : nothing}
  </div>`;
}

/** A scenario by its name, or by one that it had before. */
function known(name: string): Scenario | undefined {
  return (
    scenarios.find((other) => other.name === name) ?? scenarios.find((other) => other.was.includes(name))
  );
}

async function fetchScenario(name: string): Promise<string> {
  const scenario = known(name);
  if (!scenario) {
    const names = scenarios.map((other) => other.name).join(", ");
    throw { what: `there is no scenario "${name}"`, hint: `There is: ${names}.` } satisfies Slip;
  }
  const answer = await fetch(scenario.url);
  if (!answer.ok) throw { what: `the scenario "${name}" did not arrive`, hint: "Try again." } satisfies Slip;
  return answer.text();
}

function safely<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch {
    return undefined;
  }
}
