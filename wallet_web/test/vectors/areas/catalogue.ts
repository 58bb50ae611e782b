import { ATTRIBUTES } from "../../../src/core/catalogue.ts";
import type { Json } from "../../../src/core/encoding.ts";
import { Area } from "../recipe.ts";

const NAME = "person.full_name";

/** What people type, and what is kept of it. */
const KEPT: readonly (readonly [string, string, Json, Json])[] = [
  [NAME, "a name in any script, its apostrophe and hyphen untouched", "Siân Łucja O’Connor-Nguyễn", "Siân Łucja O’Connor-Nguyễn"],
  [NAME, "one name only", "Tenzin", "Tenzin"],
  [NAME, "digits and symbols in a name stay", "X Æ A-12 (Bob) & Co.", "X Æ A-12 (Bob) & Co."],
  [NAME, "decomposed accents are composed", "Sia\u0302n", "Siân"],
  [NAME, "a wide space, a no-break space and a tab become one space", "\u3000Ann\u00a0\u00a0 \tLee ", "Ann Lee"],
  [NAME, "a byte order mark is not white space", "Ann\ufeffLee", "Ann\ufeffLee"],
  [NAME, "200 characters outside the basic plane are 200", "𐐀".repeat(199), "𐐀".repeat(199)],
  ["person.given_names", "capitals are left alone", "mary-JANE", "mary-JANE"],
  ["contact.email", "only the domain is lower case", " Sian.Jones@EXAMPLE.Org\u00a0", "Sian.Jones@example.org"],
  ["contact.email", "only ASCII letters of a domain change", "a@ÉCOLE.Example", "a@École.example"],
  ["contact.mobile", "a mobile as people write it", "07700 900 123", "+447700900123"],
  ["contact.mobile", "+44 (0)", "+44 (0) 7700 900123", "+447700900123"],
  ["contact.mobile", "0044", "0044-7700.900123", "+447700900123"],
  ["contact.mobile", "typographic hyphens", "07700\u2011900\u2013123", "+447700900123"],
  ["contact.phone_other", "another country", "00 353 1 496 0000", "+35314960000"],
  ["address.postcode", "a postcode without its space", "sw1a1aa", "SW1A 1AA"],
  ["address.postcode", "a postcode with too many", " s e 1-9, gf.", "SE1 9GF"],
  ["address.postcode", "Girobank", "gir0aa", "GIR 0AA"],
  ["vehicle.registration", "a plate with its gap", "ab51 abc", "AB51ABC"],
  ["person.national_insurance_number", "a National Insurance number in groups", "ab 12-34.56 c", "AB123456C"],
  ["document.lpa_access_code", "a code in groups", "v-ab12-cd34-ef56", "VAB12CD34EF56"],
  ["disability.blue_badge_number", "the spaces of a badge number become one", "abc  123\u00a0d", "ABC 123 D"],
  ["health.conditions", "lines stay lines", "\r\nAsthma\r\n\r\nOne knee\rbad \n", "Asthma\n\nOne knee\nbad"],
  ["person.date_of_birth", "a leap day", " 2024-02-29 ", "2024-02-29"],
  ["person.date_of_birth", "the first year", "0001-01-01", "0001-01-01"],
  ["person.date_of_birth", "2000 was a leap year", "2000-02-29", "2000-02-29"],
  ["household.adults", "no adults", 0, 0],
  ["household.adults", "the most adults", 50, 50],
  ["address.no_fixed_address", "no fixed address", true, true],
  ["address.current", "an address in full", {
    lines: [" Flat 2 ", "10  Example Street"], town: "Anytown", postcode: "an12ab", country: "GB", uprn: "10099999999",
  }, { lines: ["Flat 2", "10 Example Street"], town: "Anytown", postcode: "AN1 2AB", country: "GB", uprn: "10099999999" }],
  ["contact.correspondence_address", "one line is enough", { lines: ["c/o Day Centre"] }, { lines: ["c/o Day Centre"] }],
  [NAME, "200 characters of four bytes", "𐐀".repeat(200), "𐐀".repeat(200)],
  ["contact.communication_needs", "none is an answer", [], []],
  ["person.nationalities", "two nationalities", ["GB", "IE"], ["GB", "IE"]],
  ["benefit.awards", "an award without an end", [{ type: "pip", ends: null }], [{ type: "pip", ends: null }]],
  ["disability.mobility_award", "points", { type: "pip_mobility", moving_around_points: 0 },
    { type: "pip_mobility", moving_around_points: 0 }],
  ["contact.safe_contact", "texts in a list without a rule", { methods: ["sms"], safe_times: [" Tue  10:00 "] },
    { methods: ["sms"], safe_times: ["Tue 10:00"] }],
];

const REFUSED: readonly (readonly [string, string, Json])[] = [
  ["person.shoe_size", "an attribute that the catalogue lacks", "9"],
  ["person.title", "an attribute of a later release", "Dr"],
  ["person.photo", "a file", "urn:blob:sha256-x"],
  [NAME, "nothing but white space", " \u2003\n"],
  [NAME, "a control character", "Ann\u0007Lee"],
  [NAME, "a direction override", "Ann \u202eeeL"],
  [NAME, "201 characters", "n".repeat(201)],
  [NAME, "a number", 7],
  [NAME, "null", null],
  [NAME, "an array", ["Ann"]],
  ["contact.email", "white space within", "si an@example.org"],
  ["contact.email", "a byte order mark within", "si\ufeffan@example.org"],
  ["contact.email", "two @", "a@b@example.org"],
  ["contact.email", "no dot in the domain", "sian@localhost"],
  ["contact.mobile", "too few digits", "0770"],
  ["contact.mobile", "digits of another script", "٠٧٧٠٠٩٠٠١٢٣"],
  ["contact.mobile", "a plus in the middle", "07700+900123"],
  ["contact.mobile", "nothing but a zero", "0"],
  ["address.postcode", "half a postcode", "SW1A"],
  ["address.postcode", "a letter that only looks Latin", "ЅW1A 1AA"],
  ["vehicle.registration", "a long s, whose capital is S", "ab51 ſbc"],
  ["vehicle.registration", "eight characters", "AB51ABCD"],
  ["person.national_insurance_number", "a prefix that is never issued", "GB123456A"],
  ["person.national_insurance_number", "the prefix of examples", "QQ123456C"],
  ["person.date_of_birth", "29 February of a common year", "2023-02-29"],
  ["person.date_of_birth", "1900 was no leap year", "1900-02-29"],
  ["person.date_of_birth", "31 April", "2024-04-31"],
  ["person.date_of_birth", "the year 0", "0000-01-01"],
  ["person.date_of_birth", "a month of one digit", "1985-3-31"],
  ["person.date_of_birth", "a time beside the date", "1985-03-31T00:00:00Z"],
  ["person.sex", "another letter case", "Female"],
  ["person.age_over_18", "a text instead of a boolean", "true"],
  ["person.age_over_18", "one instead of true", 1],
  ["household.adults", "true instead of one", true],
  ["household.adults", "51 adults", 51],
  ["household.adults", "less than none", -1],
  ["household.adults", "digits in a text", "2"],
  ["address.current", "no lines", { town: "Anytown" }],
  ["address.current", "an empty array of lines", { lines: [] }],
  ["address.current", "an empty line", { lines: ["10 Example Street", ""] }],
  ["address.current", "the same line twice", { lines: ["Flat 2", "Flat 2 "] }],
  ["address.current", "six lines", { lines: ["1", "2", "3", "4", "5", "6"] }],
  ["address.current", "an unknown member", { lines: ["1"], planet: "Earth" }],
  ["address.current", "a member called __proto__", JSON.parse("{\"lines\":[\"1\"],\"__proto__\":\"x\"}") as Json],
  ["address.current", "a member called constructor", { lines: ["1"], constructor: "x" }],
  ["address.current", "a text", "10 Example Street"],
  ["address.current", "a postcode of elsewhere", { lines: ["1 rue"], postcode: "75001" }],
  ["accommodation.landlord", "an object without members", {}],
  ["contact.communication_needs", "a need twice", ["bsl", "bsl"]],
  ["contact.communication_needs", "an unknown need", ["bsl", "tea"]],
  ["contact.communication_needs", "a need that is no array", "bsl"],
  ["disability.mobility_award", "points as a text", { moving_around_points: "10" }],
  ["disability.mobility_award", "false instead of no points", { moving_around_points: false }],
  ["benefit.awards", "an end that is no day", [{ type: "pip", ends: "2026-02-30" }]],
  ["household.members", "a list over 4096 bytes", Array.from({ length: 110 }, (_, at) => ({ name: `Person number ${at + 1000} of a family` }))],
  ["health.conditions", "12001 bytes", "é".repeat(6000)],
];

/** `catalogue.check` (protocols/specs/catalogue.md). */
export function catalogue(): Area {
  const area = new Area("catalogue");
  for (const [attribute, comment, value, kept] of KEPT) {
    area.valid("catalogue.check", comment, { attribute, value }, kept);
    area.valid("catalogue.check", `${comment}: again`, { attribute, value: kept }, kept, "Idempotent");
  }
  for (const [attribute, comment, value] of REFUSED) {
    area.invalid("catalogue.check", "catalogue/value", comment, { attribute, value }, ATTRIBUTES.has(attribute) ? "Value" : "Attribute");
  }
  return area;
}
