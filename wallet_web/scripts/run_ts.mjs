// Runs a TypeScript file of ours with the plugins of vite.config.ts: `node scripts/run_ts.mjs <file> [arguments]`.
import process from "node:process";
import { createServer } from "vite";

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) throw new Error("which file?");

const server = await createServer({ server: { middlewareMode: true, ws: false }, appType: "custom", logLevel: "error" });
try {
  const { main } = await server.ssrLoadModule(`/${file}`);
  process.exitCode = await main(rest);
} finally {
  await server.close();
}
