import { expect, test } from "vitest";
import { controlOf, draftOf, fieldId, parse } from "../../src/state/fields.ts";
import { entry } from "../example.ts";

test("a name may have any character", () => {
  const typed = "  Siân Łucja  O’Connor-Nguyễn 3rd ";
  expect(parse(entry("person.full_name"), { "person-full-name": typed })).toEqual({ value: "Siân Łucja O’Connor-Nguyễn 3rd" });
});

test("spaces in a registration, a phone number and a postcode do not matter", () => {
  expect(parse(entry("vehicle.registration"), { "vehicle-registration": "ab51 abc" })).toEqual({ value: "AB51ABC" });
  expect(parse(entry("contact.mobile"), { "contact-mobile": "07700 900123" })).toEqual({ value: "+447700900123" });
});

test.each([
  ["person.full_name", {}, "person-full-name", "empty"],
  ["contact.email", { "contact-email": "sian at example" }, "contact-email", "wrong"],
  ["vehicle.registration", { "vehicle-registration": "THIS IS NO PLATE" }, "vehicle-registration", "wrong"],
  ["person.date_of_birth", {}, "person-date-of-birth--day", "empty"],
  ["person.date_of_birth", { "person-date-of-birth--day": "3", "person-date-of-birth--year": "1985" }, "person-date-of-birth--month", "date-incomplete"],
  ["person.date_of_birth", { "person-date-of-birth--day": "31", "person-date-of-birth--month": "2", "person-date-of-birth--year": "1985" },
    "person-date-of-birth--day", "date-real"],
  ["address.current", { "address-current--town": "Anytown" }, "address-current--line1", "line1-empty"],
  ["address.current", { "address-current--line1": "1 High Street", "address-current--postcode": "AN1" }, "address-current--postcode", "postcode-wrong"],
] as const)("%s typed as %o sends people to %s: %s", (id, draft, field, problem) => {
  expect(parse(entry(id), draft)).toEqual({ error: { field, attribute: id, problem } });
});

test.each([
  ["person.date_of_birth", "1985-03-31"],
  ["address.current", { lines: ["10 Example Street", "Flat 2"], town: "Anytown", postcode: "AN1 2AB" }],
  ["household.sole_adult", false],
  ["household.adults", 2],
  ["accommodation.tenure", "private_rental"],
] as const)("%s comes back from its boxes as it was", (id, value) => {
  expect(parse(entry(id), draftOf(entry(id), value))).toEqual({ value });
});

test("files are not typed here", () => {
  expect(controlOf(entry("document.proof_of_address"))).toBeNull();
});

test("the ids of inputs hold no dots", () => {
  expect(fieldId("person.date_of_birth", "day")).toBe("person-date-of-birth--day");
});
