/** Numbers and words as people read them. */

import { html, type TemplateResult } from "lit";

/** A sentence of a scenario: what stands in backticks is code. */
export function prose(words: string): (string | TemplateResult)[] {
  return words.split("`").map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
}

/** `1.204 s` */
export function time(us: number): string {
  const ms = Math.floor(us / 1000);
  return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, "0")} s`;
}

/** `12.4 ms`, `20 ms`, `1.5 s` */
export function length(us: number): string {
  if (us < 1000) return `${round(us)} µs`;
  if (us < 1_000_000) return `${round(us / 1000)} ms`;
  return `${round(us / 1_000_000)} s`;
}

function round(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

/** A length as scenario files write it: whole microseconds. */
export function written(us: number): string {
  return us % 1000 === 0 ? `${us / 1000}ms` : `${Math.round(us)}us`;
}

/** `12 %` */
export function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(1))} %`;
}

/** What a speed means: `1 s here = 50 ms there`. */
export function pace(speed: number): string {
  return `1 s here = ${length(speed * 1_000_000)} there`;
}

/** A slider position in 0..=1 for a value between `least` and `most` on a logarithmic scale that starts at 0. */
export function toSlider(value: number, least: number, most: number): number {
  const base = Math.max(least, most / 10_000, 1);
  if (value <= base) return least < base ? (value / base) * 0.05 : 0;
  return Math.min(1, 0.05 + 0.95 * (Math.log(value / base) / Math.log(most / base)));
}

/** The inverse of {@link toSlider}, rounded to two digits that count. */
export function fromSlider(position: number, least: number, most: number): number {
  const base = Math.max(least, most / 10_000, 1);
  if (position <= 0.05) return least < base ? Math.round((position / 0.05) * base) : least;
  const value = base * (most / base) ** ((position - 0.05) / 0.95);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.min(most, Math.max(least, Math.round(value / step) * step));
}
