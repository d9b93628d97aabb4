import { expect, lineBelowN1, node, open, panel, placeOfN1, test } from "./page.ts";

test("a line across the stage cuts the network along it", async ({ page, hasTouch }) => {
  await open(page, "#raft-election?t=1s");
  const line = await lineBelowN1(page);
  if (hasTouch) {
    const devtools = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", points: { x: number; y: number }[]) =>
      devtools.send("Input.dispatchTouchEvent", { type, touchPoints: points });
    await touch("touchStart", line.slice(0, 1));
    for (const point of line.slice(1)) await touch("touchMove", [point]);
    await touch("touchEnd", []);
  } else {
    await page.mouse.move(line[0]?.x ?? 0, line[0]?.y ?? 0);
    await page.mouse.down();
    for (const { x, y } of line.slice(1)) await page.mouse.move(x, y);
    await page.mouse.up();
  }
  await panel(page, "Acts");
  const acts = page.locator("fl-acts li.hand");
  await expect(acts).toHaveText([/cut.*n1/]);
  await panel(page, "Faults");
  await page.getByRole("button", { name: "Heal all" }).click();
  await expect(page.getByRole("button", { name: "Heal all" })).toBeDisabled();
});

test("a line with one way only leaves the way back", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  await panel(page, "Faults");
  await page.getByLabel(/Cut one way only/).check();
  const line = await lineBelowN1(page);
  await page.mouse.move(line[0]?.x ?? 0, line[0]?.y ?? 0);
  await page.mouse.down();
  for (const { x, y } of line.slice(1)) await page.mouse.move(x, y);
  await page.mouse.up();
  await panel(page, "Acts");
  await expect(page.locator("fl-acts li.hand")).toHaveText([/n1 .* to|from n1|n1 →/]);
});

test("a node that is chosen can be crashed, restarted, paused, slowed, skewed and asked", async ({
  page,
}) => {
  await open(page, "#raft-election?t=1s");
  await panel(page, "Faults");
  const { x, y } = await placeOfN1(page);
  await page.mouse.click(x, y);
  await expect(page.getByRole("heading", { name: "n1", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Crash" }).click();
  await expect(node(page, "n1")).toHaveText(/down/);
  await page.getByRole("button", { name: "Restart" }).click();
  await expect(node(page, "n1")).toHaveText(/follower/);
  await page.getByRole("button", { name: "Pause", exact: false }).and(page.locator(".verb")).click();
  await expect(node(page, "n1")).toHaveText(/paused/);
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("button", { name: "Clock −200 ms" }).click();
  await page.getByRole("slider", { name: /Slower/ }).fill("0.5");
  await page.getByLabel("Ask").fill("write y 7");
  await page.getByRole("button", { name: "Send" }).click();
  await panel(page, "Acts");
  await expect(page.locator("fl-acts li.hand")).toHaveCount(7);
});

test("what cannot be asked is refused in words, and nothing is lost", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  await panel(page, "Faults");
  const { x, y } = await placeOfN1(page);
  await page.mouse.click(x, y);
  await page.getByLabel("Ask").fill("shout x");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator("fl-faults").getByRole("alert")).toContainText("shout");
  await expect(page.getByLabel("Ask")).toHaveValue("shout x");
});

test("acts are taken back and done again", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  await node(page, "n2").press("Enter");
  await page.keyboard.press("c");
  await expect(node(page, "n2")).toHaveText(/down/);
  await page.keyboard.press("z");
  await expect(node(page, "n2")).not.toHaveText(/down/);
  await page.keyboard.press("Shift+Z");
  await expect(node(page, "n2")).toHaveText(/down/);
});

test("sliders change the weather of the whole network", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  await panel(page, "Faults");
  const loss = page.getByRole("slider", { name: /Loss/ });
  await loss.fill("0.3");
  await expect(loss).toHaveAttribute("aria-valuetext", "30 %");
  await page.keyboard.press("z");
});

test("knobs and seeds start the run anew under the same acts", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  await panel(page, "Knobs");
  const seed = page.getByLabel("Seed");
  const before = await seed.inputValue();
  await page.getByRole("button", { name: "Fresh" }).click();
  await expect(seed).not.toHaveValue(before);
  await page.getByRole("switch", { name: "pre-vote" }).check();
  await expect(page.getByRole("button", { name: "Reset to off" })).toBeVisible();
});
