/**
 * The boxes of details that have several parts, read from the catalogue's own schema: a new attribute of the catalogue
 * needs no code here. `parseForm` goes from boxes to the value, `draftOfForm` the other way.
 */
import { checkPart, checkValue } from "../core/catalogue.ts";
import type { Attribute, Schema } from "../core/catalogue.ts";
import { isArray, isObject } from "../core/encoding.ts";
import type { Json, JsonObject } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { DATE } from "../core/normalise.ts";
import { addressDraft, dateDraft, fieldId, parseAddressBoxes, parseDateBoxes } from "./fields.ts";
import type { Parsed } from "./fields.ts";
import type { Draft, FieldError, FieldProblem } from "./state.ts";

export interface Member { readonly name: string; readonly shape: Shape; readonly required: boolean }

/** What boxes a value is typed in. */
export type Shape =
  | { readonly kind: "text"; readonly schema: Schema }
  | { readonly kind: "date" | "address" | "boolean" }
  /** One tick, whose absence says no. */
  | { readonly kind: "tick" }
  | { readonly kind: "choice"; readonly options: readonly (string | number)[] }
  | { readonly kind: "country" | "language" }
  | { readonly kind: "ticks"; readonly options: readonly string[] }
  | { readonly kind: "object"; readonly members: readonly Member[] }
  | { readonly kind: "list"; readonly of: Shape };

const COUNTRY = "^[A-Z]{2}$";
const MOST_ROWS = 20;

/** Lists of which "none" is an answer of its own, which other answers are worked out from. */
const MAY_BE_NONE: ReadonlySet<string> = new Set(["benefit.awards", "contact.communication_needs", "household.members",
  "person.previous_names", "address.history"]);

export function mayBeNone(attribute: Attribute): boolean {
  return MAY_BE_NONE.has(attribute.id);
}

/** The boxes of an attribute of several parts. */
export function shapeOf({ id, type, validation }: Attribute): Shape {
  if (id === "contact.language") return { kind: "language" };
  if (type.startsWith("array")) return listOf(validation.schema ?? { items: { enum: validation.enum ?? [] } });
  return shapeOfNode("", validation.schema ?? {});
}

function listOf({ items = { type: "string" } }: Schema): Shape {
  if (items.enum !== undefined) return { kind: "ticks", options: items.enum.map(String) };
  return { kind: "list", of: items.pattern === COUNTRY ? { kind: "country" } : shapeOfNode("", items) };
}

function shapeOfNode(name: string, node: Schema): Shape {
  if (node.properties !== undefined) {
    if ("lines" in node.properties) return { kind: "address" };
    return { kind: "object", members: Object.entries(node.properties).map(([member, inner]) => ({
      name: member, shape: shapeOfNode(member, inner), required: (node.required ?? []).includes(member) })) };
  }
  if (node.items !== undefined || node.type === "array") return listOf(node);
  if (node.enum !== undefined) return { kind: "choice", options: node.enum };
  if (node.type === "boolean") return { kind: name === "concealed" ? "tick" : "boolean" };
  return node.pattern === DATE || node.type === undefined ? { kind: "date" } : { kind: "text", schema: node };
}

/** The name of a part's box. */
export function partName(base: string, part: string | number): string {
  return `${base}--${String(part).replaceAll("_", "-").replaceAll("/", "-")}`;
}

/** How many rows of a list are on the page. */
export function rowsOf(draft: Draft, base: string): number {
  return Math.min(MOST_ROWS, Math.max(1, Number(draft[`${base}--rows`] ?? "1") || 1));
}

export function isFull(draft: Draft, base: string): boolean {
  return rowsOf(draft, base) >= MOST_ROWS;
}

/** One more row. `made` changes with each change of the rows, so that the page draws them anew. */
export function addRow(draft: Draft, base: string, shape: Shape): Draft {
  const rows = rowsOf(draft, base);
  const kept = Object.entries(draft).filter(([name]) => (rowOf(name, base)?.row ?? -1) < rows);
  return { ...Object.fromEntries(kept), ...freshRow(partName(base, rows), shape), ...counted(draft, base, rows + 1) };
}

/** Without one row; those after it move up. */
export function removeRow(draft: Draft, base: string, row: number): Draft {
  const rows = rowsOf(draft, base);
  const kept = Object.entries(draft).flatMap(([name, value]): [string, string][] => {
    const found = rowOf(name, base);
    if (found === null || found.row < row) return [[name, value]];
    return found.row === row ? [] : [[`${base}--${found.row - 1}${found.rest}`, value]];
  });
  return { ...Object.fromEntries(kept), ...counted(draft, base, Math.max(1, rows - 1)) };
}

function counted(draft: Draft, base: string, rows: number): Draft {
  return { [`${base}--rows`]: String(rows), [`${base}--made`]: String(Number(draft[`${base}--made`] ?? "0") + 1) };
}

function rowOf(name: string, base: string): { row: number; rest: string } | null {
  const found = name.startsWith(`${base}--`) ? /^(\d+)($|--.*)/.exec(name.slice(base.length + 2)) : null;
  return found === null ? null : { row: Number(found[1]), rest: found[2] ?? "" };
}

/** A new row: names and addresses of the past are kept to oneself unless the resident says otherwise. */
function freshRow(base: string, shape: Shape): Draft {
  if (shape.kind !== "object") return {};
  return Object.fromEntries(shape.members.filter((member) => member.shape.kind === "tick")
    .map((member) => [partName(base, member.name), "on"]));
}

/** The boxes of a detail that the vault does not hold yet. */
export function emptyForm(attribute: Attribute): Draft {
  const shape = shapeOf(attribute);
  return shape.kind === "list" ? freshRow(partName(fieldId(attribute.id), 0), shape.of) : {};
}

/** Whether nothing at all was typed. A tick that is there by itself is nothing. */
export function isEmptyForm(attribute: Attribute, draft: Draft): boolean {
  const base = fieldId(attribute.id);
  return !noneTicked(draft, base) && isBlank(shapeOf(attribute), base, draft);
}

export function noneTicked(draft: Draft, base: string): boolean {
  return draft[`${base}--none`] === "on";
}

function isBlank(shape: Shape, base: string, draft: Draft): boolean {
  switch (shape.kind) {
    case "tick": return true;
    case "date": return ["day", "month", "year"].every((part) => typed(draft, partName(base, part)) === "");
    case "address": return ["line1", "line2", "town", "postcode"].every((part) => typed(draft, partName(base, part)) === "");
    case "ticks": return shape.options.every((option) => draft[partName(base, option)] !== "on");
    case "object": return shape.members.every((member) => isBlank(member.shape, partName(base, member.name), draft));
    case "list": return rowNumbers(draft, base).every((row) => isBlank(shape.of, partName(base, row), draft));
    case "text":
    case "boolean":
    case "choice":
    case "country":
    case "language": return typed(draft, base) === "";
  }
}

function rowNumbers(draft: Draft, base: string): number[] {
  return Array.from({ length: rowsOf(draft, base) }, (_, row) => row);
}

function typed(draft: Draft, name: string): string {
  return (draft[name] ?? "").trim();
}

/** The first thing to mend, thrown from where it is found. */
class ToMend extends Error {
  readonly mend: FieldError;

  constructor(mend: FieldError) {
    super(mend.problem);
    this.mend = mend;
  }
}

/** The value of what was typed, normalised by the catalogue's rules, or the one thing to mend first. */
export function parseForm(attribute: Attribute, draft: Draft): Parsed {
  const base = fieldId(attribute.id);
  const shape = shapeOf(attribute);
  if (mayBeNone(attribute) && noneTicked(draft, base) && isBlank(shape, base, draft)) return { value: [] };
  const reader = new Reader(attribute.id, draft);
  const first = firstBox(shape, base);
  try {
    if (isBlank(shape, base, draft)) reader.fail("empty", first);
    return { value: checkValue(attribute.id, reader.read(shape, base, "")) };
  } catch (error) {
    if (error instanceof ToMend) return { error: error.mend };
    // Each part was good by itself: what is left is the same entry twice, or too much of everything.
    if (error instanceof Invalid) return { error: { field: first, attribute: attribute.id, problem: "wrong" } };
    throw error;
  }
}

class Reader {
  private readonly attribute: string;
  private readonly draft: Draft;

  constructor(attribute: string, draft: Draft) {
    this.attribute = attribute;
    this.draft = draft;
  }

  fail(problem: FieldProblem, field: string, part = ""): never {
    throw new ToMend({ field, attribute: this.attribute, problem, ...(part === "" ? {} : { part }) });
  }

  /** `part` is the name of the part in the schema, for the message. */
  read(shape: Shape, base: string, part: string): Json {
    const text = typed(this.draft, base);
    switch (shape.kind) {
      case "text": return this.text(shape.schema, base, part);
      case "date": return this.inner(parseDateBoxes(this.draft, base), part);
      case "address": return this.inner(parseAddressBoxes(this.draft, base), part);
      case "boolean": return text === "yes";
      case "tick": return this.draft[base] === "on";
      case "choice": return shape.options.find((option) => String(option) === text) ?? this.fail("empty", base, part);
      case "country":
      case "language": return text;
      case "ticks": return shape.options.filter((option) => this.draft[partName(base, option)] === "on");
      case "object": return this.object(shape.members, base);
      case "list": return rowNumbers(this.draft, base).filter((row) => !isBlank(shape.of, partName(base, row), this.draft))
        .map((row) => this.read(shape.of, partName(base, row), part));
    }
  }

  private object(members: readonly Member[], base: string): JsonObject {
    return Object.fromEntries(members.flatMap(({ name, shape, required }): [string, Json][] => {
      const inner = partName(base, name);
      if (shape.kind !== "tick" && isBlank(shape, inner, this.draft)) {
        return required ? this.fail("empty", firstBox(shape, inner), name) : [];
      }
      return [[name, this.read(shape, inner, name)]];
    }));
  }

  private text(schema: Schema, base: string, part: string): Json {
    try {
      return checkPart(this.attribute, this.draft[base] ?? "", schema);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const long = [...typed(this.draft, base)].length > (schema.maxLength ?? 200);
      return this.fail(long ? "too-long" : "wrong", base, part);
    }
  }

  /** Boxes that are read as in a detail of their own. */
  private inner(parsed: { value: Json } | { problem: FieldProblem; field: string }, part: string): Json {
    return "problem" in parsed ? this.fail(parsed.problem, parsed.field, part) : parsed.value;
  }
}

/** The id of the input where the focus goes. */
export function firstBox(shape: Shape, base: string): string {
  switch (shape.kind) {
    case "date": return partName(base, "day");
    case "address": return partName(base, "line1");
    case "ticks": return partName(base, shape.options[0] ?? "");
    case "list": return firstBox(shape.of, partName(base, 0));
    case "object": {
      const first = shape.members[0];
      return first === undefined ? base : firstBox(first.shape, partName(base, first.name));
    }
    case "text":
    case "boolean":
    case "tick":
    case "choice":
    case "country":
    case "language": return base;
  }
}

/** The boxes filled with a value, for changing it. */
export function draftOfForm(attribute: Attribute, value: Json): Draft {
  const base = fieldId(attribute.id);
  const none = isArray(value) && value.length === 0 && mayBeNone(attribute);
  return { ...draftOfShape(shapeOf(attribute), base, value),
    ...(none ? { [`${base}--none`]: "on", ...emptyForm(attribute) } : {}) };
}

function draftOfShape(shape: Shape, base: string, value: Json): Draft {
  switch (shape.kind) {
    case "date": return typeof value === "string" ? dateDraft(value, base) : {};
    case "address": return addressDraft(value, base);
    case "boolean": return { [base]: value === true ? "yes" : "no" };
    case "tick": return value === true ? { [base]: "on" } : {};
    case "ticks": return isArray(value) ? ticked(base, value) : {};
    case "object": return isObject(value) ? merged(shape.members.map(({ name, shape: inner }) =>
      (value[name] === undefined ? {} : draftOfShape(inner, partName(base, name), value[name])))) : {};
    case "list": return isArray(value) ? { ...merged(value.map((one, row) => draftOfShape(shape.of, partName(base, row), one))),
      [`${base}--rows`]: String(Math.max(1, value.length)) } : {};
    case "text":
    case "choice":
    case "country":
    case "language": return { [base]: typeof value === "string" || typeof value === "number" ? String(value) : "" };
  }
}

function ticked(base: string, options: readonly Json[]): Draft {
  return Object.fromEntries(options.flatMap((option) => (typeof option === "string" ? [[partName(base, option), "on"]] : [])));
}

function merged(drafts: readonly Draft[]): Draft {
  return Object.assign({}, ...drafts) as Draft;
}
