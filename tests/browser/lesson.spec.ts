import { expect, node, open, panel, test } from "./page.ts";

const HEADINGS = [
  "Network unreliability",
  "Partitions and CAP in practice",
  "Partial failure",
  "Data consistency",
  "Scalability and load distribution",
  "Coordination and consensus",
  "Distributed locks and shared state",
  "Time and clocks",
  "Observability and debugging",
  "Durability and recovery",
  "Security and trust boundaries",
  "Performance against reliability",
  "People and operations",
  "The interview itself",
];

test("the menu has the challenges in their order, and finds a lesson by the words that people know", async ({
  page,
}) => {
  await open(page);
  await page.keyboard.press("/");
  const menu = page.getByRole("dialog", { name: "Scenarios" });
  const heads = await menu.getByRole("heading", { level: 3 }).allInnerTexts();
  expect(heads.map((head) => head.replace(/^\d+\s*/, ""))).toEqual(HEADINGS);
  await menu.getByRole("searchbox").fill("idempotency");
  await expect(menu.getByRole("link").first()).toBeVisible();
  expect(await menu.getByRole("link").count()).toBeLessThan(6);
  await menu.getByRole("searchbox").fill("no such thing");
  await expect(menu).toContainText("No scenario is about");
});

test("a lesson opens under the name that it had before", async ({ page }) => {
  await open(page, "#echo");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Timeouts: lost, slow or dead?");
  await open(page, "#bounded-staleness-disk");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("How stale is eventual?");
});

test("the question says which choice is right and why, and the follow-up has a model answer", async ({
  page,
}) => {
  await open(page, "#split-brain");
  await panel(page, "Lesson");
  const lesson = page.locator("fl-lesson");
  const question = lesson.locator(".question");
  await expect(question.getByText("✓ right")).toHaveCount(0);
  await question.getByRole("radio").first().check();
  await expect(question.getByText("✗ not so")).toHaveCount(1);
  await expect(question.getByText("✓ right")).toHaveCount(1);
  await expect(question.locator(".why")).toHaveCount(2);
  await expect(question.getByRole("note")).not.toBeEmpty();
  const answer = lesson.locator("details");
  await expect(answer.locator("p")).toBeHidden();
  await answer.locator("summary").click();
  await expect(answer.locator("p")).not.toBeEmpty();
});

test("the story begins at the beginning, folds routine, and tells each lane's own", async ({ page }) => {
  await open(page, "#split-brain?t=9s");
  await panel(page, "Story");
  const story = page.locator("fl-story");
  const times = await story.locator("ol.story > li > button time").allInnerTexts();
  const seconds = times.map((time) => Number.parseFloat(time));
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
  await open(page, "#raft-election?t=8s");
  await panel(page, "Story");
  const folded = story.locator("li.folded").first();
  await expect(folded).toContainText(/\d+ entries committed/);
  await folded.getByRole("button").first().click();
  await expect(folded.getByRole("listitem").first()).toContainText("commits entr");
});

test("the price is measured beside the remedy", async ({ page }) => {
  await open(page, "#split-brain?t=13s");
  await panel(page, "Lesson");
  await page.getByRole("button", { name: /^Measure: beside/ }).click();
  await expect(page.locator(".figures tr.price").first()).toBeVisible();
  await panel(page, "Story");
  const whose = page.getByRole("group", { name: "Whose story" });
  await expect(whose.getByRole("button")).toHaveCount(2);
  const first = await page.locator("fl-story .story").innerText();
  await whose.getByRole("button").nth(1).click();
  await expect(page.locator("fl-story .story")).not.toHaveText(first);
});

test("a service that answers nothing is not praised", async ({ page }) => {
  await open(page, "#raft-election?beside=long+timeouts&t=3s");
  const lanes = page.locator("fl-lanes .lane");
  await expect(lanes.getByText("nothing broken")).toHaveCount(2);
  for (const id of ["n1", "n2", "n3"]) {
    await node(page, id).press("Enter");
    await page.keyboard.press("c");
  }
  await page.evaluate(() => {
    const app = document.querySelector("fl-app") as Element & { run: { seek(at: number): void } };
    app.run.seek(5_000_000);
  });
  await expect(lanes.getByText(/no answer for \d/)).toHaveCount(2);
});
