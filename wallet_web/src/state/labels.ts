/** What a detail is called on screen: the words of the language, else the catalogue's. */
import { ATTRIBUTES } from "../core/catalogue.ts";
import type { Text } from "../text/index.ts";

export function labelOf(id: string, text: Text): string {
  return text.labels[id] ?? ATTRIBUTES.get(id)?.label ?? id;
}
