import { expect, test } from "./page.ts";

test("the page starts the simulator without a complaint", async ({ page }) => {
  await page.goto("./");
  await expect(page).toHaveTitle(/Faultline/);
  await expect(page.getByRole("status")).toHaveText("ready");
});

test("the core arrives as a file that compiles while it is read", async ({ page }) => {
  const core = page.waitForResponse((response) => response.url().endsWith(".wasm"));
  await page.goto("./");
  expect((await core).headers()["content-type"]).toBe("application/wasm");
});
