import type { Page } from "@playwright/test";
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

test("nothing on the page is wider than the page", async ({ page, hasTouch }) => {
  const widths = hasTouch ? [320, 360, 390] : [700, 800, 1000, 1280];
  for (const fragment of ["#raft-election?t=3s", "#consistency-ladder?t=5s", "#lagging-replica?t=5s"]) {
    await open(page, fragment);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      // Charts are drawn anew for a new width, a frame later.
      await expect.poll(() => beyond(page), `${fragment} at ${width}`).toEqual([]);
    }
  }
});

/** What lies beyond the page's right edge, and whether a finger could push the page aside. */
async function beyond(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const pushed = scrollWidth > clientWidth ? [`the page: ${scrollWidth} of ${clientWidth}`] : [];
    const scrolls = ".chips, .unseen, .tabs, .sheets";
    return [...document.querySelectorAll("main *, header *")]
      .filter(
        (element) => !element.closest(scrolls) && element.getBoundingClientRect().right > innerWidth + 1,
      )
      .map((element) => element.outerHTML.slice(0, 80))
      .concat(pushed);
  });
}
