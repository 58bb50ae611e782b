/** What is typed for an answer and kept: who else follows it is told before the answer goes. */
import { Failure } from "../client/failure.ts";
import { jcs } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import type { Evaluation } from "../core/preferences.ts";
import type { App } from "./app.ts";
import type { Decision } from "./choices.ts";
import { heldItem } from "./items.ts";
import { preferencesIn } from "./preferences.ts";
import { seeing } from "./present.ts";
import { publishPreferences, publishValues } from "./publish.ts";
import type { NewValue } from "./publish.ts";
import { keptWith, typedIn } from "./values.ts";
import { theVault } from "./vault.ts";

/** Where a changed value is to be kept, everyone else who sees it gets the new one first. `shown`: their grants, as named. */
export async function tellOthers(
  app: App, proposal: Evaluation, decisions: ReadonlyMap<string, Decision>, shown: ReadonlySet<string>,
): Promise<void> {
  const { opened } = theVault(app);
  const { persona } = proposal;
  if (persona !== "") {
    // What is typed for a persona is told to those alone who know it.
    const isSeen = ([attribute]: readonly [string, unknown]): boolean => seeing(opened, { attribute, persona }).length > 0;
    const seen = new Map([...typedIn(decisions)].filter(isSeen));
    if (seen.size > 0) await publishPreferences(app, (now) => keptWith(proposal, now, seen) ?? now, { shown });
    return;
  }
  const changed = [...typedIn(decisions)].flatMap(([attribute, { value, keep }]): NewValue[] => {
    const item = heldItem(opened.items, attribute)?.[0];
    if (!keep || seeing(opened, { attribute, item }).length === 0) return [];
    return [{ attribute, value, ...(item === undefined ? {} : { item }) }];
  });
  if (changed.length > 0) await publishValues(app, changed, { shown });
}

/**
 * That nobody follows a value that is kept with this answer and is new: they were told before it, unless another device
 * shared it meanwhile. Errors: `Failure` `conflict`.
 */
export function checkTold(
  app: App, decisions: ReadonlyMap<string, Decision>, persona: string, replaced: ReadonlySet<string>,
): void {
  const { opened } = theVault(app);
  const isNew = ([attribute, { value, keep }]: readonly [string, { value: Json; keep: boolean }]): boolean => {
    const held = persona === "" ? heldItem(opened.items, attribute)?.[1].value
      : preferencesIn(opened.items).personas.get(persona)?.values.get(attribute);
    return keep && jcs(held ?? null) !== jcs(value);
  };
  const late = [...typedIn(decisions)].filter(isNew).flatMap(([attribute]) => seeing(opened,
    persona === "" ? { attribute, item: heldItem(opened.items, attribute)?.[0] } : { attribute, persona }));
  if (late.some(([id]) => !replaced.has(id))) throw new Failure("conflict");
}
