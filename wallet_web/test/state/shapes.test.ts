import { expect, test } from "vitest";
import { ATTRIBUTES } from "../../src/core/catalogue.ts";
import { loadForms } from "../../src/lazy.ts";
import { controlOf, draftOf, isEmpty, parse } from "../../src/state/fields.ts";
import { addRow, emptyForm, removeRow, rowsOf, shapeOf } from "../../src/state/shapes.ts";
import { entry } from "../example.ts";

await loadForms();

const awards = entry("benefit.awards");
const names = entry("person.previous_names");

test("every detail that is no document has boxes, and comes back from them as it was", async () => {
  const { default: file } = await import("../../../protocols/catalogue/attributes.json", { with: { type: "json" } });
  const typed = [...ATTRIBUTES.values()].filter((attribute) => attribute.type !== "file");
  expect(typed.length).toBe(57);
  for (const attribute of typed) {
    expect(controlOf(attribute), attribute.id).not.toBeNull();
    expect(isEmpty(attribute, {}), attribute.id).toBe(true);
    const example = file.attributes.find(({ id }) => id === attribute.id)?.example;
    const known = JSON.parse(JSON.stringify(example, (name, value: unknown) =>
      (["country", "uprn"].includes(name) || value === null ? undefined : value))) as never;
    expect(parse(attribute, draftOf(attribute, known)), attribute.id).toEqual({ value: expected(attribute.id, known) });
  }
});

/** A tick that is not there says no. */
function expected(id: string, value: unknown): unknown {
  if (id !== "person.previous_names" && id !== "address.history") return value;
  return (value as Record<string, unknown>[]).map((one) => ({ ...one, concealed: one["concealed"] ?? false }));
}

test("a row more and a row less keep what is in the others", () => {
  const shape = shapeOf(awards);
  if (shape.kind !== "list") throw new Error(shape.kind);
  const base = "benefit-awards";
  const two = { ...addRow({ [`${base}--0--type`]: "dla" }, base, shape.of), [`${base}--1--type`]: "pip" };
  expect(rowsOf(two, base)).toBe(2);
  expect(parse(awards, two)).toEqual({ value: [{ type: "dla" }, { type: "pip" }] });
  const one = removeRow(two, base, 0);
  expect(parse(awards, one)).toEqual({ value: [{ type: "pip" }] });
  expect(parse(awards, addRow(one, base, shape.of))).toEqual({ value: [{ type: "pip" }] });
  expect(one["benefit-awards--made"]).not.toBe(addRow({}, base, shape.of)["benefit-awards--made"]);
});

test("what was in a removed row does not come back with a new one", () => {
  const shape = shapeOf(awards);
  if (shape.kind !== "list") throw new Error(shape.kind);
  const base = "benefit-awards";
  const stale = { [`${base}--0--type`]: "dla", [`${base}--1--type`]: "pip", [`${base}--rows`]: "1" };
  expect(parse(awards, addRow(stale, base, shape.of))).toEqual({ value: [{ type: "dla" }] });
});

test("a former name is kept to oneself unless the resident says otherwise, and that alone is no name", () => {
  const draft = emptyForm(names);
  expect(draft["person-previous-names--0--concealed"]).toBe("on");
  expect(isEmpty(names, draft)).toBe(true);
  expect(parse(names, { ...draft, "person-previous-names--0--name": "Alex" })).toEqual({ value: [{ name: "Alex", concealed: true }] });
});

test("none is an answer, and it is not the same as having said nothing", () => {
  expect(parse(awards, { "benefit-awards--none": "on" })).toEqual({ value: [] });
  expect(parse(awards, {})).toEqual({ error: { field: "benefit-awards--0--type", attribute: "benefit.awards", problem: "empty" } });
  expect(parse(awards, draftOf(awards, []))).toEqual({ value: [] });
});

test.each([
  ["person.previous_names", { "person-previous-names--0--from--day": "1" }, "person-previous-names--0--name", "empty", "name"],
  ["household.partner", { "household-partner--date-of-birth--day": "30", "household-partner--date-of-birth--month": "2",
    "household-partner--date-of-birth--year": "1985" }, "household-partner--date-of-birth--day", "date-real", "date_of_birth"],
  ["accommodation.landlord", { "accommodation-landlord--address--line1": "1 Quay", "accommodation-landlord--address--postcode": "AN" },
    "accommodation-landlord--address--postcode", "postcode-wrong", "address"],
  ["disability.sight_registration", { "disability-sight-registration--council": "Anytown" }, "disability-sight-registration--council", "wrong", "council"],
  ["vehicle.make_model_colour", { "vehicle-make-model-colour--make": "x".repeat(51) }, "vehicle-make-model-colour--make", "too-long", "make"],
] as const)("%s typed as %o sends people to %s: %s", (id, draft, field, problem, part) => {
  expect(parse(entry(id), draft)).toEqual({ error: { field, attribute: id, problem, part } });
});

test("a value that stands twice in a list is refused at its first box", () => {
  const twice = { "person-nationalities--rows": "2", "person-nationalities--0": "GB", "person-nationalities--1": "GB" };
  expect(parse(entry("person.nationalities"), twice)).toMatchObject({ error: { problem: "wrong" } });
});
