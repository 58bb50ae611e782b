/** Another persona for a service that has met one: what it shares now ends first, and the service meets somebody else. */
import { Failure } from "../client/failure.ts";
import { jcs } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { itemsOf } from "../core/items.ts";
import type { GrantItem } from "../core/items.ts";
import { knownOf } from "../core/preferences_item.ts";
import { act, seconds, show, today } from "./app.ts";
import type { App } from "./app.ts";
import { showPreferences } from "./control.ts";
import { describe, inCatalogue, itemsOfPersona, liveGrants, purposeOf, relationship } from "./items.ts";
import { togetherIn } from "./personas.ts";
import { preferencesIn, withPreferences } from "./preferences.ts";
import { claim, claimsOf } from "./present.ts";
import type { AnewOption } from "./control_state.ts";
import type { Draft } from "./state.ts";
import { commit, theVault } from "./vault.ts";
import type { Plan, Vault } from "./vault.ts";
import { ending } from "./who.ts";

/** How much another device may share with a service while what it sees ends. */
const MORE = 5;

/** What a service sees now: what is over by itself is nobody's to stop. */
function grantsOf({ opened, over }: Vault, service: string): [id: string, item: GrantItem][] {
  return liveGrants(opened).filter(([id, item]) => item.service === service && !over.has(id));
}

export function showKnownAs(app: App, service: string): void {
  const { items } = theVault(app).opened;
  const now = preferencesIn(items);
  const met = [...itemsOf(items, "grant").values()].filter((item) => item.service === service);
  const [last] = [...met].sort((one, other) => other.created - one.created);
  if (last === undefined) return;
  const current = knownOf(now, service).persona ?? "";
  const ids = ["", ...now.personas.keys()].filter((id) => id !== current);
  const told = met.map((item) => ({ item, claims: claimsOf(item, items, seconds(app)) }));
  const options = ids.map((id): AnewOption => ({
    id, name: now.personas.get(id)?.name ?? null,
    met: relationship(items, last.sector, id) !== null,
    together: togetherIn(items, { service, sector: last.sector, persona: id }),
    same: [...new Set(told.filter(({ item }) => item.persona !== id).flatMap(({ item, claims }) => Object.entries(claims)
      .filter(([attribute, claim]) => "value" in claim && isTelling(attribute)
        && isSame(valueAs(app, id, item, attribute), claim.value))
      .map(([attribute]) => attribute)))],
  }));
  const ends = grantsOf(theVault(app), service).map(([, item]) => ({
    purpose: describe(item.statement).purposes.get(purposeOf(item))?.text ?? null,
    attributes: Object.entries(item.choices).filter(([, { choice }]) => choice === "share").map(([attribute]) => attribute) }));
  show(app, { screen: "knownAs", service, name: describe(last.statement).service, current: now.personas.get(current)?.name ?? null,
    options, ending: ends, missing: false, sending: false, trouble: null });
}

/** Yes and no are everybody's. */
function isTelling(attribute: string): boolean {
  return (inCatalogue(attribute)?.sensitivity ?? 0) > 0;
}

/** What the service of a grant would get for the same question, if it knew this persona: worked out, else held. */
function valueAs(app: App, persona: string, item: GrantItem, attribute: string): Json | undefined {
  const { items } = theVault(app).opened;
  const values = preferencesIn(items).personas.get(persona)?.values ?? new Map<string, Json>();
  const found = claim({ ...item, choices: { [attribute]: { choice: "share" } } }, attribute,
    persona === "" ? items : itemsOfPersona(values, today(app)), seconds(app));
  return "value" in found ? found.value : undefined;
}

function isSame(one: Json | undefined, other: Json): boolean {
  return one !== undefined && jcs(one) === jcs(other);
}

/**
 * The persona under `chosen`. Each grant ends by a word that the former subject signs, and the commit of the last one
 * changes the preferences too: nothing is shared under the other before. What another device shares meanwhile ends too.
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
    const wanted = { service, persona: chosen.id };
    for (let rounds = otherwiseKnown(theVault(app), wanted).length + MORE; !isKnownAs(theVault(app), wanted); rounds -= 1) {
      if (rounds === 0) throw new Failure("conflict");
      await commit(app, (vault) => towards(app, vault, wanted));
    }
    app.notice = { kind: "preference" };
    showPreferences(app);
  });
}

interface Wanted { readonly service: string; readonly persona: string }

function otherwiseKnown(vault: Vault, { service, persona }: Wanted): [id: string, item: GrantItem][] {
  return grantsOf(vault, service).filter(([, item]) => item.persona !== persona);
}

function isKnownAs(vault: Vault, wanted: Wanted): boolean {
  return knownOf(preferencesIn(vault.opened.items), wanted.service).persona === wanted.persona
    && otherwiseKnown(vault, wanted).length === 0;
}

/** The next commit. Errors: `Failure` `conflict` where another device took the persona away. */
async function towards(app: App, vault: Vault, wanted: Wanted): Promise<Plan> {
  const { service, persona } = wanted;
  const { opened: { items } } = vault;
  const now = preferencesIn(items);
  if (persona !== "" && !now.personas.has(persona)) throw new Failure("conflict");
  const [next, ...later] = otherwiseKnown(vault, wanted);
  const known = new Map([...now.services, [service, { ...knownOf(now, service), persona }]]);
  const put = later.length > 0 ? [] : [withPreferences(app, items, { ...now, services: known })];
  if (next === undefined) return { change: { put }, send: app.device.api.commit };
  const [id] = next;
  const { change, revocation } = await ending(items, id, seconds(app));
  return { change: { ...change, put: [...change.put ?? [], ...put] },
    send: (sealed) => app.device.api.revoke(id, { commit: sealed, revocation }) };
}
