/** The ways the run has taken, as a tree, and the moments that the reader marked. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { BranchLine } from "../core.ts";
import { time } from "./format.ts";
import { icon } from "./icons.ts";
import { Panel } from "./panel.ts";

@customElement("fl-branches")
export class Branches extends Panel {
  override render(): TemplateResult {
    const branches = this.run.player.branches();
    const roots = branches.filter((branch) => branch.parent === undefined);
    return html`
      <h2>Branches</h2>
      ${
        branches.length === 1
          ? html`<p class="muted">Go back in time and do something else: the future you saw stays here, to be looked at beside the new one.</p>`
          : html`<ul class="tree">${roots.map((root) => this.#branch(root, branches))}</ul>`
      }
    `;
  }

  #branch(branch: BranchLine, all: BranchLine[]): TemplateResult {
    const { run } = this;
    const children = all.filter((other) => other.parent === branch.index);
    const beside = run.lanes.some((lane) => lane.branch === branch.index);
    return html`<li>
      <div class="branch ${branch.current ? "current" : ""}">
        <input
          class="name"
          aria-label="Name of the branch"
          maxlength="60"
          .value=${branch.name}
          @change=${(event: Event) => {
            run.player.renameBranch(branch.index, (event.target as HTMLInputElement).value);
            run.refresh();
          }}
        />
        <span class="muted small">${branch.at === undefined ? "" : `left at ${time(branch.at)}`}</span>
        ${
          branch.current
            ? html`<span class="small">you are here</span>`
            : html`<button class="small" @click=${() => run.switchBranch(branch.index)}>Go<span class="unseen"> to ${branch.name}</span></button>
                <button
                  class="small"
                  aria-label=${`Beside: ${branch.name}`}
                  aria-pressed=${beside}
                  @click=${() => run.showBeside(beside ? undefined : branch.index)}
                >Beside</button>
                <button class="quiet" title="Give it up" @click=${() => {
                  run.player.removeBranch(branch.index);
                  run.refresh();
                }}>${icon("close")}<span class="unseen">Give up ${branch.name}</span></button>`
        }
      </div>
      ${children.length > 0 ? html`<ul class="tree">${children.map((child) => this.#branch(child, all))}</ul>` : nothing}
    </li>`;
  }
}

@customElement("fl-bookmarks")
export class Bookmarks extends Panel {
  override render(): TemplateResult {
    const { run } = this;
    return html`
      <h2>Bookmarks</h2>
      ${run.bookmarks.length === 0 ? html`<p class="muted">Press <kbd>b</kbd> to mark a moment.</p>` : nothing}
      <ul class="bookmarks">
        ${run.bookmarks.map(
          (bookmark, i) => html`<li class="branch">
            <button class="small" @click=${() => run.seek(bookmark.at)}>${time(bookmark.at)}</button>
            <input
              class="name"
              aria-label="Name of the bookmark"
              maxlength="80"
              .value=${bookmark.name}
              @change=${(event: Event) => {
                const name = (event.target as HTMLInputElement).value;
                run.setBookmarks(run.bookmarks.with(i, { at: bookmark.at, name }));
              }}
            />
            <button class="quiet" title="Remove" @click=${() => run.setBookmarks(run.bookmarks.toSpliced(i, 1))}>
              ${icon("close")}<span class="unseen">Remove ${bookmark.name}</span>
            </button>
          </li>`,
        )}
      </ul>
    `;
  }
}
