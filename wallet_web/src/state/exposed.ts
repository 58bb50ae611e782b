/** The live grants that show a protected place. */
import type { Json } from "../core/encoding.ts";
import { reveals } from "../core/guarded.ts";
import type { Choice, GrantItem } from "../core/items.ts";
import type { Opened } from "../core/manifest.ts";
import { heldItem, liveGrants } from "./items.ts";
import { isProtected, marksIn } from "./preferences.ts";
import { answering } from "./present.ts";

/** The live grants through which somebody sees a protected value, each with the attributes that show it. */
export function exposedIn(opened: Opened): [id: string, item: GrantItem, attributes: string[]][] {
  const given = marksIn(opened.items);
  return liveGrants(opened).flatMap(([id, item]): [string, GrantItem, string[]][] => {
    const told = (attribute: string, { value, item: chosen }: Choice): Json =>
      value ?? heldItem(answering(item, attribute, opened.items), attribute, chosen)?.[1].value ?? null;
    const shows = ([attribute, choice]: [string, Choice]): boolean => choice.choice === "share" && choice.absent === undefined
      && (isProtected(attribute) || reveals(told(attribute, choice), given));
    const shown = Object.entries(item.choices).filter(shows).map(([attribute]) => attribute);
    return shown.length === 0 ? [] : [[id, item, shown]];
  });
}

/** A grant that tells these attributes no more: to its service they look as if they were not held. */
export function without(item: GrantItem, attributes: readonly string[]): GrantItem {
  const gone = Object.fromEntries(attributes.map((id) => [id, { choice: "withhold" as const }]));
  return { ...item, choices: { ...item.choices, ...gone } };
}
