import { expect, open, stage, test } from "./page.ts";

test("the page starts the simulator without a complaint", async ({ page }) => {
  await open(page);
  await expect(page).toHaveTitle(/Faultline/);
  await expect(page.getByRole("heading", { level: 1 })).not.toBeEmpty();
});

test("the core arrives as a file that compiles while it is read", async ({ page }) => {
  const core = page.waitForResponse((response) => response.url().endsWith(".wasm"));
  await page.goto("./");
  expect((await core).headers()["content-type"]).toBe("application/wasm");
});

test("the stage is drawn, and drawn anew when time goes on", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  const picture = () => stage(page).evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const before = await picture();
  await page.keyboard.press("Shift+ArrowRight");
  expect(await picture()).not.toBe(before);
});

test("nothing on the page is wider than the page", async ({ page }) => {
  await open(page, "#raft-election?t=3s");
  const beyond = await page.evaluate(() =>
    [...document.querySelectorAll("main *, header *")]
      .filter(
        (element) =>
          !element.closest(".chips, .unseen") && element.getBoundingClientRect().right > innerWidth + 1,
      )
      .map((element) => element.outerHTML.slice(0, 80)),
  );
  expect(beyond).toEqual([]);
  // Nor can a finger push it aside.
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  expect(scrollWidth).toBe(clientWidth);
});
