import type { Page } from "@playwright/test";
import { expect, node, nodes, open, panel, placeOfN1, stage, test } from "./page.ts";

/** Presses at the first point, moves over the others, lets go at the last. */
async function drag(page: Page, points: { x: number; y: number }[]): Promise<void> {
  const [first, ...rest] = points;
  if (!first) return;
  await page.mouse.move(first.x, first.y);
  await page.mouse.down();
  for (const { x, y } of rest) await page.mouse.move(x, y, { steps: 6 });
  await page.mouse.up();
}

/** A thing of the page's own simulator: the tests look where it stands instead of guessing. */
interface Stage extends HTMLElement {
  run: {
    selected: unknown[];
    player: {
      placeOf(target: unknown): number[];
      hit(x: number, y: number, slack: number): { kind: string };
    };
  };
}

/** Where a thing stands in the window; without one, what is chosen. */
async function place(page: Page, target?: { kind: string; id: string }): Promise<{ x: number; y: number }> {
  const at = await page.locator("fl-stage").evaluate((stage, target) => {
    const { run } = stage as Stage;
    return run.player.placeOf(target ?? run.selected[0]);
  }, target);
  const box = await stage(page).boundingBox();
  return { x: (box?.x ?? 0) + (at[0] ?? 0), y: (box?.y ?? 0) + (at[1] ?? 0) };
}

/** Where some message is under way, found as a person finds it: by pointing everywhere. */
async function message(page: Page): Promise<{ x: number; y: number }> {
  const box = await stage(page).boundingBox();
  if (!box) throw new Error("the stage is not there");
  const found = await page.locator("fl-stage").evaluate((stage) => {
    const { player } = (stage as Stage).run;
    for (let y = 0; y < stage.clientHeight; y += 4) {
      for (let x = 0; x < stage.clientWidth; x += 4) {
        if (player.hit(x, y, 1)?.kind === "message") return { x, y };
      }
    }
    throw new Error("no message is in flight");
  });
  return { x: box.x + found.x, y: box.y + found.y };
}

test("a node is dragged elsewhere, and put back", async ({ page, isMobile }) => {
  test.skip(isMobile, "the same code as with a mouse; the long press has a test of its own");
  await open(page, "#raft-election?t=1s");
  const from = await placeOfN1(page);
  await drag(page, [from, { x: from.x + 120, y: from.y + 60 }]);
  await page.mouse.click(from.x + 120, from.y + 60);
  await expect(nodes(page).getByRole("option", { selected: true })).toHaveText(/^n1/);
  await page.keyboard.press("Escape");
  await page.mouse.click(from.x - 150, from.y - 20, { button: "right" });
  await page.getByRole("menuitem", { name: "Put nodes back" }).click();
  await page.mouse.click(from.x, from.y);
  await expect(nodes(page).getByRole("option", { selected: true })).toHaveText(/^n1/);
  await panel(page, "Acts");
  await expect(page.locator("fl-acts li.hand")).toHaveCount(0);
});

test("a node that is cut off rejoins the group it is dropped on", async ({ page, isMobile }) => {
  test.skip(isMobile, "the same code as with a mouse");
  await open(page, "#raft-election?t=1s");
  await node(page, "n1").press("Enter");
  await page.keyboard.press("x");
  const from = await placeOfN1(page);
  await drag(page, [from, await place(page, { kind: "node", id: "n2" })]);
  await panel(page, "Acts");
  await expect(page.locator("fl-acts li.hand")).toHaveText([/cut between n1/, /heals between n1/]);
});

test("a band chooses what lies in it", async ({ page, isMobile }) => {
  test.skip(isMobile, "needs Shift");
  await open(page, "#raft-election?t=1s");
  const box = await stage(page).boundingBox();
  if (!box) throw new Error("the stage is not there");
  await page.keyboard.down("Shift");
  await drag(page, [
    { x: box.x + 4, y: box.y + 4 },
    { x: box.x + box.width - 4, y: box.y + box.height * 0.5 },
  ]);
  await page.keyboard.up("Shift");
  await expect(nodes(page).getByRole("option", { selected: true })).toHaveText([/^n1/, /^n2/, /^n5/]);
});

test("a line can cut only what it crosses", async ({ page, isMobile }) => {
  test.skip(isMobile, "needs Ctrl");
  await open(page, "#raft-election?t=1s");
  const from = await placeOfN1(page);
  await page.keyboard.down("Control");
  await drag(page, [
    { x: from.x + 20, y: from.y + 90 },
    { x: from.x + 140, y: from.y - 20 },
  ]);
  await page.keyboard.up("Control");
  await panel(page, "Acts");
  await expect(page.locator("fl-acts li.hand")).toHaveText([/cut on n1 – n\d/]);
});

test("a message is held, released, duplicated, dropped, and moved along its way", async ({
  page,
  isMobile,
}) => {
  test.skip(isMobile, "looks for the message with a mouse");
  await open(page, "#raft-election?t=1.006s");
  const found = await message(page);
  await page.mouse.click(found.x, found.y);
  const at = await place(page);
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await page.keyboard.press("u");
  await drag(page, [at, { x: at.x + 9, y: at.y + 5 }]);
  await page.keyboard.press("d");
  await panel(page, "Acts");
  await expect(page.locator("fl-acts li.hand")).toHaveText([
    /held where it is/,
    /goes on/,
    /duplicated/,
    /(delayed|hastened) by/,
    /dropped/,
  ]);
});

test("every thing has a menu: right button, long press, keyboard", async ({ page, hasTouch }) => {
  await open(page, "#raft-election?t=1s");
  const at = await placeOfN1(page);
  const menu = page.getByRole("menu", { name: "n1" });
  if (hasTouch) {
    const devtools = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchEnd", points: { x: number; y: number }[]) =>
      devtools.send("Input.dispatchTouchEvent", { type, touchPoints: points });
    await touch("touchStart", [at]);
    await expect(menu).toBeVisible();
    await touch("touchEnd", []);
  } else {
    await page.mouse.click(at.x, at.y, { button: "right" });
  }
  await menu.getByRole("menuitem", { name: "Crash" }).click();
  await expect(node(page, "n1")).toHaveText(/down/);
  await node(page, "n1").press("m");
  await expect(menu.getByRole("menuitem", { name: "Restart" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(menu.getByRole("menuitem", { name: "Cut off" })).toBeFocused();
  await page.keyboard.press("c");
  await expect(menu).toBeHidden();
  await expect(node(page, "n1")).toHaveText(/follower/);
});
