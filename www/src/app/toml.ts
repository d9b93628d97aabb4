/** An editor for scenario files: colours, completion from the schema, slips where they are. Loaded when it is opened. */

import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { type Diagnostic, linter, lintGutter } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { Player, type Slip } from "../core.ts";
import { headers, keys, pathAt, values, type Word } from "./words.ts";

/** The page's own colours, in either theme. */
const COLORS = HighlightStyle.define([
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.propertyName, tags.atom], color: "var(--accent)" },
  { tag: tags.string, color: "var(--good)" },
  { tag: [tags.number, tags.bool], color: "var(--hand)" },
]);

const LOOK = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "13px" },
  // Smaller, and a phone zooms in on what has the focus.
  "@media (pointer: coarse)": { "&": { fontSize: "16px" } },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": {
    color: "var(--muted)",
    backgroundColor: "var(--ground)",
    borderRightColor: "var(--hairline)",
  },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--hairline) 40%, transparent)",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)",
  },
  ".cm-tooltip, .cm-panels": {
    color: "var(--text)",
    backgroundColor: "var(--surface)",
    borderColor: "var(--hairline)",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--on-accent)",
    backgroundColor: "var(--accent)",
  },
  ".cm-completionInfo": { maxWidth: "280px", padding: "6px 8px" },
  // The library's own signs are pictures in data: addresses, which the page's policy refuses.
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--alarm)" },
  ".cm-lint-marker-error": { content: "none" },
  ".cm-lint-marker-error::before": { content: '"✕"', color: "var(--alarm)", fontSize: "11px" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", borderLeftColor: "var(--alarm)" },
});

/** An editor in this place, with this text; `apply` on Ctrl and Enter. */
export function edit(place: ShadowRoot, text: string, apply: () => void): EditorView {
  const parts = Player.cast();
  const complete = (context: CompletionContext) => completions(context, parts);
  return new EditorView({
    parent: place,
    root: place,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(
          keymap.of([
            {
              key: "Mod-Enter",
              run: () => {
                apply();
                return true;
              },
            },
          ]),
        ),
        basicSetup,
        StreamLanguage.define(toml),
        syntaxHighlighting(COLORS),
        LOOK,
        autocompletion({ override: [complete] }),
        linter((view) => slips(view.state), { delay: 300 }),
        lintGutter(),
        EditorView.contentAttributes.of({ "aria-label": "The scenario" }),
      ],
    }),
  });
}

function slips(state: EditorState): Diagnostic[] {
  const slip: Slip | undefined = Player.check(state.doc.toString());
  if (!slip) return [];
  const line = state.doc.line(Math.max(1, Math.min(slip.line ?? 1, state.doc.lines)));
  const from = Math.min(line.from + Math.max(0, (slip.column ?? 1) - 1), line.to);
  return [{ from, to: line.to, severity: "error", message: `${slip.what}. ${slip.hint}` }];
}

function completions(
  context: CompletionContext,
  parts: ReturnType<typeof Player.cast>,
): CompletionResult | null {
  const { state, pos } = context;
  const before = state.doc.sliceString(0, pos);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const path = pathAt(before.slice(0, before.length - line.length));
  const protocol = /^\s*protocol\s*=\s*"([\w-]+)"/m.exec(state.doc.toString())?.[1] ?? "";
  const value = /^\s*([\w-]+)\s*=\s*(?:\[.*)??("?[\w -]*)$/.exec(line);
  if (value?.[1]) {
    return offer(values(path, value[1], parts, protocol), pos - (value[2]?.length ?? 0));
  }
  const begun = /^\s*(\[*[\w-]*)$/.exec(line)?.[1];
  if (begun === undefined || (begun === "" && !context.explicit)) return null;
  if (begun.startsWith("[")) return offer(headers(), pos - begun.length);
  return offer([...keys(path, parts, protocol), ...(context.explicit ? headers() : [])], pos - begun.length);
}

function offer(words: Word[], from: number): CompletionResult | null {
  if (words.length === 0) return null;
  return { from, options: words.map((word) => ({ ...word, type: "property" })), validFor: /^[\w[\]" -]*$/ };
}
