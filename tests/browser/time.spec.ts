import { expect, nodes, open, panel, test } from "./page.ts";

test("a run plays, pauses, and goes event by event both ways", async ({ page }) => {
  await open(page);
  const clock = page.getByLabel("Simulated time");
  await expect(clock).not.toHaveText("0.000 s");
  await page.getByRole("button", { name: "Pause" }).click();
  const stopped = await clock.innerText();
  await page.waitForTimeout(200);
  await expect(clock).toHaveText(stopped);
  for (let i = 0; i < 40; i += 1) await page.keyboard.press("ArrowRight");
  await expect(clock).not.toHaveText(stopped);
  await page.keyboard.press("0");
  await expect(clock).toHaveText("0.000 s");
});

test("who asked for stillness gets a run that waits", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page);
  await page.waitForTimeout(300);
  await expect(page.getByLabel("Simulated time")).toHaveText("0.000 s");
});

test("digits set the speed", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  await page.keyboard.press("6");
  await expect(page.getByLabel("Speed")).toHaveAttribute("aria-valuetext", "1 s here = 1 s there");
  await page.keyboard.press("1");
  await expect(page.getByLabel("Speed")).toHaveAttribute("aria-valuetext", "1 s here = 1 ms there");
});

test("the story is text, and every line of it a way to its moment", async ({ page }) => {
  await open(page, "#raft-election?t=3s");
  await panel(page, "Story");
  const wins = page.getByRole("listitem").filter({ hasText: "wins term 1" });
  await wins.getByRole("button").click();
  await expect(nodes(page).getByRole("option", { name: /leader, term 1/ })).toHaveCount(1);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(nodes(page).getByRole("option", { name: /leader/ })).toHaveCount(0);
});

test("a broken promise is said with its proof, its moment and its remedy", async ({ page }) => {
  await open(page, "#old-term-commit?t=4s");
  const proof = page.locator(".proof");
  await expect(proof).toContainText("leader completeness is broken. n5 leads term 5 without entry 2");
  await proof.getByRole("button", { name: /Show me/ }).click();
  await expect(nodes(page).getByRole("option", { selected: true })).not.toHaveCount(0);
  await proof.getByRole("button", { name: /Try the remedy/ }).click();
  await expect(page.getByRole("button", { name: /leader completeness/ })).toHaveText(/✓|·/);
});
