import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ATTRIBUTES, checkValue, maxBytes } from "../../src/core/catalogue.ts";
import { dateOf, dayNumber } from "../../src/core/dates.ts";
import type { Json } from "../../src/core/encoding.ts";
import { Invalid } from "../../src/core/errors.ts";

interface Entry { readonly id: string; readonly type: string; readonly tier: string; readonly example: Json }

const { attributes } = JSON.parse(readFileSync(new URL("../../../protocols/catalogue/attributes.json", import.meta.url), "utf8")) as { attributes: Entry[] };
const core = attributes.filter(({ tier }) => tier === "core");

describe("the catalogue in the wallet", () => {
  it("has every attribute of the first release, and no other", () => {
    expect([...ATTRIBUTES.keys()]).toEqual(core.map(({ id }) => id));
  });

  it.each(core.filter(({ type, id }) => type !== "file" && id !== "person.national_insurance_number"))("takes its own example of $id", ({ id, example }) => {
    expect(checkValue(id, example)).toEqual(example);
  });

  it("never tells a value in its errors", () => {
    expect(() => checkValue("contact.email", "canary")).toThrow(Invalid);
    expect(() => checkValue("contact.email", "canary")).not.toThrow(/canary/);
  });

  it("gives every attribute a place in a disclosure", () => {
    for (const id of ATTRIBUTES.keys()) expect(maxBytes(id)).toBeGreaterThan(0);
  });
});

describe("a day", () => {
  it("is the same counted and written, in every year from 1 to 9999", () => {
    for (let days = dayNumber("0001-01-01") ?? 0; days <= (dayNumber("9999-12-31") ?? 0); days += 997) {
      const date = new Date(days * 86400_000).toISOString().slice(-24, -14);
      expect(dayNumber(date)).toBe(days);
      if (days >= 0) expect(dateOf(days)).toBe(date);
    }
  });
});
