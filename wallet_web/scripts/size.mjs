// What a first visit downloads, in bytes of gzip, and what must never be in the output.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { gzipSync } from "node:zlib";

const FIRST_LOAD = 100_000;
const OWN_SCRIPT = 60_000;
const FORBIDDEN_TEXT = ["GDS Transport", "govuk-crest"];
const FORBIDDEN_FILE = /\.(woff2?|ttf|otf|eot|map)$/;

const out = process.env.PDS_WALLET_OUT ?? join(import.meta.dirname, "..", "dist");
const html = readFileSync(join(out, "index.html"), "utf8");
const referenced = [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="\/([^"]+)"/g)].map((match) => match[1]);
const firstLoad = [...new Set(["index.html", ...referenced])];

const problems = [];
const sizes = firstLoad.map((file) => [file, gzipSync(readFileSync(join(out, file)), { level: 9 }).length]);
const sum = (rows) => rows.reduce((total, [, size]) => total + size, 0);
const total = sum(sizes);
const script = sum(sizes.filter(([file]) => file.endsWith(".js")));

if (total > FIRST_LOAD) problems.push(`first load is ${total} bytes, more than ${FIRST_LOAD}`);
if (script > OWN_SCRIPT) problems.push(`scripts are ${script} bytes, more than ${OWN_SCRIPT}`);
if (/<script\b(?![^>]*\bsrc=)[^>]*>/.test(html)) problems.push("index.html holds an inline script");
if (/<[^>]+\sstyle=/.test(html) || html.includes("<style")) problems.push("index.html holds an inline style");

for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  if (FORBIDDEN_FILE.test(entry.name)) problems.push(`${path}: such a file is not shipped`);
  const bytes = readFileSync(path);
  for (const text of FORBIDDEN_TEXT) if (bytes.includes(text)) problems.push(`${path} contains ${text}`);
}

for (const [file, size] of sizes) console.log(String(size).padStart(8), file);
console.log(String(total).padStart(8), `first load, of which scripts ${script}`);
for (const problem of problems) console.error(`size: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
