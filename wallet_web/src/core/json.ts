/** Strict JSON and its canonical form, as protocols/specs/encoding.md means them. */
import { Invalid } from "./errors.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [member: string]: Json };

const MAX_DEPTH = 32;
const LONE_SURROGATE = /\p{Surrogate}/u;
const NUMBER = /-?(?:0|[1-9][0-9]*)/y;
const SPACE = /[ \t\n\r]*/y;
/** Up to the closing quote: no control character, escapes of RFC 8259 section 7 only. */
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const WORDS: ReadonlyMap<string, Json> = new Map([["true", true], ["false", false], ["null", null]]);

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of strict JSON. Errors: `encoding/json`. */
export function parseJson(data: Uint8Array | string): Json {
  return new Parser(typeof data === "string" ? data : decoded(data)).whole();
}

/** Strict JSON that is an object. Errors: `encoding/json`. */
export function parseObject(data: Uint8Array | string): JsonObject {
  const value = parseJson(data);
  if (!isObject(value)) throw new Invalid("encoding/json", "not an object");
  return value;
}

/** RFC 8785, for the values that our documents may hold. Errors: `encoding/json`. */
export function jcs(value: Json, depth = 0): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return integer(value);
  if (typeof value === "string") return text(value);
  if (depth === MAX_DEPTH) throw new Invalid("encoding/json", "too deep");
  if (isArray(value)) return `[${value.map((member) => jcs(member, depth + 1)).join(",")}]`;
  // Section 3.2.3: by UTF-16 code units, which is how JavaScript sorts.
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${text(name)}:${jcs(member, depth + 1)}`).join(",")}}`;
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Invalid("encoding/json", "not an integer within 2^53");
  return String(value);
}

function text(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new Invalid("encoding/json", "lone surrogate");
  return JSON.stringify(value);
}

function decoded(data: Uint8Array): string {
  try {
    // A byte order mark is kept, and refused as no JSON begins with one.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new Invalid("encoding/json", "not UTF-8");
  }
}

class Parser {
  private at = 0;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  whole(): Json {
    const value = this.value(0);
    this.space();
    if (this.at !== this.source.length) this.fail("something after the value");
    return value;
  }

  private value(depth: number): Json {
    this.space();
    const first = this.source[this.at];
    if (first === "{") return this.object(this.deeper(depth));
    if (first === "[") return this.array(this.deeper(depth));
    if (first === "\"") return this.string();
    for (const [word, value] of WORDS) if (this.source.startsWith(word, this.at)) return this.took(word, value);
    return this.number();
  }

  private object(depth: number): JsonObject {
    const members = new Map<string, Json>();
    if (this.opens("}")) return {};
    do {
      this.space();
      const name = this.string();
      if (members.has(name)) this.fail("duplicate member");
      this.expect(":");
      members.set(name, this.value(depth));
    } while (this.goesOn("}"));
    // Not by assignment: a member may be called __proto__.
    return Object.fromEntries(members);
  }

  private array(depth: number): readonly Json[] {
    const members: Json[] = [];
    if (this.opens("]")) return members;
    do members.push(this.value(depth)); while (this.goesOn("]"));
    return members;
  }

  private string(): string {
    const value = JSON.parse(this.match(STRING)) as string;
    if (LONE_SURROGATE.test(value)) this.fail("lone surrogate");
    return value;
  }

  private number(): number {
    const digits = this.match(NUMBER);
    const value = Number(digits);
    // A fraction or an exponent is what follows here, and nothing in JSON may follow a number but these.
    if (!Number.isSafeInteger(value) || digits === "-0") this.fail("integer out of range");
    return value;
  }

  private deeper(depth: number): number {
    if (depth === MAX_DEPTH) this.fail("too deep");
    return depth + 1;
  }

  /** Steps over an opening bracket; true when the closing one follows at once. */
  private opens(close: string): boolean {
    this.at += 1;
    this.space();
    if (this.source[this.at] !== close) return false;
    this.at += 1;
    return true;
  }

  /** True after a comma, false after the closing bracket. */
  private goesOn(close: string): boolean {
    this.space();
    const mark = this.source[this.at];
    this.at += 1;
    if (mark !== "," && mark !== close) this.fail("neither a comma nor an end");
    return mark === ",";
  }

  private expect(mark: string): void {
    this.space();
    if (this.source[this.at] !== mark) this.fail(`no ${mark}`);
    this.at += 1;
  }

  private took<T>(word: string, value: T): T {
    this.at += word.length;
    return value;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (found === null) this.fail("unexpected character");
    this.at += found[0].length;
    return found[0];
  }

  private space(): void {
    this.match(SPACE);
  }

  private fail(why: string): never {
    throw new Invalid("encoding/json", `${why} at ${this.at}`);
  }
}
