// Chromium tests of the built page. `cargo xtask test --only chromium` sets the two variables below.
import { defineConfig } from "@playwright/test";

const port = Number(process.env.FAULTLINE_PORT ?? 4173);
const url = `http://127.0.0.1:${port}/`;

const launchOptions = {
  executablePath: process.env.FAULTLINE_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true };

export default defineConfig({
  testDir: "../tests/browser",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: { baseURL: url, browserName: "chromium", launchOptions, screenshot: "only-on-failure" },
  projects: [
    { name: "desktop", use: { ...desktop, colorScheme: "light" } },
    // What depends on colours: contrast, axe, the pictures.
    {
      name: "desktop-dark",
      use: { ...desktop, colorScheme: "dark" },
      testMatch: /(access|lanes|lesson|smoke|views)\.spec\.ts/,
    },
    { name: "phone", use: { ...phone, colorScheme: "light" } },
  ],
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --port ${port} --strictPort`,
    url,
    reuseExistingServer: false,
  },
});
