import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, open, test } from "./page.ts";

/** What a button of the dialog hands out as a file. */
async function file(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const waits = page.waitForEvent("download");
  await page.getByRole("dialog").getByRole("button", { name: button }).click();
  const download = await waits;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test("pictures, story, trace and scenario can be taken home", async ({ page }) => {
  await open(page, "#raft-election?t=2s");
  await page.keyboard.press("s");
  const svg = await file(page, "Picture (SVG)");
  expect(svg.name).toBe("raft-election.svg");
  // Well-formedness is tested where the same picture is made natively; here it has to arrive whole.
  expect(svg.bytes.toString().trim()).toMatch(/^<svg [\s\S]*<\/svg>$/);
  const png = (await file(page, "Picture (PNG)")).bytes;
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1600, 1120]);
  const story = (await file(page, "Story (text)")).bytes.toString();
  expect(story).toMatch(/n\d {4}wins term 1/);
  const lines = (await file(page, "Trace (JSON lines)")).bytes.toString().trimEnd().split("\n");
  const events = lines.map((line) => JSON.parse(line) as { id: number; what: string });
  expect(events.every((event, i) => event.id === i)).toBe(true);
  expect(events.filter((event) => event.what === "sent").length).toBeGreaterThan(50);
  expect((await file(page, "Scenario (TOML)")).bytes.toString()).toContain('protocol = "raft"');
});

test("the same clip is made twice", async ({ page, isMobile }) => {
  test.skip(isMobile, "the same code");
  await open(page, "#raft-election?t=0.15s");
  await page.keyboard.press("s");
  await page.getByLabel("Seconds").fill("1");
  await page.getByLabel("Seconds").press("Tab");
  const first = (await file(page, "Clip (GIF)")).bytes;
  expect(first.subarray(0, 6).toString()).toBe("GIF89a");
  expect([first.readUInt16LE(6), first.readUInt16LE(8), first.at(-1)]).toEqual([640, 448, 0x3b]);
  // Twenty pictures, each with a head of its own.
  let pictures = 0;
  for (
    let at = first.indexOf(Buffer.from("21f904", "hex"));
    at >= 0;
    at = first.indexOf(Buffer.from("21f904", "hex"), at + 1)
  ) {
    pictures += 1;
  }
  expect(pictures).toBeGreaterThanOrEqual(20);
  const second = (await file(page, "Clip (GIF)")).bytes;
  expect(second.equals(first)).toBe(true);
});
