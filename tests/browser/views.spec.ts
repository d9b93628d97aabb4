import { expect, open, panel, stage, test, view } from "./page.ts";

test("space and time: zoom, pan, a moment by a tap, back to now", async ({ page, isMobile }) => {
  test.skip(isMobile, "needs a wheel");
  await open(page, "#raft-election?t=1s");
  await view(page, "Time");
  const box = await stage(page).boundingBox();
  if (!box) throw new Error("the stage is not there");
  const span = () =>
    page.locator("fl-stage").evaluate((stage) => {
      const { player } = (stage as HTMLElement & { run: { player: { momentAt(x: number): number } } }).run;
      return player.momentAt(600) - player.momentAt(100);
    });
  const before = await span();
  await page.mouse.move(box.x + 300, box.y + 200);
  await page.mouse.wheel(0, -400);
  expect(await span()).toBeLessThan(before * 0.8);
  await page.getByRole("button", { name: "Farther" }).click();
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 200, { steps: 5 });
  await page.mouse.up();
  await page.getByRole("button", { name: "Now" }).click();
  await page.mouse.click(box.x + 160, box.y + box.height - 60);
  const clock = await page.getByLabel("Simulated time").innerText();
  expect(Number.parseFloat(clock)).toBeLessThan(1);
});

test("a reader asks why, and follows the causes back", async ({ page }) => {
  await open(page, "#raft-election?t=2s");
  await view(page, "Time");
  await panel(page, "Faults");
  const chosen = await page.locator("fl-stage").evaluate((stage) => {
    interface Run {
      status: { events: number };
      player: { because(target: unknown): { text: string }[] };
      select(targets: unknown[]): void;
    }
    const { run } = stage as HTMLElement & { run: Run };
    for (let id = run.status.events - 1; id > 0; id -= 1) {
      const causes = run.player.because({ kind: "event", id });
      if (/ hears of /.test(causes[0]?.text ?? "")) {
        run.select([{ kind: "event", id }]);
        return causes.map(({ text }) => text);
      }
    }
    return [];
  });
  const why = page.locator("fl-inspector details.why li");
  await expect(why).toHaveCount(chosen.length - 1);
  await expect(why.last()).toContainText(/starts|asks/);
  await page.getByRole("button", { name: "Follow this request" }).click();
  await expect(page.getByText(/^Following \w+ asks: /)).toBeVisible();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await why.last().getByRole("button").click();
  await expect(page.locator("fl-inspector h2").first()).toContainText(/asks|starts/);
});

test("kinds of messages and lines of life can be left out, and silence folded", async ({ page }) => {
  await open(page, "#raft-election?t=2s");
  await view(page, "Time");
  const words = page.locator("fl-stage canvas");
  await page.getByText("Show", { exact: true }).click();
  await page.getByRole("checkbox", { name: "Heartbeat", exact: true }).uncheck();
  await page.getByRole("checkbox", { name: "ben" }).uncheck();
  await page.getByText("Show", { exact: true }).click();
  await page.getByRole("checkbox", { name: "Fold silence" }).check();
  await expect(words).toBeVisible();
});

test("the inspector says what the last step changed", async ({ page }) => {
  await open(page, "#raft-election?t=0.1s");
  await panel(page, "Faults");
  await page.getByLabel("Step by").selectOption("leader");
  await page.getByRole("button", { name: "The next new leader" }).click();
  const id = await page.getByRole("option", { name: /, leader,/ }).innerText();
  await page.getByRole("option", { name: /, leader,/ }).press("Enter");
  await expect(page.locator("fl-inspector h2").first()).toContainText(id.slice(0, 2));
  await expect(page.locator("fl-inspector dl.before")).toContainText("candidate, term 1");
});

test("the history shows what proves that a promise broke, in step with the stage", async ({ page }) => {
  await open(page, "#stale-leader-read?t=6.7s");
  await view(page, "History");
  const canvas = stage(page);
  await expect(canvas).toHaveAttribute(
    "aria-label",
    /operations of 2 clients.*linearizable is broken.*read x → 30/,
  );
  const bar = await page.locator("fl-stage").evaluate((element) => {
    interface Hits {
      run: { player: { hit(x: number, y: number, slack: number): { kind: string } | undefined } };
    }
    const { player } = (element as HTMLElement & Hits).run;
    for (let y = 20; y < element.clientHeight; y += 4)
      for (let x = element.clientWidth - 4; x > 0; x -= 4)
        if (player.hit(x, y, 0)?.kind === "event") return { x, y };
    return undefined;
  });
  expect(bar).toBeDefined();
  await canvas.click({ position: bar ?? { x: 0, y: 0 } });
  await panel(page, "Faults");
  await expect(page.locator("fl-inspector h2").first()).toContainText(/hears|gets|answer/);
  await page.keyboard.press("0");
  await expect(canvas).toHaveAttribute("aria-label", /No client|0 operations/);
});

test("what every replica holds, and two hash trees compared", async ({ page }) => {
  await open(page, "#lost-update?t=6s");
  await view(page, "Replicas");
  const words = page.locator("fl-stage canvas");
  await expect(words).toHaveAttribute("aria-label", /n1 has cart = \[.*\], n2 has cart = \[/);
  await page.locator("fl-stage").evaluate((stage) => {
    const { run } = stage as HTMLElement & { run: { select(targets: unknown[]): void } };
    run.select([
      { kind: "node", id: "n1" },
      { kind: "node", id: "n2" },
    ]);
  });
  await expect(words).toHaveAttribute("aria-label", /n1 and n2 differ in 1 of 64 leaves/);
});

test("zones have names, and a dark one says so", async ({ page }) => {
  await open(page, "#datacenter-outage?t=5s");
  await expect(page.locator("fl-beside canvas")).toHaveAttribute("aria-label", /2 down.*east is dark/);
});
