/** Writes protocols/vectors/*.typescript.json, the same bytes each time; with `--check` compares instead. */
import { readFileSync, writeFileSync } from "node:fs";
import { catalogue } from "./vectors/areas/catalogue.ts";
import { counter } from "./vectors/areas/counter.ts";
import { derived } from "./vectors/areas/derived.ts";
import { deposit } from "./vectors/areas/deposit.ts";
import { disclosure } from "./vectors/areas/disclosure.ts";
import { grant } from "./vectors/areas/grant.ts";
import { manifest } from "./vectors/areas/manifest.ts";
import { name } from "./vectors/areas/name.ts";
import { passphrase } from "./vectors/areas/passphrase.ts";
import { preferences } from "./vectors/areas/preferences.ts";
import { recovery } from "./vectors/areas/recovery.ts";
import { request } from "./vectors/areas/request.ts";
import { seal } from "./vectors/areas/seal.ts";

const AREAS = [
  catalogue, counter, deposit, derived, disclosure, grant, manifest, name, passphrase, preferences,
  recovery, request, seal,
];

/** The exit code: 1 where a file is not as it would be made. */
export async function main([mode]: readonly string[]): Promise<number> {
  let changed = 0;
  for (const make of AREAS) {
    const area = await make();
    const path = `../protocols/vectors/${area.name}.typescript.json`;
    const text = await area.file();
    if (mode !== "--check") writeFileSync(path, text);
    else if (readFileSync(path, "utf8") !== text) changed += report(path);
  }
  return changed === 0 ? 0 : 1;
}

function report(path: string): number {
  process.stderr.write(`${path} is not what npm run vectors makes\n`);
  return 1;
}
