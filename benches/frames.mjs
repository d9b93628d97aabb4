// What a frame costs in a real browser, by the number of nodes and messages: `node benches/frames.mjs` after
// `cargo xtask build`. Prints milliseconds: the simulator's share (seek), the picture's (draw), and from frame to frame
// as the browser presents them. Machines without a graphics card rasterise in software; compare the rows.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const www = fileURLToPath(new URL("../www/", import.meta.url));
const require = createRequire(`${www}package.json`);
const { chromium } = require("@playwright/test");
const { preview } = require("vite");

const FRAMES = 180;
/** A cluster that gossips as densely as asked: about `messages` in flight. */
const gossip = (nodes, messages) => `
title = "frames"
protocol = "gossip"
nodes = ${nodes}
seed = 1
until = "60s"
knobs = { every = "${Math.max(10, Math.round((nodes * 200 * Math.min(10, Math.ceil(messages / nodes))) / messages))}ms", fanout = ${Math.min(10, Math.ceil(messages / nodes))} }
[network]
latency = "200ms"
[[client]]
name = "ana"
asks = ["write x"]
every = "1s"
`;
const CASES = [
  ["raft, 5 nodes", undefined],
  ["5 nodes", gossip(5, 20)],
  ["50 nodes", gossip(50, 1000)],
  ["200 nodes", gossip(200, 1000)],
  ["1000 nodes", gossip(1000, 1000)],
];

const server = await preview({
  root: www,
  configFile: `${www}vite.config.ts`,
  preview: { port: 4199 },
  logLevel: "error",
});
const browser = await chromium.launch({
  executablePath: process.env.FAULTLINE_CHROMIUM ?? "/usr/bin/chromium",
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
console.log("                 in flight    seek    draw   frame (median)  frame (95th)");
for (const [name, text] of CASES) {
  await page.goto("about:blank");
  await page.goto("http://127.0.0.1:4199/#raft-election?t=1s");
  await page.locator("fl-stage canvas").waitFor();
  const got = await page.evaluate(
    async ([text, frames]) => {
      const { run } = document.querySelector("fl-stage");
      if (text && !run.rewrite(text)) throw new Error(JSON.stringify(run.slip));
      run.seek(4_000_000);
      const canvas = document.querySelector("fl-stage canvas");
      const context = canvas.getContext("2d");
      const { clientWidth, clientHeight } = canvas;
      const times = { seek: [], draw: [], frame: [] };
      let last = 0;
      for (let i = 0; i < frames; i += 1) {
        const now = await new Promise(requestAnimationFrame);
        if (last) times.frame.push(now - last);
        last = now;
        const a = performance.now();
        run.player.seek(4_000_000 + i * 833);
        const b = performance.now();
        run.player.draw(context, clientWidth, clientHeight, 1);
        const c = performance.now();
        times.seek.push(b - a);
        times.draw.push(c - b);
      }
      const of = (list, part) => list.toSorted((x, y) => x - y)[Math.floor(list.length * part)];
      const lines = run.player.trace().trimEnd().split("\n");
      let flying = 0;
      for (const line of lines) {
        const { what } = JSON.parse(line);
        if (what === "sent" || what === "duplicated") flying += 1;
        if (what === "delivered" || what === "lost") flying -= 1;
      }
      return {
        flying,
        seek: of(times.seek, 0.5),
        draw: of(times.draw, 0.5),
        frame: of(times.frame, 0.5),
        late: of(times.frame, 0.95),
      };
    },
    [text, FRAMES],
  );
  const cell = (value, width) => value.toFixed(2).padStart(width);
  console.log(
    `${name.padEnd(16)} ${String(got.flying).padStart(9)} ${cell(got.seek, 7)} ${cell(got.draw, 7)} ${cell(got.frame, 12)} ${cell(got.late, 15)}`,
  );
}
// Anywhere in a minute of Raft, in any order.
await page.goto("about:blank");
await page.goto("http://127.0.0.1:4199/#raft-election?t=1s");
await page.locator("fl-stage canvas").waitFor();
const seeks = await page.evaluate(() => {
  const { run } = document.querySelector("fl-stage");
  run.rewrite(run.opening.text.replace(/until\s*= "20s"/, 'until = "60s"'));
  run.seek(60_000_000);
  const times = [];
  for (let i = 0; i < 400; i += 1) {
    const to = (i * 37_137_511) % 60_000_000;
    const before = performance.now();
    run.player.seek(to);
    times.push(performance.now() - before);
  }
  times.sort((a, b) => a - b);
  run.seek(60_000_000);
  return { events: run.status.events, median: times[200], late: times[395], worst: times[399] };
});
console.log(
  `seek anywhere in 60 s of Raft (${seeks.events} events): median ${seeks.median.toFixed(2)}, 99th ${seeks.late.toFixed(2)}, worst ${seeks.worst.toFixed(2)}`,
);
await browser.close();
await server.close();
process.exit(0);
