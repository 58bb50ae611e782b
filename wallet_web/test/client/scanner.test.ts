import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { scanWorkerOf } from "../../scripts/plugins.ts";

test("the scanner's worker becomes a file of the release, as it would have run as a blob", () => {
  const script = scanWorkerOf(readFileSync("node_modules/qr-scanner/qr-scanner-worker.min.js", "utf8"));
  expect(script).toContain("self.onmessage");
  expect(script).not.toContain("createObjectURL");
});

test("a scanner that makes its worker in another way stops the build", () => {
  expect(() => scanWorkerOf("export const createWorker2=()=>1")).toThrow();
  expect(() => scanWorkerOf("const worker = 1")).toThrow("another way");
});
