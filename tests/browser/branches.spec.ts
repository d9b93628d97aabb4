import { expect, node, open, panel, stage, test, view } from "./page.ts";

test("acting in the past keeps the future that was seen, to be looked at beside the new one", async ({
  page,
}) => {
  await open(page, "#raft-election?t=3s");
  for (let i = 0; i < 10; i += 1) await page.keyboard.press("Shift+ArrowLeft");
  await node(page, "n2").press("Enter");
  await page.keyboard.press("c");
  await panel(page, "Acts");
  const names = page.getByLabel("Name of the branch");
  await expect(names).toHaveCount(2);
  await page.getByRole("button", { name: "Beside: first" }).click();
  await expect(page.locator(".parted")).toContainText("They part at 2.000 s: in A n2 crashes");
  await page.getByRole("button", { name: "Go to first" }).click();
  await expect(node(page, "n2")).not.toHaveText(/down/);
  await names.first().fill("nobody crashes");
  await names.first().press("Enter");
  await expect(page.getByRole("button", { name: /Go to n2 crashes/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /Give up n2 crashes/ }).click();
  await expect(names).toHaveCount(0);
});

test("an act can be edited as a scenario file says it", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  await node(page, "n2").press("Enter");
  await page.keyboard.press("c");
  await panel(page, "Acts");
  await page.getByRole("button", { name: "Edit: n2 crashes" }).click();
  const text = page.getByLabel("The act, as a scenario file says it");
  await text.fill('at = "1s"\ncrash = "n9"');
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.locator("fl-acts").getByRole("alert")).toContainText('"n9"');
  await text.fill('at = "900ms"\ncrash = "n3"');
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(node(page, "n3")).toHaveText(/down/);
  await expect(node(page, "n2")).not.toHaveText(/down/);
});

test("steps go to the next thing of a kind, and back", async ({ page }) => {
  await open(page, "#asymmetric-link?t=4s");
  await page.getByLabel("Step by").selectOption("leader");
  const clock = page.getByLabel("Simulated time");
  const before = await clock.innerText();
  await page.getByRole("button", { name: "The next new leader" }).click();
  const after = await clock.innerText();
  expect(Number.parseFloat(after)).toBeGreaterThan(Number.parseFloat(before));
  await page.getByRole("button", { name: "The new leader before" }).click();
  expect(Number.parseFloat(await clock.innerText())).toBeLessThan(Number.parseFloat(after));
  await page.getByLabel("Step by").selectOption("told");
  await page.getByLabel("story line with …").fill("no such words");
  await page.getByLabel("story line with …").press("Enter");
  await page.getByRole("button", { name: "The next story line with no such words" }).click();
  await expect(page.getByText("None later.")).toBeVisible();
});

test("playing stops where the reader asked it to", async ({ page }) => {
  await open(page, "#old-term-commit?t=0.1s");
  await page.getByLabel("Step by").selectOption("broken");
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: "stop" }).check();
  await page.keyboard.press("6");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible({ timeout: 10_000 });
  await expect(page.getByLabel("Simulated time")).toHaveText("0.821 s");
});

test("time runs backwards", async ({ page }) => {
  await open(page, "#raft-election?t=3s");
  await page.keyboard.press("r");
  await page.keyboard.press("6");
  await page.getByRole("button", { name: "Play backwards" }).click();
  await expect(page.getByLabel("Simulated time")).toHaveText(/^[012]\./);
});

test("a moment can be marked, named and found again", async ({ page }) => {
  await open(page, "#raft-election?t=2s");
  await page.keyboard.press("b");
  await page.keyboard.press("0");
  await panel(page, "Acts");
  await page.getByLabel("Name of the bookmark").fill("look here");
  await page.getByRole("button", { name: "2.000 s" }).click();
  await expect(page.getByLabel("Simulated time")).toHaveText("2.000 s");
});

test("the logs stand side by side", async ({ page }) => {
  await open(page, "#raft-log-repair?t=0.12s");
  await view(page, "Logs");
  await expect(stage(page)).toHaveAttribute("aria-label", /[Ll]ogs/);
});
