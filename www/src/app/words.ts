/** What can be written at a place of a scenario, by its schema: for completion in the editor. */

import schema from "../../../scenarios/schema.json";
import type { Part } from "../core.ts";

export interface Word {
  label: string;
  /** One sentence. */
  info: string;
  /** What is put in place of what was begun; the label, if it is missing. */
  apply?: string;
}

interface Shape {
  $ref?: string;
  description?: string;
  type?: string | string[];
  enum?: string[];
  properties?: Record<string, Shape>;
  items?: Shape;
  anyOf?: Shape[];
}

const SHAPES = schema as unknown as Shape & { $defs: Record<string, Shape> };

/** The shape that a shape stands for: references followed, what may be missing taken as there. */
function real(shape: Shape | undefined): Shape {
  if (shape?.$ref) {
    const name = shape.$ref.replace("#/$defs/", "");
    return { ...real(SHAPES.$defs[name]), ...(shape.description && { description: shape.description }) };
  }
  const others = shape?.anyOf?.filter((one) => one.type !== "null") ?? [];
  if (others.length === 1) return { ...real(others[0]), description: shape?.description ?? "" };
  return shape ?? {};
}

/** The shape of the table that a line stands in. */
function table(path: string[]): Shape {
  let shape = real(SHAPES);
  for (const key of path) {
    shape = real(shape.properties?.[key]);
    if (shape.items) shape = real(shape.items);
  }
  return shape;
}

/** The table that a place of a text stands in: the last header before it. */
export function pathAt(text: string): string[] {
  const headers = [...text.matchAll(/^\s*\[\[?([\w.\- ]+)\]\]?/gm)];
  const last = headers.at(-1)?.[1];
  return last ? last.split(".").map((key) => key.trim()) : [];
}

/** The keys that may begin a line here. */
export function keys(path: string[], parts: Part[], protocol: string): Word[] {
  if (path.at(-1) === "knobs") return named(parts, protocol, "knobs");
  const { properties = {} } = table(path);
  return Object.entries(properties).map(([key, shape]) => {
    const inner = real(shape);
    return { label: key, info: inner.description ?? "", apply: `${key} = ` };
  });
}

/** The headers of tables. */
export function headers(): Word[] {
  return Object.entries(real(SHAPES).properties ?? {}).flatMap(([key, shape]) => {
    const inner = real(shape);
    const info = inner.description ?? "";
    if (inner.items && real(inner.items).properties) return { label: `[[${key}]]`, info };
    return inner.properties ? { label: `[${key}]`, info } : [];
  });
}

/** The values that a key may have, where they can be counted. */
export function values(path: string[], key: string, parts: Part[], protocol: string): Word[] {
  if (key === "protocol") return parts.map(({ name, about }) => quoted(name, about));
  if (key === "holds" || key === "violates") {
    return named(parts, protocol, "promises").map(({ label, info }) => quoted(label, info));
  }
  const shape = real(table(path).properties?.[key]);
  const type = [shape.type].flat();
  if (shape.enum) return shape.enum.map((word) => quoted(word, shape.description ?? ""));
  if (type.includes("boolean")) return ["true", "false"].map((label) => ({ label, info: "" }));
  return [];
}

function named(parts: Part[], protocol: string, what: "knobs" | "promises"): Word[] {
  const part = parts.find(({ name }) => name === protocol);
  return (part?.[what] ?? []).map(([label, info]) => ({ label, info }));
}

function quoted(label: string, info: string): Word {
  return { label, info, apply: `"${label}"` };
}
