/** Between what people type in the boxes of a detail and its value: `parse` one way, `draftOf` the other. */
import { checkValue } from "../core/catalogue.ts";
import type { Attribute } from "../core/catalogue.ts";
import { dayNumber } from "../core/dates.ts";
import type { Json } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { draftOfForm, isEmptyForm, parseForm } from "./shapes.ts";
import type { Draft, FieldError, FieldProblem } from "./state.ts";

export type Parsed = { readonly value: Json } | { readonly error: FieldError };

/** The boxes that a detail can be typed in. `form` has several parts (shapes.ts). Files are not typed. */
export type Control = "text" | "date" | "address" | "boolean" | "choice" | "number" | "form";

export function controlOf(attribute: Attribute): Control | null {
  if (attribute.type === "object" || attribute.type.startsWith("array") || attribute.id === "contact.language") return "form";
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
  text: [""], boolean: [""], choice: [""], number: [""], form: [""],
  date: ["day", "month", "year"],
  address: ["line1", "line2", "town", "postcode"],
};

function typed(attribute: Attribute, draft: Draft, part = ""): string {
  return (draft[part === "" ? fieldId(attribute.id) : fieldId(attribute.id, part)] ?? "").trim();
}

/** Whether nothing at all was typed for a detail. */
export function isEmpty(attribute: Attribute, draft: Draft): boolean {
  const control = controlOf(attribute);
  if (control === "form") return isEmptyForm(attribute, draft);
  return control === null || PARTS[control].every((part) => typed(attribute, draft, part) === "");
}

/** The value of what was typed, normalised by the catalogue's rules, or the one thing to mend first. */
export function parse(attribute: Attribute, draft: Draft): Parsed {
  const control = controlOf(attribute);
  const fail = (problem: FieldProblem, part?: string): Parsed =>
    ({ error: { field: firstField(attribute, part), attribute: attribute.id, problem } });
  if (control === null) return fail("wrong");
  if (control === "form") return parseForm(attribute, draft);
  if (control === "address") return placed(attribute, parseAddressBoxes(draft, fieldId(attribute.id)));
  if (isEmpty(attribute, draft)) return fail("empty");
  if (control === "date") return placed(attribute, parseDateBoxes(draft, fieldId(attribute.id)));
  const text = typed(attribute, draft);
  if (control === "number") return /^\d{1,9}$/.test(text) ? checked(attribute, Number(text), fail) : fail("number");
  if (control === "boolean") return checked(attribute, text === "yes", fail);
  const longest = attribute.validation.maxLength;
  if (longest !== undefined && [...text].length > longest) return fail("too-long");
  return checked(attribute, text, fail);
}

type Fail = (problem: FieldProblem, part?: string) => Parsed;

function checked(attribute: Attribute, value: Json, fail: Fail): Parsed {
  try {
    return { value: checkValue(attribute.id, value) };
  } catch (error) {
    if (error instanceof Invalid) return fail("wrong");
    throw error;
  }
}

/** A group of boxes read: its value, or what is wrong with which box. */
export type Boxes = { readonly value: Json } | { readonly problem: FieldProblem; readonly field: string };

function placed(attribute: Attribute, boxes: Boxes): Parsed {
  if ("problem" in boxes) return { error: { attribute: attribute.id, ...boxes } };
  return checked(attribute, boxes.value, (problem) =>
    ({ error: { attribute: attribute.id, field: firstField(attribute), problem } }));
}

/** The three boxes of a date whose names begin with `base`. */
export function parseDateBoxes(draft: Draft, base: string): Boxes {
  const part = (name: string): string => (draft[`${base}--${name}`] ?? "").trim();
  const bad = (problem: FieldProblem, name: string): Boxes => ({ problem, field: `${base}--${name}` });
  const missing = PARTS.date.find((name) => part(name) === "");
  if (missing !== undefined) return bad("date-incomplete", missing);
  if (!/^\d{1,2}$/.test(part("day"))) return bad("date-real", "day");
  if (!/^\d{1,2}$/.test(part("month"))) return bad("date-real", "month");
  if (!/^\d{4}$/.test(part("year"))) return bad("date-real", "year");
  const date = `${part("year")}-${part("month").padStart(2, "0")}-${part("day").padStart(2, "0")}`;
  return dayNumber(date) === null ? bad("date-real", "day") : { value: date };
}

/** The boxes of an address whose names begin with `base`: any address of the catalogue is checked in the same way. */
export function parseAddressBoxes(draft: Draft, base: string): Boxes {
  const part = (name: string): string => (draft[`${base}--${name}`] ?? "").trim();
  const bad = (problem: FieldProblem, name: string): Boxes => ({ problem, field: `${base}--${name}` });
  if (part("line1") === "") return bad("line1-empty", "line1");
  const long = ["line1", "line2", "town"].find((name) => [...part(name)].length > 100);
  if (long !== undefined) return bad("too-long", long);
  const lines = part("line2") === "" || part("line2") === part("line1") ? [part("line1")] : [part("line1"), part("line2")];
  const place = { lines, ...(part("town") === "" ? {} : { town: part("town") }) };
  const kept = (value: Json): Json | null => {
    try {
      return checkValue("contact.correspondence_address", value);
    } catch (error) {
      if (error instanceof Invalid) return null;
      throw error;
    }
  };
  const value = kept(place);
  if (value === null) return bad("wrong", "line1");
  if (part("postcode") === "") return { value };
  const whole = kept({ ...place, postcode: part("postcode") });
  return whole === null ? bad("postcode-wrong", "postcode") : { value: whole };
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
  if (control === "form") return draftOfForm(attribute, value);
  if (control === "date" && typeof value === "string") return dateDraft(value, fieldId(attribute.id));
  if (control === "address") return addressDraft(value, fieldId(attribute.id));
  if (control === "boolean") return { [fieldId(attribute.id)]: value === true ? "yes" : "no" };
  return { [fieldId(attribute.id)]: typeof value === "string" || typeof value === "number" ? String(value) : "" };
}

export function dateDraft(date: string, base: string): Draft {
  const [year = "", month = "", day = ""] = date.split("-");
  return { [`${base}--day`]: String(Number(day)), [`${base}--month`]: String(Number(month)), [`${base}--year`]: year };
}

export function addressDraft(value: Json, base: string): Draft {
  if (!isAddress(value)) return {};
  const [line1 = "", ...rest] = value.lines;
  return { [`${base}--line1`]: line1, [`${base}--line2`]: rest.join(", "), [`${base}--town`]: value.town ?? "",
    [`${base}--postcode`]: value.postcode ?? "" };
}

/** An address of the catalogue. */
export interface Address { readonly lines: readonly string[]; readonly town?: string; readonly postcode?: string }

export function isAddress(value: unknown): value is Address {
  return typeof value === "object" && value !== null && "lines" in value && Array.isArray(value.lines);
}
