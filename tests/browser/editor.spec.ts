import { expect, open, share, test } from "./page.ts";

test("the scenario is edited while it runs, and the moment stays", async ({ page }) => {
  await open(page, "#raft-election?t=3s");
  await page.keyboard.press("e");
  const dialog = page.getByRole("dialog", { name: "The scenario" });
  const editor = dialog.getByRole("textbox", { name: "The scenario" });
  await expect(editor).toContainText('protocol = "raft"');
  const text = await page
    .locator("fl-stage")
    .evaluate((stage) => (stage as HTMLElement & { run: { opening: { text: string } } }).run.opening.text);
  const buffer = Buffer.from(text.replace(/^nodes\s*= 5/m, "nodes = 3"));
  await dialog
    .getByLabel("Open a file")
    .setInputFiles({ name: "three.toml", mimeType: "text/plain", buffer });
  await expect(editor).toContainText("nodes = 3");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("listbox", { name: "Nodes" }).getByRole("option")).toHaveCount(3);
  await expect(page.getByLabel("Simulated time")).toHaveText("3.000 s");
  const { url, fingerprint } = await share(page);
  await page.goto("about:blank");
  await page.goto(url);
  await expect(page.getByRole("listbox", { name: "Nodes" }).getByRole("option")).toHaveCount(3);
  expect((await share(page)).fingerprint).toBe(fingerprint);
});

test("a slip in the scenario is said in its place, and the text stays", async ({ page }) => {
  await open(page, "#raft-election?t=1s");
  await page.keyboard.press("e");
  const dialog = page.getByRole("dialog", { name: "The scenario" });
  const editor = dialog.getByRole("textbox", { name: "The scenario" });
  await editor.press("ControlOrMeta+Home");
  await page.keyboard.insertText('protocoll = "raft"\n');
  await editor.press("ControlOrMeta+Enter");
  await expect(dialog.getByRole("alert")).toContainText("Line 1, column 1");
  await expect(dialog.getByRole("alert")).toContainText("protocol");
  await expect(editor).toContainText("protocoll");
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("e");
  await expect(editor).toContainText("protocoll");
  await dialog.getByRole("button", { name: "Take back" }).click();
  await expect(editor).not.toContainText("protocoll");
});

test("the editor completes keys, promises and protocols", async ({ page, isMobile }) => {
  test.skip(isMobile, "the same editor");
  await open(page, "#raft-election?t=1s");
  await page.keyboard.press("e");
  const dialog = page.getByRole("dialog", { name: "The scenario" });
  const editor = dialog.getByRole("textbox", { name: "The scenario" });
  await editor.press("ControlOrMeta+End");
  await page.keyboard.type("\n[[act]]\ncra");
  const offered = dialog.getByRole("option");
  await expect(offered.filter({ hasText: /^crash/ })).toBeVisible();
  await page.keyboard.press("Escape");
});
