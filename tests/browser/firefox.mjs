// The built page in stock Firefox, over WebDriver BiDi: `cargo xtask test --only firefox`.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import traces from "./traces.cjs";

const { compare, runs, serve } = traces;

// The packages live beside the page, not beside the tests.
const require = createRequire(new URL("../../www/package.json", import.meta.url));
const { default: puppeteer } = require("puppeteer-core");
const { preview } = require("vite");

/** @param {import("puppeteer-core").Page} page */
const stands = (page) => page.waitForSelector("fl-stage canvas");

/** @type {Record<string, (page: import("puppeteer-core").Page) => Promise<void>>} */
const CHECKS = {
  async "the page starts the simulator"(page) {
    await page.goto(address);
    await stands(page);
    await page.waitForFunction(() => !document.querySelector(".clock")?.textContent?.startsWith("0.000"));
  },
  async "a line across the stage cuts the network"(page) {
    await page.goto(`${address}#raft-election?t=1s`);
    const box = (await (await stands(page))?.boundingBox()) ?? assert.fail("the stage is not there");
    const y = box.y + box.height * 0.245;
    await page.mouse.move(box.x + 4, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 4, y, { steps: 8 });
    await page.mouse.up();
    await page.locator(".tabs ::-p-text(Acts)").click();
    await page.waitForSelector("fl-acts li.hand");
  },
  async "a link shows what its sender saw"(page) {
    const run = runs[0] ?? assert.fail("there are no runs");
    await page.goto(address + run.fragment);
    await stands(page);
    await page.keyboard.press("s");
    await page.waitForFunction(
      (fingerprint) =>
        document.querySelector("fl-share dialog")?.textContent?.includes(`Fingerprint ${fingerprint}`),
      { timeout: 10_000 },
      run.fingerprint,
    );
    assert.equal(await page.$("fl-app .center > .slip"), null);
  },
  async "every run has the same trace as natively"(page) {
    const traces = await serve();
    await page.goto(traces.address);
    assert.deepEqual(await page.evaluate(compare, runs), []);
    traces.close();
  },
};
const root = fileURLToPath(new URL("../../www/", import.meta.url));
const server = await preview({
  root,
  configFile: `${root}vite.config.ts`,
  preview: { port: 4180, open: false },
});
const address = server.resolvedUrls?.local[0] ?? assert.fail("the server named no address");
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.env.FAULTLINE_FIREFOX ?? "/usr/bin/firefox-esr",
  headless: true,
});
let failed = 0;
try {
  console.log(await browser.version());
  for (const [name, check] of Object.entries(CHECKS)) {
    const page = await browser.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    const began = performance.now();
    try {
      await check(page);
      assert.deepEqual(complaints, []);
      console.log(`  ok ${name} (${Math.round(performance.now() - began)} ms)`);
    } catch (error) {
      failed += 1;
      console.error(`  FAILED ${name}: ${error}`, ...complaints);
    }
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
console.log(`firefox: ${Object.keys(CHECKS).length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
