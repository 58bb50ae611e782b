/** Reading the members of a document whose shape is fixed: exact names, exact types, one error. */
import { isArray, isObject } from "./encoding.ts";
import type { Json, JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import type { Code } from "./errors.ts";

export const ID = /^[A-Za-z0-9_-]{21}[AQgw]$/;
export const DIGEST = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const MAX_TEXT = 2048;

/** A text of the registry in both languages. */
export interface Words { readonly en: string; readonly cy: string }

/** `value` if it is an object with exactly these members. */
export function exactly(
  value: Json | undefined, names: readonly string[], code: Code, optional: readonly string[] = [],
): JsonObject {
  if (!isObject(value)) throw new Invalid(code, "not an object");
  const missing = names.find((name) => !Object.hasOwn(value, name));
  const unknown = Object.keys(value).find((name) => !names.includes(name) && !optional.includes(name));
  if (missing !== undefined || unknown !== undefined) throw new Invalid(code, `members: ${missing ?? unknown ?? ""}`);
  return value;
}

/** Any object, as name and value. */
export function entries(value: Json | undefined, code: Code, names?: RegExp): (readonly [string, Json])[] {
  if (!isObject(value)) throw new Invalid(code, "not an object");
  const members = Object.entries(value);
  if (names !== undefined && !members.every(([name]) => names.test(name))) throw new Invalid(code, "a name");
  return members;
}

/** A string of 1 to 2048 characters. */
export function text(document: JsonObject, name: string, code: Code, pattern?: RegExp): string {
  return asText(document[name], code, pattern);
}

export function asText(value: Json | undefined, code: Code, pattern?: RegExp): string {
  if (typeof value !== "string" || value === "" || value.length > MAX_TEXT) throw new Invalid(code, "not a text");
  if (pattern !== undefined && !pattern.test(value)) throw new Invalid(code, "another pattern");
  return value;
}

/** A digest, or `""` where there is nothing yet. */
export function digestOrNothing(document: JsonObject, name: string, code: Code): string {
  return document[name] === "" ? "" : text(document, name, code, DIGEST);
}

/** An integer of at least `least`. */
export function integer(document: JsonObject, name: string, code: Code, least = 0): number {
  const value = document[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least) throw new Invalid(code, name);
  return value;
}

export function flag(document: JsonObject, name: string, code: Code): boolean {
  const value = document[name];
  if (typeof value !== "boolean") throw new Invalid(code, name);
  return value;
}

export function array(value: Json | undefined, code: Code, most = 256): readonly Json[] {
  if (!isArray(value) || value.length > most) throw new Invalid(code, "not an array, or too long");
  return value;
}

export function texts(value: Json | undefined, code: Code, pattern?: RegExp): readonly string[] {
  return array(value, code).map((member) => asText(member, code, pattern));
}

export function oneOf<const T extends string>(value: Json | undefined, allowed: readonly T[], code: Code): T {
  const found = allowed.find((member) => member === value);
  if (found === undefined) throw new Invalid(code, `none of ${allowed.join(", ")}`);
  return found;
}

/** English and Welsh. */
export function words(value: Json | undefined, code: Code): Words {
  const both = exactly(value, ["en", "cy"], code);
  return { en: text(both, "en", code), cy: text(both, "cy", code) };
}
