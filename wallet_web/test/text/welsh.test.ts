import { readdirSync } from "node:fs";
import { attributes } from "virtual:catalogue";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Schema } from "../../src/core/catalogue.ts";
import { enMore } from "../../src/text/en_more.ts";
import { COUNTRIES, LANGUAGES, countryName, formsText, languageName } from "../../src/text/forms.ts";
import { duration } from "../../src/text/cy.ts";
import { speak, text } from "../../src/text/index.ts";
import * as welsh from "../../src/text/welsh.ts";
import { OTHER, SENTENCES, english } from "./english.ts";
import { gapsOf, leaves } from "./leaves.ts";

const cymraeg = { first: welsh.cy, activity: welsh.cyActivity, control: welsh.cyControl, counter: welsh.cyCounter, forms: welsh.cyForms,
  more: welsh.cyMore };

/** All gaps and no words. */
const SAME = ["first.asked.changeFor", "more.sessions.since", "activity.fault", "activity.notMeOf"];
/** English takes these from the catalogue, or makes them of its codes. */
const WELSH_ONLY = /^(first\.labels|forms\.options)\./;

const inEnglish = new Map(leaves(english, OTHER).map(({ path, words }) => [path, words]));
const inWelsh = new Map(leaves(cymraeg, OTHER).map(({ path, words }) => [path, words]));

beforeAll(() => speak("cy"));
afterAll(() => speak("en"));

test("each file of English words is looked at here", () => {
  const files = readdirSync(new URL("../../src/text", import.meta.url)).flatMap((name) => /^en_(\w+)\.ts$/.exec(name)?.[1] ?? []);
  // The troubles are part of the first words.
  expect(files.filter((name) => name !== "troubles").sort()).toEqual(Object.keys(english).filter((name) => name !== "first").sort());
});

test("the English that screens are searched for is all of it", () => {
  expect(SENTENCES.length).toBeGreaterThan(500);
});

test("Welsh has every word that English has, and no other", () => {
  expect([...inEnglish.keys()].filter((path) => !inWelsh.has(path))).toEqual([]);
  expect([...inWelsh.keys()].filter((path) => !inEnglish.has(path) && !WELSH_ONLY.test(path))).toEqual([]);
});

test("no word is left in English, but for a few that are the same", () => {
  const same = [...inEnglish].filter(([path, words]) => inWelsh.get(path) === words && !SAME.includes(path));
  expect(same).toEqual([]);
});

test("a sentence has the same gaps in both languages", () => {
  const other = [...inEnglish].filter(([path, words]) => gapsOf(words).join() !== gapsOf(inWelsh.get(path) ?? "").join());
  expect(other).toEqual([]);
});

test("no word is empty, doubled or badly quoted", () => {
  const bad = [...inWelsh].filter(([, words]) => words.trim() === "" || / {2}|'|"|\b(\p{L}{3,}) \1\b|undefined|null/u.test(words));
  expect(bad).toEqual([]);
});

test("each detail of the catalogue has a name in Welsh", () => {
  expect(attributes.filter(({ id }) => welsh.cy.labels[id] === undefined)).toEqual([]);
});

function choices(schema: Schema): (string | number)[] {
  return [...schema.enum ?? [], ...Object.values(schema.properties ?? {}).flatMap(choices), ...schema.items === undefined ? [] : choices(schema.items)];
}

test("each choice of the catalogue has words in Welsh", () => {
  const all = attributes.flatMap(({ validation }) => [...validation.enum ?? [], ...choices(validation.schema ?? {})]);
  const named = { ...welsh.cyForms.options, ...welsh.cyForms.parts };
  expect(all.filter((one) => typeof one === "string" && !/^\d+$/.test(one) && named[one] === undefined)).toEqual([]);
});

test("each country and language has a name in Welsh, in the order of its letters", () => {
  expect(COUNTRIES.length).toBeGreaterThan(190);
  expect(COUNTRIES.filter((code) => welsh.cyCountries[code] === undefined)).toEqual([]);
  expect(LANGUAGES.filter((code) => code !== "bfi" && welsh.cyLanguages[code] === undefined)).toEqual([]);
  expect(languageName("bfi")).toBe("Iaith Arwyddion Prydain");
  const germany = COUNTRIES.indexOf("DE");
  expect([countryName("DE"), countryName(COUNTRIES[germany - 1] ?? "")]).toEqual(["Yr Almaen", "Algeria"]);
});

test("a date and a time are Welsh in a browser that knows no Welsh", () => {
  expect(text.day("2026-02-01")).toBe("1 Chwefror 2026");
  expect(text.moment(1_780_000_000)).toBe("28 Mai 2026 am 9:26pm");
});

test("nouns after numbers are singular, and softened after two", () => {
  expect([1, 2, 3].map((count) => text.asked.share(count, "X"))).toEqual(["Rhannu 1 manylyn gyda X", "Rhannu 2 fanylyn gyda X", "Rhannu 3 manylyn gyda X"]);
  expect([1, 2, 7, 365, 730, 1095, 1825].map(duration)).toEqual(["1 diwrnod", "2 ddiwrnod", "7 diwrnod", "1 flwyddyn", "2 flynedd", "3 blynedd", "5 mlynedd"]);
});

test("names are joined by a, and by ac before a vowel", () => {
  expect(text.and(["Parcio", "Hamdden"])).toBe("Parcio a Hamdden");
  expect(text.and(["Parcio", "Hamdden", "Addysg"])).toBe("Parcio, Hamdden ac Addysg");
  expect(text.and(["Parcio"])).toBe("Parcio");
});

test("the kit says all that the English one says", () => {
  const kit = { name: "K7QM-2XHR-9TZD", fingerprint: "ABCD", seq: 3, date: "2026-11-23", address: "https://pds.example/" };
  const [one, other] = [enMore, welsh.cyMore].map((words) => words.kit.file("T", "AAAA-BBBB", kit, "D").split("\n"));
  expect(other?.length).toBe(one?.length);
  for (const fact of ["K7QM-2XHR-9TZD", "ABCD", "3", "https://pds.example/", "AAAA-BBBB", "1: AAAA", "2: BBBB"]) expect(other?.join()).toContain(fact);
});

test("what was imported before follows a change of language, both ways", async () => {
  expect([text.page.home, formsText.choose]).toEqual(["Hafan", "Dewiswch un"]);
  await speak("en");
  expect([text.page.home, formsText.choose, countryName("DE"), LANGUAGES[0]]).toEqual(["Home", "Choose one", "Germany", "en"]);
  await speak("cy");
});
