/** Another persona for a service that has met one: what it shares now ends first, and the service meets somebody else. */
import { jcs } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { itemsOf } from "../core/items.ts";
import type { GrantItem } from "../core/items.ts";
import { knownOf, mergePreferences } from "../core/preferences_item.ts";
import type { Preferences } from "../core/preferences_item.ts";
import { act, seconds, show } from "./app.ts";
import type { App } from "./app.ts";
import { showPreferences } from "./control.ts";
import { describe, heldItem, inCatalogue, liveGrants, purposeOf, relationship } from "./items.ts";
import type { Items } from "./items.ts";
import { togetherIn } from "./personas.ts";
import { preferencesIn, savePreferences, withPreferences } from "./preferences.ts";
import { claimsOf } from "./present.ts";
import type { AnewOption } from "./control_state.ts";
import type { Draft } from "./state.ts";
import { theVault } from "./vault.ts";
import { endGrant } from "./who.ts";

function grantsOf(app: App, service: string): [id: string, item: GrantItem][] {
  return liveGrants(theVault(app).opened).filter(([, item]) => item.service === service);
}

export function showKnownAs(app: App, service: string): void {
  const { items } = theVault(app).opened;
  const now = preferencesIn(items);
  const met = [...itemsOf(items, "grant").values()].filter((item) => item.service === service);
  const [last] = [...met].sort((one, other) => other.created - one.created);
  if (last === undefined) return;
  const current = knownOf(now, service).persona ?? "";
  const ids = ["", ...now.personas.keys()].filter((id) => id !== current);
  const told = met.map((item) => ({ persona: item.persona, claims: claimsOf(item, items, seconds(app)) }));
  const options = ids.map((id): AnewOption => ({
    id, name: now.personas.get(id)?.name ?? null,
    met: relationship(items, last.sector, id) !== null,
    together: togetherIn(items, { service, sector: last.sector, persona: id }),
    same: [...new Set(told.filter(({ persona }) => persona !== id).flatMap(({ claims }) => Object.entries(claims)
      .filter(([attribute, claim]) => "value" in claim && isTelling(attribute)
        && isSame(valueOf(now, items, id, attribute), claim.value))
      .map(([attribute]) => attribute)))],
  }));
  const ending = grantsOf(app, service).map(([, item]) => ({
    purpose: describe(item.statement).purposes.get(purposeOf(item))?.text ?? null,
    attributes: Object.entries(item.choices).filter(([, { choice }]) => choice === "share").map(([attribute]) => attribute) }));
  show(app, { screen: "knownAs", service, name: describe(last.statement).service, current: now.personas.get(current)?.name ?? null,
    options, ending, missing: false, sending: false, trouble: null });
}

/** Yes and no are everybody's. */
function isTelling(attribute: string): boolean {
  return (inCatalogue(attribute)?.sensitivity ?? 0) > 0;
}

function valueOf(now: Preferences, items: Items, persona: string, attribute: string): Json | undefined {
  return persona === "" ? heldItem(items, attribute)?.[1].value : now.personas.get(persona)?.values.get(attribute);
}

function isSame(one: Json | undefined, other: Json): boolean {
  return one !== undefined && jcs(one) === jcs(other);
}

/**
 * The persona under `chosen`. Each grant ends by a word that the former subject signs, and the commit of the last one
 * changes the preferences too: nothing is shared under the other before.
 */
export function changeKnownAs(app: App, draft: Draft): Promise<void> {
  const { state } = app;
  if (state.screen !== "knownAs" || app.busy) return Promise.resolve();
  const chosen = state.options.find(({ id }) => `as-${id}` === draft["chosen"]);
  if (chosen === undefined) {
    show(app, { ...state, missing: true });
    return Promise.resolve();
  }
  const { service } = state;
  show(app, { ...state, missing: false });
  return act(app, async () => {
    const changed = (now: Preferences): Preferences =>
      ({ ...now, services: new Map([...now.services, [service, { ...knownOf(now, service), persona: chosen.id }]]) });
    const base = preferencesIn(theVault(app).opened.items);
    const ending = grantsOf(app, service).filter(([, { persona }]) => persona !== chosen.id).map(([id]) => id);
    const last = ending.pop();
    for (const id of ending) await endGrant(app, id);
    if (last === undefined) await savePreferences(app, changed);
    else {
      await endGrant(app, last, undefined, (items) =>
        [withPreferences(app, items, mergePreferences(base, changed(base), preferencesIn(items)))]);
    }
    app.notice = { kind: "preference" };
    showPreferences(app);
  });
}
