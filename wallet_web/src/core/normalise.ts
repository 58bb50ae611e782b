/** The table of strings of protocols/specs/catalogue.md: how each is normalised before it is checked. */

const SPACE = "[\\u0009-\\u000D\\u0020\\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]";
const PUNCTUATION = "[\\u0021-\\u002F\\u003A-\\u0040\\u005B-\\u0060\\u007B-\\u007E\\u2010-\\u2015]";
const SPACES = new RegExp(`${SPACE}+`, "gu");
const EDGES = new RegExp(`^${SPACE}+|${SPACE}+$`, "gu");
const SPACE_AND_PUNCTUATION = new RegExp(`${SPACE}|${PUNCTUATION}`, "gu");
const ALL_BUT_PLUS = new RegExp(`${SPACE}|(?!\\+)${PUNCTUATION}`, "gu");
const NOT_IN_EMAIL = new RegExp(`${SPACE}|[\\uFEFF\\u0000-\\u001F\\u007F-\\u009F]`, "u");

export const PLAIN = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u202A-\\u202E\\u2066-\\u2069]+$";
export const DATE = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
const POSTCODE = "^(GIR 0AA|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})$";
const TELEPHONE = "^\\+[1-9][0-9]{6,14}$";

const CODES: ReadonlySet<string> = new Set(["person.national_insurance_number", "account.council_tax_ref",
  "account.library_card", "vehicle.registration", "benefit.asylum_support_ref", "document.lpa_access_code", "address.uprn",
  "address.local_authority", "child.school_urn"]);

/** The normalised text; null where no text of this rule may hold such characters. `attribute` is "" inside a schema. */
export function normalise(value: string, attribute: string, pattern: string): string | null {
  if (attribute === "health.conditions") return trim(value.normalize("NFC").replace(/\r\n?/g, "\n"));
  if (pattern === DATE) return trim(value);
  if (pattern === POSTCODE) return postcode(value);
  if (pattern === TELEPHONE) return telephone(value);
  if (attribute === "contact.email") return email(value);
  if (attribute === "disability.blue_badge_number") return upper(line(value));
  return CODES.has(attribute) ? code(value) : line(value);
}

function line(value: string): string {
  return trim(value.normalize("NFC").replace(SPACES, " "));
}

function trim(value: string): string {
  return value.replace(EDGES, "");
}

/** ASCII only: other alphabets' capitals are not what a reference number is made of. */
function upper(value: string): string {
  return value.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

function code(value: string): string {
  return upper(value).replace(SPACE_AND_PUNCTUATION, "");
}

function postcode(value: string): string {
  const characters = [...code(value)];
  return characters.length > 3 ? `${characters.slice(0, -3).join("")} ${characters.slice(-3).join("")}` : characters.join("");
}

function telephone(value: string): string {
  return value.replace(ALL_BUT_PLUS, "").replace(/^00/, "+").replace(/^0/, "+44").replace(/^\+440/, "+44");
}

function email(value: string): string | null {
  const address = trim(value.normalize("NFC"));
  if (NOT_IN_EMAIL.test(address)) return null;
  const domain = address.lastIndexOf("@") + 1;
  return address.slice(0, domain) + address.slice(domain).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** A text without white space and punctuation, its ASCII letters in capitals: to compare, not to keep. */
export function squeezed(value: string): string {
  return code(value.normalize("NFC"));
}
