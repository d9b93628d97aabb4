/** The menu at the hand: what can be done to the thing under it. Right button, long press, or the menu key. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Target } from "../core.ts";
import { icon } from "./icons.ts";
import type { Run } from "./run.ts";
import { tools, type Verb, verbs } from "./verbs.ts";

interface Opened {
  run: Run;
  title: string;
  verbs: Verb[];
  x: number;
  y: number;
}

@customElement("fl-context")
export class Context extends LitElement {
  @state() private opened: Opened | undefined;
  /** Where the keyboard was before. */
  #before: Element | null = null;
  /** A press elsewhere closes it; the finger that asked for it is still down and may lift. */
  readonly #elsewhere = (event: Event) => {
    if (!this.contains(event.target as Node)) this.#close();
  };

  protected override createRenderRoot(): this {
    return this;
  }

  /** Opens for these things (or for the run as a whole) at a point of the window. */
  async show(run: Run, targets: Target[], x: number, y: number): Promise<void> {
    this.#before = document.activeElement;
    const [first] = targets;
    const said = first && run.player.describe(first);
    const title = targets.length > 1 ? `${targets.length} things` : (said?.title ?? "The cluster");
    this.opened = { run, title, verbs: [...verbs(run, targets), ...general(run, targets)], x, y };
    await this.updateComplete;
    const menu = this.querySelector<HTMLElement>(".context");
    if (!menu) return;
    menu.showPopover();
    const left = Math.max(8, Math.min(x, document.documentElement.clientWidth - menu.offsetWidth - 8));
    const top = Math.max(8, Math.min(y, document.documentElement.clientHeight - menu.offsetHeight - 8));
    menu.style.translate = `${left}px ${top}px`;
    this.#items()[0]?.focus();
    addEventListener("pointerdown", this.#elsewhere, { capture: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("pointerdown", this.#elsewhere, { capture: true });
  }

  #items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[role="menuitem"]:not([disabled])')];
  }

  #do(verb: Verb): void {
    this.#close();
    verb.act();
  }

  #close(): void {
    removeEventListener("pointerdown", this.#elsewhere, { capture: true });
    this.querySelector<HTMLElement>(".context")?.hidePopover();
    if (this.#before instanceof HTMLElement) this.#before.focus();
  }

  #key(event: KeyboardEvent): void {
    const items = this.#items();
    const now = items.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) items[(now + step + items.length) % items.length]?.focus();
    else if (event.key === "Home") items[0]?.focus();
    else if (event.key === "End") items.at(-1)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") this.#close();
    else {
      const verb = this.opened?.verbs.find((other) => other.key === event.key && !other.disabled);
      if (verb) this.#do(verb);
      else if (event.key !== "Enter" && event.key !== " ") return;
      else {
        event.stopPropagation();
        return;
      }
    }
    event.preventDefault();
    event.stopPropagation();
  }

  override render(): TemplateResult | typeof nothing {
    const { opened } = this;
    if (!opened) return nothing;
    return html`<div
      class="context"
      popover="manual"
      role="menu"
      aria-label=${opened.title}
      @keydown=${this.#key}
      @contextmenu=${(event: Event) => event.preventDefault()}
    >
      <h2 aria-hidden="true">${opened.title}</h2>
      ${opened.verbs.map(
        (
          verb,
        ) => html`<button role="menuitem" tabindex="-1" ?disabled=${verb.disabled ?? false} @click=${() => this.#do(verb)}>
          ${icon(verb.sign)}<span>${verb.word}</span>${verb.key ? html`<kbd>${verb.key}</kbd>` : nothing}
        </button>`,
      )}
    </div>`;
  }
}

/** What belongs into every menu, at its end. */
function general(run: Run, targets: Target[]): Verb[] {
  if (targets.length > 0) return [];
  return [
    {
      sign: "menu",
      word: "Choose all nodes",
      key: "a",
      act: () => run.select(run.opening.nodes.map((id) => ({ kind: "node", id }))),
    },
    { sign: "restart", word: "Put nodes back", act: () => run.arrange(), disabled: !run.player.arranged() },
    ...tools(run),
  ];
}
