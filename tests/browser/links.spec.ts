import { expect, node, open, panel, share, test } from "./page.ts";
import { compare, runs, serve } from "./traces.cjs";

test("a link carries everything that was done, to the bit", async ({ page, context }) => {
  await open(page, "#raft-election?t=1s");
  await node(page, "n2").press("Enter");
  for (const key of ["c", "Shift+ArrowRight", "c", "Shift+ArrowRight", "x", "Shift+ArrowRight", "h"]) {
    await page.keyboard.press(key);
  }
  for (let i = 0; i < 7; i += 1) await page.keyboard.press("Shift+ArrowRight");
  const sent = await share(page);
  const other = await context.newPage();
  await other.goto(sent.url);
  await expect(other.locator("fl-stage canvas")).toBeVisible();
  expect(await share(other)).toEqual(sent);
  await expect(other.getByRole("alert")).toHaveCount(0);
  await panel(other, "Acts");
  await expect(other.locator("fl-acts li.hand")).toHaveCount(4);
});

test("a link that shows something else than its sender saw says so loudly", async ({ page }) => {
  await open(page, "#raft-election?t=1s&fingerprint=0123456789abcdef");
  await expect(page.getByRole("alert")).toContainText("not what the sender saw");
});

test("every run has the same trace as natively", async ({ page }, { project }) => {
  test.skip(project.name !== "desktop", "one engine, whatever the page looks like");
  test.setTimeout(120_000);
  const { address, close } = await serve();
  await page.goto(address, { waitUntil: "load" });
  expect(await page.evaluate(compare, runs)).toEqual([]);
  close();
});

test("every scenario opens from its link, at its end, as its sender saw it", async ({ page }, {
  project,
}) => {
  test.skip(project.name !== "desktop", "one engine, whatever the page looks like");
  test.setTimeout(120_000);
  const first = runs.filter(({ name }, i) => name !== runs[i - 1]?.name);
  await open(page, first[0]?.fragment);
  for (const run of first) {
    await page.evaluate((fragment) => location.assign(fragment), run.fragment);
    await page.keyboard.press("s");
    const dialog = page.getByRole("dialog", { name: "Share this run" });
    await expect(dialog, run.fragment).toContainText(`Fingerprint ${run.fingerprint}`);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("alert").filter({ hasText: "sender" })).toHaveCount(0);
  }
});

const HOSTILE = [
  "#nowhere",
  "#../../etc/passwd",
  "#<img src=x onerror=alert(1)>",
  "#raft-election?variant=<script>alert(1)</script>",
  "#raft-election?t=99999999999999s",
  "#raft-election?seed=-1",
  "#raft-election?knob.spread=1e308s",
  "#1.AAAA",
  "#1.eJwDAAAAAAE",
  "#2.abc",
  "#99999999999999999999.x",
  `#1.${"A".repeat(9_000)}`,
  `#raft-election?seed=${"9".repeat(4_000)}`,
];
for (const [place, hostile] of HOSTILE.entries()) {
  test(`a hostile link is refused in words: ${hostile.slice(0, 50)}`, async ({ page, isMobile }) => {
    test.skip(isMobile && place % 5 !== 0, "the same code; every fifth on a phone, too");
    let asked = false;
    page.on("dialog", (dialog) => {
      asked = true;
      void dialog.dismiss();
    });
    await page.goto(`./${hostile}`);
    await expect(page.getByRole("heading", { name: "This link cannot be opened" })).toBeVisible();
    await page.getByRole("button", { name: "Choose a scenario" }).click();
    await page.getByRole("link", { name: /electing a leader/i }).click();
    await expect(page.locator("fl-stage canvas")).toBeVisible();
    expect(asked).toBe(false);
    expect(await page.locator("img, script:not([src])").count()).toBe(0);
  });
}

test("what was open stays when a bad link follows", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  await page.evaluate(() => {
    location.hash = "#1.rubbish";
  });
  await page.getByRole("button", { name: /Back to/ }).click();
  await expect(page.getByLabel("Simulated time")).toHaveText("1.000 s");
});
