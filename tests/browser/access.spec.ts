import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, node, nodes, open, panel, test } from "./page.ts";

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`));
}

test("axe finds nothing to complain of", async ({ page }) => {
  await open(page, "#old-term-commit?t=4s");
  expect(await violations(page)).toEqual([]);
  for (const name of ["Faults", "Story", "Acts", "Knobs"] as const) {
    await panel(page, name);
    if (name === "Faults") await node(page, "n1").press("Enter");
    expect(await violations(page)).toEqual([]);
  }
});

test("axe finds nothing to complain of in dialogs and refusals", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  for (const key of ["/", "s", "?"]) {
    await page.keyboard.press(key);
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
  }
  await page.goto("./#nowhere");
  await expect(page.getByRole("heading", { name: "This link cannot be opened" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("everything can be done from the keyboard", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  for (let i = 0; i < 40; i += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement?.getAttribute("role") === "option")) break;
  }
  await page.keyboard.press("ArrowDown");
  await expect(nodes(page).getByRole("option", { selected: true })).toHaveText(/^n2/);
  await page.keyboard.press("c");
  await expect(node(page, "n2")).toHaveText(/down/);
  await page.keyboard.press("x");
  await page.keyboard.press("Escape");
  await expect(nodes(page).getByRole("option", { selected: true })).toHaveCount(0);
  await page.keyboard.press("/");
  await page.getByRole("link", { name: /Timeouts: lost/ }).press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Timeouts: lost/);
});
