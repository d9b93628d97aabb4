// The built page in stock Firefox, over WebDriver BiDi: `cargo xtask test --only firefox`.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// The packages live beside the page, not beside the tests.
const require = createRequire(new URL("../../www/package.json", import.meta.url));
const { default: puppeteer } = require("puppeteer-core");
const { preview } = require("vite");

const CHECKS = {
  /** @param {import("puppeteer-core").Page} page */
  async "the page starts the simulator"(page) {
    await page.waitForFunction(() => document.querySelector("[role=status]")?.textContent === "ready");
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
      await page.goto(address);
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
