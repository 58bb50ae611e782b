/** A template as the markup that it would make, without a browser: good enough to read what stands in it. */
import { nothing } from "lit-html";

interface Template { readonly strings: readonly string[]; readonly values: readonly unknown[] }

function isTemplate(value: unknown): value is Template {
  return typeof value === "object" && value !== null && "strings" in value && "values" in value;
}

/** `keyed`, whose last value is what it draws. */
interface Directive { readonly values: readonly unknown[] }

function isDirective(value: unknown): value is Directive {
  return typeof value === "object" && value !== null && "_$litDirective$" in value && "values" in value;
}

export function flat(value: unknown): string {
  if (value === nothing || value === null || value === undefined || typeof value === "function") return "";
  if (Array.isArray(value)) return value.map(flat).join("");
  if (isDirective(value)) return flat(value.values.at(-1));
  if (isTemplate(value)) return value.strings.map((part, at) => part + flat(value.values[at])).join("");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** The words of a template, without tags, each run of white space one space. */
export function words(value: unknown): string {
  return flat(value).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ").trim();
}

/** How often a tag opens. */
export function count(value: unknown, tag: string): number {
  return flat(value).split(`<${tag}`).length - 1;
}
