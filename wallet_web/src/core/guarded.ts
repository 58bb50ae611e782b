/** What must not leave a vault inside another value: a protected address in a letter box, a former name in a list. */
import { ATTRIBUTES } from "./catalogue.ts";
import { isArray, isObject } from "./encoding.ts";
import type { Json } from "./encoding.ts";
import { squeezed } from "./normalise.ts";

const LINE_CHARACTERS = 8;
const PLACES = ["postcode", "uprn"];

/**
 * A held value as a service may read it, or null: of former names those that the resident does not conceal. That a name
 * is concealed is itself the vault's.
 */
export function told(attribute: string, value: Json): Json {
  if (attribute !== "person.previous_names" || !isArray(value)) return value;
  const shown = value.filter(isObject).filter(({ concealed = true }) => concealed === false)
    .map((one) => Object.fromEntries(Object.entries(one).filter(([name]) => name !== "concealed")));
  return shown.length === 0 ? null : shown;
}

/**
 * What gives a protected place away: of the held values those that the catalogue protects. Postcodes, property numbers,
 * references, and the lines of an address that are long enough to mean one place.
 */
export function marks(held: Iterable<readonly [attribute: string, value: Json]>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [id, value] of held) {
    const attribute = ATTRIBUTES.get(id);
    if (attribute?.protected !== true || id === "address.local_authority") continue;
    if (attribute.type === "string" && typeof value === "string") found.add(squeezed(value));
    else if (attribute.type !== "string") for (const mark of marksIn(value)) found.add(mark);
  }
  return found;
}

/** Whether one of these marks stands anywhere in a value, however it is spaced, punctuated or capitalised. */
export function reveals(value: Json, given: ReadonlySet<string>): boolean {
  if (typeof value === "string") {
    const text = squeezed(value);
    return [...given].some((mark) => text.includes(mark));
  }
  if (isArray(value)) return value.some((inner) => reveals(inner, given));
  return isObject(value) && Object.values(value).some((inner) => reveals(inner, given));
}

function marksIn(value: Json): string[] {
  if (isArray(value)) return value.flatMap(marksIn);
  if (!isObject(value)) return [];
  const { lines } = value;
  const places = PLACES.map((name) => value[name]).filter((part) => typeof part === "string").map(squeezed);
  const long = (isArray(lines) ? lines : []).filter((line) => typeof line === "string").map(squeezed)
    .filter((line) => [...line].length >= LINE_CHARACTERS);
  return [...places, ...long, ...Object.entries(value).filter(([name]) => name !== "lines").flatMap(([, part]) => marksIn(part))];
}
