import { expect, node, open, panel, share, test } from "./page.ts";

const stages = "fl-lanes .lane";

test("another variant plays beside, under the same acts, with its figures and what it costs", async ({
  page,
}) => {
  await open(page, "#stale-leader-read?t=6.7s");
  await panel(page, "Lesson");
  await page.getByRole("button", { name: "Beside: read index" }).click();
  await expect(page.locator(stages)).toHaveCount(2);
  const [a, b] = [page.locator(stages).first(), page.locator(stages).last()];
  await expect(a.getByRole("button", { name: /linearizable/ })).toBeVisible();
  // ana is at the side that was cut off: with read index she gets no answers there.
  await expect(b.getByRole("button", { name: /linearizable/ })).toHaveCount(0);
  await expect(b.getByRole("button", { name: /clients get answers/ })).toBeVisible();
  await panel(page, "Figures");
  const figures = page.locator("fl-figures");
  await expect(figures).toContainText("read index from 0.513 s another run", { useInnerText: true });
  const stale = figures.getByRole("row", { name: /^stale reads/ });
  await expect(stale.getByRole("cell").nth(0)).toHaveText("1");
  await expect(stale.getByRole("cell").nth(1)).toHaveText(/^0/);
  await expect(figures.getByRole("row", { name: /^p50 latency/ })).toContainText("×");
});

test("what is done by hand is done to all that stand beside each other", async ({ page }) => {
  await open(page, "#stale-leader-read?beside=read+index&t=2s");
  await node(page, "n3").press("Enter");
  await page.keyboard.press("c");
  await expect(node(page, "n3")).toHaveText(/down/);
  const beside = page.locator("fl-beside canvas");
  await expect(beside).toHaveAttribute("aria-label", /1 down/);
});

test("a link opens the comparison", async ({ page }) => {
  await open(page, "#stale-leader-read?t=3s");
  await panel(page, "Lesson");
  await page.getByRole("button", { name: "Beside: through the log" }).click();
  const { url } = await share(page);
  expect(url).toContain("beside=through+the+log");
  // The library that draws charts is still arriving: leaving now would look like a failure of the network.
  await page.waitForLoadState("networkidle");
  await page.goto("about:blank");
  await page.goto(url);
  await expect(page.locator(stages)).toHaveCount(2);
  await expect(page.locator(stages).last()).toContainText("through the log");
  await page.getByRole("button", { name: "Close through the log" }).click();
  await expect(page.locator(stages)).toHaveCount(1);
});

test("no more than four stand beside each other, and nothing is lost by asking", async ({ page }) => {
  await open(
    page,
    "#stale-leader-read?beside=read+index&beside=through+the+log&beside=lease%2C+clocks+bounded&t=3s",
  );
  await expect(page.locator(stages)).toHaveCount(4);
});

test("figures are drawn over time, a line for each run, and a click goes to that moment", async ({
  page,
}) => {
  await open(page, "#cap-register?t=6s");
  await panel(page, "Figures");
  const chart = page.locator("fl-chart").first();
  await expect(chart).toHaveAttribute("aria-label", /^Answered a second\. A: at most .* B: at most /);
  await expect(chart.locator("canvas")).toBeVisible();
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.locator(".u-over").boundingBox();
  if (!box) throw new Error("the chart is not there");
  await page.mouse.click(box.x + box.width / 4, box.y + box.height / 2);
  await expect
    .poll(async () => Number.parseFloat(await page.getByLabel("Simulated time").innerText()))
    .toBeLessThan(4);
});
