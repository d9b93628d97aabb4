/** Everything that can be done to what is chosen: the same words on buttons, in menus and under keys. */

import type { Act, NodeStatus, Target } from "../core.ts";
import type { Icon } from "./icons.ts";
import type { Run } from "./run.ts";

export interface Verb {
  sign: Icon;
  word: string;
  /** The key that does it. */
  key?: string;
  act(): void;
  disabled?: boolean;
}

/** The verbs for these things; for nothing, those for the network and the run as a whole. */
export function verbs(run: Run, targets: Target[]): Verb[] {
  const nodes = targets.flatMap((target) =>
    target.kind === "node" ? (run.status.nodes.find((node) => node.id === target.id) ?? []) : [],
  );
  if (nodes.length > 0) return ofNodes(run, nodes);
  const [first] = targets;
  if (first?.kind === "link") return ofLink(run, first.from, first.to);
  const messages = targets.flatMap((target) => (target.kind === "message" ? target.id : []));
  return ofMessages(run, messages);
}

/** What is always at hand. */
export function tools(run: Run): Verb[] {
  return [
    { sign: "undo", word: "Undo", key: "z", act: () => run.undo(), disabled: !run.status.can_undo },
    { sign: "redo", word: "Redo", key: "Z", act: () => run.redo(), disabled: !run.status.can_redo },
    {
      sign: "heal",
      word: "Heal all",
      key: "h",
      act: () => run.act({ heal: "all" }),
      disabled: run.status.cuts === 0,
    },
  ];
}

function ofNodes(run: Run, nodes: NodeStatus[]): Verb[] {
  const each = (such: (node: NodeStatus) => boolean, act: (id: string) => Act) => () => {
    for (const node of nodes.filter(such)) run.act(act(node.id));
  };
  const all = () => true;
  const is = (life: NodeStatus["life"]) => (node: NodeStatus) => node.life === life;
  const not = (life: NodeStatus["life"]) => (node: NodeStatus) => node.life !== life;
  const chosen = nodes.map((node) => node.id);
  const others = run.opening.nodes.filter((id) => !chosen.includes(id));
  const verbs: (Verb | false)[] = [
    nodes.some(is("down")) && {
      sign: "power",
      word: "Restart",
      key: "c",
      act: each(is("down"), (id) => ({ restart: id })),
    },
    nodes.some(not("down")) && {
      sign: "crash",
      word: "Crash",
      ...(nodes.every(not("down")) && { key: "c" }),
      act: each(not("down"), (id) => ({ crash: id })),
    },
    nodes.some(is("up")) && {
      sign: "pause",
      word: "Pause",
      key: "p",
      act: each(is("up"), (id) => ({ pause: id })),
    },
    nodes.some(is("paused")) && {
      sign: "play",
      word: "Resume",
      ...(!nodes.some(is("up")) && { key: "p" }),
      act: each(is("paused"), (id) => ({ resume: id })),
    },
    others.length > 0 && {
      sign: "cut",
      word: "Cut off",
      key: "x",
      act: () => run.act({ cut: [chosen, others] }),
    },
    others.length > 0 && {
      sign: "heal",
      word: "Rejoin",
      key: "j",
      act: () => run.act({ heal: [chosen, others] }),
      disabled: run.status.cuts === 0,
    },
    { sign: "fire", word: "Fire timer", key: "f", act: each(all, (id) => ({ fire: id })) },
    {
      sign: "clock",
      word: "Clock −200 ms",
      act: each(all, (id) => ({ clock: { node: id, jump: "-200ms" } })),
    },
    {
      sign: "clock",
      word: "Clock +200 ms",
      act: each(all, (id) => ({ clock: { node: id, jump: "200ms" } })),
    },
  ];
  return verbs.filter((verb) => verb !== false);
}

function ofLink(run: Run, from: string, to: string): Verb[] {
  const between = [[from], [to]];
  const way = (a: string, b: string) => ({ from: [a], to: [b] });
  return [
    { sign: "cut", word: "Cut", key: "x", act: () => run.act({ cut: between }) },
    { sign: "hold", word: "Hold", key: "k", act: () => run.act({ hold: between }) },
    { sign: "cut", word: `Cut ${from} → ${to}`, act: () => run.act({ cut: way(from, to) }) },
    { sign: "cut", word: `Cut ${to} → ${from}`, act: () => run.act({ cut: way(to, from) }) },
    { sign: "heal", word: "Heal", key: "j", act: () => run.act({ heal: between }) },
  ];
}

function ofMessages(run: Run, all: number[]): Verb[] {
  const messages = all.filter((id) => run.player.flight(id) !== undefined);
  if (messages.length === 0) return [];
  const each = (act: (id: number) => Act) => () => {
    for (const id of messages) run.act(act(id));
  };
  const held = messages.every((id) => run.player.flight(id) === "held");
  return [
    { sign: "crash", word: "Drop", key: "d", act: each((id) => ({ drop: id })) },
    { sign: "twice", word: "Duplicate", key: "u", act: each((id) => ({ duplicate: id })) },
    held
      ? { sign: "play", word: "Release", key: "k", act: each((id) => ({ release: id })) }
      : { sign: "hold", word: "Hold", key: "k", act: each((id) => ({ keep: id })) },
    { sign: "forward", word: "Deliver now", key: "n", act: each((id) => ({ deliver: id })) },
    {
      sign: "clock",
      word: "Delay 20 ms",
      act: each((id) => ({ delay: { message: id, by: "20ms" } })),
    },
    {
      sign: "clock",
      word: "Delay 200 ms",
      act: each((id) => ({ delay: { message: id, by: "200ms" } })),
    },
  ];
}
