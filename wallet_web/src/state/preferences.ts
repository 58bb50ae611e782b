/** The resident's preferences, as they are sealed in the vault, and what they say of requests and of live grants. */
import { ATTRIBUTES } from "../core/catalogue.ts";
import type { Json, JsonObject } from "../core/encoding.ts";
import { isObject, newId } from "../core/encoding.ts";
import { marks, reveals } from "../core/guarded.ts";
import { itemsOf } from "../core/items.ts";
import type { GrantItem, ItemDocument } from "../core/items.ts";
import { agreedOf, evaluate } from "../core/preferences.ts";
import type { Answered, Evaluation } from "../core/preferences.ts";
import { NO_PREFERENCES, mergePreferences, preferencesItem, readPreferences } from "../core/preferences_item.ts";
import type { Preferences } from "../core/preferences_item.ts";
import { purposeId } from "../core/request.ts";
import { seconds } from "./app.ts";
import type { App } from "./app.ts";
import type { Asking } from "./asking.ts";
import { payload, purposeOf } from "./items.ts";
import type { Items } from "./items.ts";
import { commit, theVault } from "./vault.ts";

/** Errors: `preferences/…`; then nothing may be shared. */
export function preferencesIn(items: Items): Preferences {
  const [found] = itemsOf(items, "preferences").values();
  return found === undefined ? NO_PREFERENCES : readPreferences(found);
}

/** The item to put. */
export function withPreferences(app: App, items: Items, after: Preferences): { id: string; document: ItemDocument } {
  const [id] = itemsOf(items, "preferences").keys();
  return { id: id ?? newId(app.device.random), document: preferencesItem(after) };
}

/** The preferences with more values of a persona, where there is such a one. */
export function having(now: Preferences, persona: string, more: ReadonlyMap<string, Json>): Preferences {
  const one = now.personas.get(persona);
  if (one === undefined) return now;
  return { ...now, personas: new Map([...now.personas, [persona, { ...one, values: new Map([...one.values, ...more]) }]]) };
}

/** Changes the preferences; what another device changed meanwhile is merged. */
export function savePreferences(app: App, change: (now: Preferences) => Preferences): Promise<void> {
  const base = preferencesIn(theVault(app).opened.items);
  const mine = change(base);
  return commit(app, ({ opened: { items } }) => Promise.resolve({
    change: { put: [withPreferences(app, items, mergePreferences(base, mine, preferencesIn(items)))] },
    send: app.device.api.commit }));
}

/** Every request that the vault's grants tell of. All of it was verified when it was sealed. */
export function answeredIn(items: Items): Answered[] {
  return [...itemsOf(items, "grant").values()].map(answeredOf);
}

/** The request that a grant answered. */
export function answeredOf(item: GrantItem): Answered {
  const purpose = purposeOf(item);
  const data = (payload(item.statement)["metadata"] as JsonObject)["resident_data_service"] as JsonObject;
  const purposes = data["purposes"] as readonly { id: string; statute: string | null }[];
  const statute = purposes.find(({ id }) => id === purpose)?.statute;
  return {
    at: item.created, persona: item.persona, tier: data["tier"] as string,
    clientId: item.service, authority: { id: item.authority },
    purposeId: purpose, purpose: statute === undefined ? null : { statute },
    attributes: wishesOf(item), access: item.access, stopped: item.ended?.why === "revoked",
    shared: Object.entries(item.choices).filter(([, { choice, absent }]) => choice === "share" && absent === undefined)
      .map(([id]) => id),
  };
}

function wishesOf({ request }: GrantItem): Answered["attributes"] {
  // A signed request to sign in has no details, either.
  const details = request === "" ? undefined : payload(request)["authorization_details"];
  const wishes = (details as readonly JsonObject[] | undefined)?.[0]?.["attributes"];
  return new Map(isObject(wishes) ? Object.entries(wishes).filter(([id]) => ATTRIBUTES.has(id))
    .map(([id, wish]) => [id, { required: isObject(wish) && wish["required"] === true }]) : []);
}

/** What the preferences propose for the request that is open. */
export function proposalFor(app: App, { request, service }: Asking): Evaluation {
  const { items } = theVault(app).opened;
  const now = preferencesIn(items);
  const agreed = agreedOf(answeredIn(items), now, service.clientId, purposeId(request));
  return evaluate(request, now, service, seconds(app), agreed);
}

/** What gives a protected place away, of all that the vault holds and has held. */
export function marksIn(items: Items): ReadonlySet<string> {
  const mine = [...itemsOf(items, "attribute").values()].flatMap(({ attribute, value, history }) =>
    [value, ...history.map((past) => past.value)].map((one) => [attribute, one] as const));
  return marks([...mine, ...[...preferencesIn(items).personas.values()].flatMap(({ values }) => [...values])]);
}

/** The same, and nothing where protection is off. */
export function guardedIn(items: Items): ReadonlySet<string> {
  return preferencesIn(items).addressProtection ? marksIn(items) : new Set();
}

export function isProtected(attribute: string): boolean {
  return ATTRIBUTES.get(attribute)?.protected === true;
}

/** Whether address protection keeps a new value from every service, also from those that the resident kept. */
export function staysHere(attribute: string, value: Json, items: Items): boolean {
  return preferencesIn(items).addressProtection && (isProtected(attribute) || reveals(value, marksIn(items)));
}
