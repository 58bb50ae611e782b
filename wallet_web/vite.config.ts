import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { catalogue, release, scanWorker } from "./scripts/plugins.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * `PDS_WALLET_OUT` is where the build goes, `PDS_REGISTRAR_KEYS` the JWKS file of the registrar keys that the
 * release carries. CSS is minified by Sass, because Lightning CSS refuses a hack of govuk-frontend.
 */
export default defineConfig({
  base: "/",
  plugins: [release(process.env["PDS_REGISTRAR_KEYS"]), catalogue(here("../protocols/catalogue/attributes.json")),
    scanWorker(here("node_modules/qr-scanner/qr-scanner-worker.min.js"))],
  css: {
    preprocessorOptions: {
      scss: {
        loadPaths: [here("node_modules/govuk-frontend/dist")],
        style: "compressed",
        quietDeps: true,
      },
    },
  },
  build: {
    outDir: process.env["PDS_WALLET_OUT"] ?? here("dist"),
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    cssMinify: false,
    assetsInlineLimit: 0,
    modulePreload: false,
  },
  server: { fs: { allow: [here("..")] } },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
