import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { scenarios } from "./scenarios.vite.ts";

const top = fileURLToPath(new URL("..", import.meta.url));

/** The development server inlines styles and opens a socket: its page gets no policy, the built one keeps it. */
const noPolicyInDevelopment: Plugin = {
  name: "faultline:no-policy-in-development",
  apply: "serve",
  transformIndexHtml: {
    order: "pre",
    handler: (html, { server }) =>
      server ? html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, "") : html,
  },
};

/** Lets the browser fetch the core while it still reads the page, not only once the script asks for it. */
const fetchTheCoreAtOnce: Plugin = {
  name: "faultline:fetch-the-core-at-once",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler: (_html, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((file) => file.endsWith(".wasm"))
        .map((file) => ({
          tag: "link",
          attrs: {
            rel: "preload",
            as: "fetch",
            type: "application/wasm",
            crossorigin: true,
            href: `./${file}`,
          },
          injectTo: "head" as const,
        })),
  },
};

export default defineConfig({
  // Relative addresses: the folder works on any static host and below any path.
  base: "./",
  plugins: [scenarios(`${top}scenarios`), noPolicyInDevelopment, fetchTheCoreAtOnce],
  server: { host: "127.0.0.1", port: 8080, fs: { allow: [top] } },
  preview: { host: "127.0.0.1", port: 8080 },
  build: {
    outDir: `${top}dist`,
    emptyOutDir: true,
    target: "es2023",
    // The policy allows no data: URL, and every browser that runs the core knows modulepreload.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith(".toml"))
            ? "scenarios/[name]-[hash][extname]"
            : "assets/[name]-[hash][extname]",
      },
    },
  },
});
