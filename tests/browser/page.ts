// What every browser test wants: a page that counts its own complaints, and words for what stands on it.
import { test as base, expect, type Locator, type Page } from "@playwright/test";

/**
 * `complaints`: everything the console called an error, uncaught exceptions and requests that failed, as lines.
 * A test that ends with one has failed, unless it took them out itself because it provoked them.
 */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(`console: ${message.text()}`);
      });
      page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
      page.on("requestfailed", (request) => complaints.push(`request failed: ${request.url()}`));
      page.on("response", (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens a fragment and waits until the stage stands. */
export async function open(page: Page, fragment = ""): Promise<void> {
  await page.goto(`./${fragment}`);
  await expect(stage(page)).toBeVisible();
}

export const stage = (page: Page): Locator => page.locator("fl-stage canvas");

/** The nodes as a screen reader finds them on the stage. */
export const nodes = (page: Page): Locator => page.getByRole("listbox", { name: "Nodes" });

/** What a screen reader hears of a node: "n1, leader, term 2". */
export const node = (page: Page, id: string): Locator =>
  nodes(page).getByRole("option", { name: new RegExp(`^${id},`) });

/** Brings a panel to the front: a tab beside the stage, or a sheet below it on a phone. */
export async function panel(
  page: Page,
  name: "Lesson" | "Faults" | "Story" | "Acts" | "Knobs" | "Figures",
): Promise<void> {
  const button = page
    .getByRole("navigation")
    .getByRole("button", { name, exact: true })
    .and(page.locator(":visible"));
  if ((await button.count()) > 0) await button.first().click();
}

/** Shows another view of the run: a button, or a list on a phone. */
export async function view(
  page: Page,
  name: "Cluster" | "Time" | "History" | "Replicas" | "Logs",
): Promise<void> {
  const list = page.getByRole("combobox", { name: "View" });
  if (await list.isVisible()) await list.selectOption(name);
  else await page.getByRole("group", { name: "View" }).getByRole("button", { name, exact: true }).click();
}

/** The points of a line across the stage that parts n1, at the top of the circle, from all others. */
export async function lineBelowN1(page: Page): Promise<{ x: number; y: number }[]> {
  const box = await stage(page).boundingBox();
  if (!box) throw new Error("the stage is not there");
  const y = box.y + box.height * 0.245;
  return Array.from({ length: 9 }, (_, i) => ({ x: box.x + 4 + ((box.width - 8) * i) / 8, y }));
}

/** Where n1 stands. */
export async function placeOfN1(page: Page): Promise<{ x: number; y: number }> {
  const box = await stage(page).boundingBox();
  if (!box) throw new Error("the stage is not there");
  return { x: box.x + box.width / 2, y: box.y + 52 };
}

/** The link that Share offers, and the fingerprint it names. Leaves the dialog closed. */
export async function share(page: Page): Promise<{ url: string; fingerprint: string }> {
  await page.keyboard.press("s");
  const dialog = page.getByRole("dialog", { name: "Share this run" });
  const url = await dialog.getByLabel("Link").inputValue();
  const words = await dialog.getByText("Fingerprint").innerText();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  return { url, fingerprint: words.match(/Fingerprint (\w+)/)?.[1] ?? "" };
}

export { expect };
