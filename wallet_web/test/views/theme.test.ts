import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { applyTheme, brand, contrast, properties, unreadable } from "../../src/style/theme.ts";

test("contrast is that of WCAG", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  expect(contrast("#ffffff", "#ffffff")).toBe(1);
});

test("everybody can read the colours of theme.json", () => {
  expect(unreadable(brand.colours)).toEqual([]);
});

test("a palette that people cannot read is named", () => {
  expect(unreadable({ ...brand.colours, link: "#aaddee" })).toContain("link on page is below 4.5:1");
});

test("every colour of the theme is used", () => {
  const style = readFileSync(new URL("../../src/style/_app.scss", import.meta.url), "utf8");
  const set = properties(brand.colours);
  for (const name of Object.keys(set).filter((name) => name.startsWith("--app-"))) expect(style).toContain(`var(${name})`);
  expect(Object.values(set)).toEqual(expect.arrayContaining(Object.values(brand.colours)));
});

test("the theme is set as custom properties", () => {
  const set = new Map<string, string>();
  const style = { setProperty: (name: string, value: string) => { set.set(name, value); } };
  applyTheme({ style } as unknown as HTMLElement);
  expect(set.get("--app-brand")).toBe(brand.colours.brand);
});
