/** What can be asked and shared, and how a value is checked (protocols/specs/catalogue.md). */
import { attributes } from "virtual:catalogue";
import { dayNumber } from "./dates.ts";
import { isArray, isObject, jcs, utf8 } from "./encoding.ts";
import type { Json, JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { DATE, PLAIN, normalise } from "./normalise.ts";

/** The part of JSON Schema that the catalogue uses. */
export interface Schema {
  readonly type?: "string" | "boolean" | "array";
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly enum?: readonly (string | number)[];
  readonly properties?: { readonly [member: string]: Schema };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Validation {
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly enum?: readonly string[];
  readonly schema?: Schema;
}

/** One entry of the catalogue. */
export interface Attribute {
  readonly id: string;
  /** English. */
  readonly label: string;
  readonly group: string;
  readonly type: "string" | "boolean" | "integer" | "date" | "enum" | "address" | "object" | "file" | `array<${string}>`;
  readonly cardinality: "0..1" | "0..*";
  readonly validation: Validation;
  /** 0 a derived answer, 1 ordinary, 2 an identifier or confidential, 3 special category: own page, hidden value. */
  readonly sensitivity: 0 | 1 | 2 | 3;
  readonly share_policy: "preferred" | "on_request" | "optional_only" | "explicit_single" | "explicit_each" | "discouraged";
  /** Withheld from every service while the resident's address protection is on. */
  readonly protected?: true;
  readonly keep_history?: true;
  readonly html_autocomplete?: string;
  readonly derived_from?: string;
}

/** Whether a vault may hold several items of it, of which a grant follows one. */
export function maySeveral({ cardinality, type }: Attribute): boolean {
  return cardinality === "0..*" && !type.startsWith("array");
}

const MAX_TEXT = 200;
const BYTES: Readonly<Record<string, number>> =
  { boolean: 5, date: 12, integer: 8, enum: 64, address: 2600, object: 2048, file: 256 };
const ARRAY_BYTES = 4096;

/** The attributes of the first release, by id. */
export const ATTRIBUTES: ReadonlyMap<string, Attribute> = new Map(attributes.map((attribute) => [attribute.id, attribute]));

/** How long the JCS of a value may be (protocols/specs/disclosure.md, Size). Errors: `catalogue/value`. */
export function maxBytes(id: string): number {
  const { type, validation: { maxLength } } = attributeOf(id);
  if (type !== "string") return BYTES[type] ?? ARRAY_BYTES;
  return maxLength === undefined ? 128 : Math.min(4 * maxLength + 2, 12000);
}

/** The normalised value; normalising it again changes nothing. Errors: `catalogue/value`, which never says the value. */
export function checkValue(id: string, value: Json): Json {
  const checked = checkType(attributeOf(id), value);
  if (utf8(jcs(checked)).length > maxBytes(id)) refuse(id, "too long");
  return checked;
}

/** A part of a value by itself, normalised: for a form that says which of its boxes is to be mended. Errors: `catalogue/value`. */
export function checkPart(id: string, value: Json, part: Schema): Json {
  return checkNode(id, value, part);
}

function attributeOf(id: string): Attribute {
  return ATTRIBUTES.get(id) ?? refuse(id, "not in the catalogue");
}

function checkType({ id, type, validation }: Attribute, value: Json): Json {
  switch (type) {
    case "boolean": return typeof value === "boolean" ? value : refuse(id, "not a boolean");
    case "integer": return checkInteger(id, value, validation.schema ?? {});
    case "date": return checkText(id, "", value, { pattern: DATE });
    case "enum": return (validation.enum ?? []).find((member) => member === value) ?? refuse(id, "not in the list");
    case "string": return checkText(id, id, value, validation);
    case "file": return refuse(id, "documents come later");
    case "address":
    case "object": return checkNode(id, value, validation.schema ?? {});
    default: return checkArray(id, value, validation.schema ?? { items: { enum: validation.enum ?? [] } });
  }
}

function checkNode(id: string, value: Json, node: Schema): Json {
  if (node.properties !== undefined) return checkObject(id, value, node, node.properties);
  if (node.items !== undefined || node.type === "array") return checkArray(id, value, node);
  if (node.enum !== undefined) return node.enum.find((member) => member === value) ?? refuse(id, "not in the list");
  if (node.type === "boolean") return typeof value === "boolean" ? value : refuse(id, "not a boolean");
  if (node.type === "string") return checkText(id, "", value, { maxLength: MAX_TEXT, ...node });
  return value === null ? null : checkText(id, "", value, { pattern: DATE });
}

function checkObject(id: string, value: Json, node: Schema, properties: { readonly [member: string]: Schema }): JsonObject {
  if (!isObject(value) || Object.keys(value).length === 0) return refuse(id, "not an object with members");
  if (!(node.required ?? []).every((name) => Object.hasOwn(value, name))) refuse(id, "a member is missing");
  return Object.fromEntries(Object.entries(value).map(([name, member]) => {
    const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return [name, inner === undefined ? refuse(id, "an unknown member") : checkNode(id, member, inner)];
  }));
}

function checkArray(id: string, value: Json, { items = { type: "string" }, minItems = 0, maxItems = Infinity }: Schema): Json {
  if (!isArray(value) || value.length < minItems || value.length > maxItems) return refuse(id, "not such an array");
  const members = value.map((member) => checkNode(id, member, items));
  const strings = members.filter((member) => typeof member === "string");
  return new Set(strings).size === strings.length ? members : refuse(id, "a member twice");
}

function checkInteger(id: string, value: Json, { minimum = -Infinity, maximum = Infinity }: Schema): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return refuse(id, "not an integer");
  return value >= minimum && value <= maximum ? value : refuse(id, "out of range");
}

/** `rule` is the attribute's id at the top, and empty inside a schema. */
function checkText(id: string, rule: string, value: Json, { pattern = PLAIN, maxLength = Infinity }: Schema): string {
  if (typeof value !== "string" || /\p{Surrogate}/u.test(value)) return refuse(id, "not a text");
  const text = normalise(value, rule, pattern);
  if (text === null || text === "" || [...text].length > maxLength) return refuse(id, "empty, too long or not such a text");
  if (!new RegExp(pattern, "u").test(text)) return refuse(id, "another pattern");
  return pattern === DATE && dayNumber(text) === null ? refuse(id, "no such day") : text;
}

function refuse(id: string, why: string): never {
  throw new Invalid("catalogue/value", `${id}: ${why}`);
}
