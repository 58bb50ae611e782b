/** Between what people type in the boxes of a detail and its value: `parse` one way, `draftOf` the other. */
import { checkValue } from "../core/catalogue.ts";
import type { Attribute } from "../core/catalogue.ts";
import type { Json } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import type { Draft, FieldError, FieldProblem } from "./state.ts";

export type Parsed = { readonly value: Json } | { readonly error: FieldError };

/** The boxes that a detail can be typed in. Lists, objects and files are not typed here yet. */
export type Control = "text" | "date" | "address" | "boolean" | "choice" | "number";

export function controlOf(attribute: Attribute): Control | null {
  return CONTROLS[attribute.type] ?? null;
}

const CONTROLS: Readonly<Partial<Record<Attribute["type"], Control>>> = {
  string: "text", date: "date", address: "address", boolean: "boolean", enum: "choice", integer: "number",
};

/** The id and name of an input: no dots, so that style sheets and tests can name it. */
export function fieldId(attribute: string, part?: string): string {
  const id = attribute.replaceAll(".", "-").replaceAll("_", "-");
  return part === undefined ? id : `${id}--${part}`;
}

const PARTS: Readonly<Record<Control, readonly string[]>> = {
  text: [""], boolean: [""], choice: [""], number: [""],
  date: ["day", "month", "year"],
  address: ["line1", "line2", "town", "postcode"],
};

function typed(attribute: Attribute, draft: Draft, part = ""): string {
  return (draft[part === "" ? fieldId(attribute.id) : fieldId(attribute.id, part)] ?? "").trim();
}

/** Whether nothing at all was typed for a detail. */
export function isEmpty(attribute: Attribute, draft: Draft): boolean {
  const control = controlOf(attribute);
  return control === null || PARTS[control].every((part) => typed(attribute, draft, part) === "");
}

/** The value of what was typed, normalised by the catalogue's rules, or the one thing to mend first. */
export function parse(attribute: Attribute, draft: Draft): Parsed {
  const control = controlOf(attribute);
  const fail = (problem: FieldProblem, part?: string): Parsed =>
    ({ error: { field: firstField(attribute, part), attribute: attribute.id, problem } });
  if (control === null) return fail("wrong");
  if (control === "address") return parseAddress(attribute, draft, fail);
  if (isEmpty(attribute, draft)) return fail("empty");
  if (control === "date") return parseDate(attribute, draft, fail);
  const text = typed(attribute, draft);
  if (control === "number") return /^\d{1,9}$/.test(text) ? checked(attribute, Number(text), fail) : fail("number");
  if (control === "boolean") return checked(attribute, text === "yes", fail);
  const longest = attribute.validation.maxLength;
  if (longest !== undefined && [...text].length > longest) return fail("too-long");
  return checked(attribute, text, fail);
}

type Fail = (problem: FieldProblem, part?: string) => Parsed;

function checked(attribute: Attribute, value: Json, fail: Fail, otherwise: FieldProblem = "wrong", part?: string): Parsed {
  try {
    return { value: checkValue(attribute.id, value) };
  } catch (error) {
    if (error instanceof Invalid) return fail(otherwise, part);
    throw error;
  }
}

function parseDate(attribute: Attribute, draft: Draft, fail: Fail): Parsed {
  const [day, month, year] = PARTS.date.map((part) => typed(attribute, draft, part)) as [string, string, string];
  const missing = PARTS.date.find((part) => typed(attribute, draft, part) === "");
  if (missing !== undefined) return fail("date-incomplete", missing);
  if (!/^\d{1,2}$/.test(day)) return fail("date-real", "day");
  if (!/^\d{1,2}$/.test(month)) return fail("date-real", "month");
  if (!/^\d{4}$/.test(year)) return fail("date-real", "year");
  return checked(attribute, `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`, fail, "date-real", "day");
}

function parseAddress(attribute: Attribute, draft: Draft, fail: Fail): Parsed {
  const part = (name: string): string => typed(attribute, draft, name);
  if (part("line1") === "") return fail("line1-empty", "line1");
  if (["line1", "line2", "town"].some((name) => [...part(name)].length > 100)) {
    return fail("too-long", ["line1", "line2", "town"].find((name) => [...part(name)].length > 100));
  }
  const lines = part("line2") === "" || part("line2") === part("line1") ? [part("line1")] : [part("line1"), part("line2")];
  const place = { lines, ...(part("town") === "" ? {} : { town: part("town") }) };
  const base = checked(attribute, place, fail, "wrong", "line1");
  if ("error" in base || part("postcode") === "") return base;
  return checked(attribute, { ...place, postcode: part("postcode") }, fail, "postcode-wrong", "postcode");
}

/** The id of the input where an error of a detail sends the focus. */
export function firstField(attribute: Attribute, part?: string): string {
  const control = controlOf(attribute);
  const first = part ?? (control === null ? "" : PARTS[control][0] ?? "");
  return first === "" ? fieldId(attribute.id) : fieldId(attribute.id, first);
}

/** The boxes filled with a value, for changing it. */
export function draftOf(attribute: Attribute, value: Json): Draft {
  const control = controlOf(attribute);
  const field = (part: string): string => fieldId(attribute.id, part);
  if (control === "date" && typeof value === "string") {
    const [year = "", month = "", day = ""] = value.split("-");
    return { [field("day")]: String(Number(day)), [field("month")]: String(Number(month)), [field("year")]: year };
  }
  if (control === "address" && isAddress(value)) {
    const [line1 = "", ...rest] = value.lines;
    return { [field("line1")]: line1, [field("line2")]: rest.join(", "), [field("town")]: value.town ?? "",
      [field("postcode")]: value.postcode ?? "" };
  }
  if (control === "boolean") return { [fieldId(attribute.id)]: value === true ? "yes" : "no" };
  return { [fieldId(attribute.id)]: typeof value === "string" || typeof value === "number" ? String(value) : "" };
}

/** An address of the catalogue. */
export interface Address { readonly lines: readonly string[]; readonly town?: string; readonly postcode?: string }

export function isAddress(value: unknown): value is Address {
  return typeof value === "object" && value !== null && "lines" in value && Array.isArray(value.lines);
}
