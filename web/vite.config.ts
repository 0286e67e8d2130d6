import path from "node:path";
import { defineConfig } from "vite";

const root = import.meta.dirname;

/** The pages, as files that `fundtrail serve` sends: hashed names, nothing inline, nothing from elsewhere. */
export default defineConfig({
  root,
  base: "/",
  publicDir: path.join(root, "public"),
  build: {
    outDir: path.join(root, "../dist/web"),
    emptyOutDir: true,
    target: "es2023",
    // Those that know `light-dark()`, of which each colour is made.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // The policy allows no inline scripts, styles or data: addresses of either.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    manifest: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      output: {
        // What the pages of the ledger share: small files pack badly one by one.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              name: "chains",
              test: /\/(?:base\/(?:chains|assets)|parts\/(?:units|address|words)|text\/category-words)\.tsx?$/u,
            },
            { name: "screen", test: /\/(?:pages\/screen\/(?:sentence|with-view)|text\/screen-words)\.ts$/u },
            {
              name: "exposures",
              test: /\/(?:parts\/(?:gaps|exposures)|text\/(?:gap|exposure)-words|data\/verdict)\.tsx?$/u,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { "/v1": "http://127.0.0.1:8787" } },
});
