/** Every vector of every maker: the wallet and the services judge the same bytes alike. */
import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { run } from "./vectors/case.ts";
import type { CaseFile } from "./vectors/case.ts";

const FOLDER = new URL("../../protocols/vectors/", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json")).sort();

describe.each(files)("%s", (name) => {
  const { cases } = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as CaseFile;

  it.each(cases.map((vector) => [`${vector.id}: ${vector.comment}`, vector] as const))("%s", async (_, vector) => {
    const expected = vector.result === "valid" ? { output: vector.output } : { error: vector.error };
    expect(await run(vector.op, vector.input)).toEqual(expected);
  });
});
