/** Changed values: kept in the vault and published to every live grant that holds them, in one commit. */
import type { Commit, Publication } from "../client/api.ts";
import { maySeveral } from "../core/catalogue.ts";
import { itemsOf } from "../core/items.ts";
import type { ItemDocument } from "../core/items.ts";
import { makeDisclosure } from "../core/disclosure.ts";
import { jcs, newId } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import type { GrantItem, Origin } from "../core/items.ts";
import { mergePreferences } from "../core/preferences_item.ts";
import type { Preferences } from "../core/preferences_item.ts";
import { readRecord } from "../core/record.ts";
import type { Service } from "../core/registry.ts";
import { grantEnd } from "../core/request.ts";
import { Failure } from "../client/failure.ts";
import { seconds, today } from "./app.ts";
import type { App } from "./app.ts";
import { attributeItem, describe, heldItem, inCatalogue } from "./items.ts";
import type { Items } from "./items.ts";
import { preferencesIn, staysHere, withPreferences } from "./preferences.ts";
import { changedOn, claimsOf, isOther, pinned, seeing, touched, withAnswers } from "./present.ts";
import type { Changing } from "./present.ts";
import { acceptIndex, currentService } from "./registry.ts";
import type { Words } from "./state.ts";
import { commit, theVault } from "./vault.ts";
import type { Vault } from "./vault.ts";

/**
 * A new value of a detail. `item` is the one that it replaces; null: a further one; absent: the one that is there.
 * `was`: what the page showed of it, null for nothing. `kept`: where it was kept from, and the date of it.
 */
export interface NewValue {
  readonly attribute: string; readonly value: Json; readonly item?: string | null; readonly was?: Json;
  readonly kept?: { readonly as_of: string; readonly from: Origin };
}

export interface Told { readonly told: readonly Words[]; readonly notTold: readonly Words[] }

/**
 * The grants in `leftOut` keep what they have, as a value of their own. `shown` are those that the resident saw named;
 * absent: who follows it as the act begins.
 */
export interface Audience { readonly leftOut?: ReadonlySet<string>; readonly shown?: ReadonlySet<string> }

/**
 * Keeps new values and publishes them. A service that the registry no longer lists is not told. Errors: `Failure`
 * `conflict` where somebody would be told who was not shown (another device shared it meanwhile), or what there was is
 * no longer what the page showed.
 */
export function publishValues(
  app: App, values: readonly NewValue[], audience: Audience = {}, within: Within = publishedBy(app),
): Promise<Told> {
  return publish(app, ({ opened: { items } }) => newValues(app, items, values), audience, within);
}

/**
 * Changes the preferences, and publishes what that changes of the personas that services know, in the same way. Errors: as
 * `publishValues`; `conflict` too where another device gave a persona another value.
 */
export function publishPreferences(
  app: App, change: (now: Preferences) => Preferences, audience: Audience = {}, within: Within = publishedBy(app),
): Promise<Told> {
  const base = preferencesIn(theVault(app).opened.items);
  const mine = change(base);
  const build: Build = ({ opened: { items } }) => {
    const now = preferencesIn(items);
    const after = mergePreferences(base, mine, now);
    const isLost = ({ persona, attribute, value }: Change): boolean =>
      jcs(after.personas.get(persona ?? "")?.values.get(attribute) ?? null) !== jcs(value);
    if (differing(base, mine).some(isLost)) throw new Failure("conflict");
    return { put: [withPreferences(app, items, after)], changed: differing(now, after) };
  };
  return publish(app, build, audience, within);
}

/** A detail that changes, and what it is now. */
type Change = Changing & { readonly value: Json };

/** What is put, and the details that change by it. */
interface Changed { readonly put: readonly Put[]; readonly changed: readonly Change[] }

type Build = (vault: Vault) => Changed;

async function publish(app: App, build: Build, { leftOut = new Set(), shown }: Audience, within: Within): Promise<Told> {
  let outcome: Told = { told: [], notTold: [] };
  const now = theVault(app);
  const { changed } = build(now);
  const follow = affected(app, now, changed);
  const services = await servicesNow(app, [...follow].filter(([id]) => !leftOut.has(id)).map(([, { service }]) => service));
  const telling = { leftOut, services, shown: shown ?? new Set(follow.keys()) };
  await commit(app, async (vault) => {
    const { put, disclosures, told, notTold } = await planned(app, vault, { ...build(vault), ...telling });
    outcome = { told, notTold };
    return { change: { put: [...put, ...within.put(vault)] }, send: (sealed) => within.send(sealed, disclosures) };
  });
  return outcome;
}

/** What else the commit holds, and how it is sent. */
export interface Within {
  readonly put: (vault: Vault) => readonly Put[];
  readonly send: (sealed: Commit, disclosures: readonly Publication[]) => Promise<unknown>;
}

export interface Put { readonly id: string; readonly document: ItemDocument }

function publishedBy({ device: { api } }: App): Within {
  return { put: () => [], send: (sealed, disclosures) =>
    (disclosures.length === 0 ? api.commit(sealed) : api.publish({ commit: sealed, disclosures })) };
}

interface Publishing extends Changed {
  readonly leftOut: ReadonlySet<string>;
  readonly shown: ReadonlySet<string>;
  /** With their present keys. */
  readonly services: ReadonlyMap<string, Service>;
}

function affected(app: App, { opened, over }: Vault, changed: readonly Changing[]): Map<string, GrantItem> {
  return new Map(changed.flatMap((one) => seeing(opened, one))
    .filter(([id, item]) => !over.has(id) && grantEnd(item.access, item.created) > seconds(app)));
}

/** These services with their present keys, as far as the registry lists them. */
export async function servicesNow(app: App, wanted: readonly string[]): Promise<Map<string, Service>> {
  const services = new Map<string, Service>();
  if (wanted.length === 0) return services;
  const index = await acceptIndex(app, await app.device.api.index());
  for (const clientId of new Set(wanted)) {
    try {
      services.set(clientId, (await currentService(app, index, clientId)).service);
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Failure && error.status === 404)
        && !(error instanceof Failure && error.trouble === "unlisted")) throw error;
    }
  }
  return services;
}

interface Planned extends Told { readonly put: readonly Put[]; readonly disclosures: readonly Publication[] }

function newValues(app: App, items: Items, values: readonly NewValue[]): Changed {
  const put = values.flatMap(({ attribute: id, value, item, was, kept }): Put[] => {
    const attribute = inCatalogue(id);
    if (attribute === null) return [];
    const found = item === null && maySeveral(attribute) ? null : heldItem(items, id, item ?? undefined);
    // Another device changed it, took it away, or was first to type it.
    if (was !== undefined && jcs(was) !== jcs(found?.[1].value ?? null)) throw new Failure("conflict");
    const document = { ...attributeItem(attribute, value, found?.[1] ?? null, today(app)), ...kept };
    return [{ id: found?.[0] ?? newId(app.device.random), document }];
  });
  return { put, changed: values };
}

/** The details of personas that are no longer what they were. What is taken away is null. */
function differing(before: Preferences, after: Preferences): Changed["changed"] {
  return [...before.personas].flatMap(([persona, { values }]) => {
    const now = after.personas.get(persona)?.values ?? new Map<string, Json>();
    const changed = [...new Set([...values.keys(), ...now.keys()])]
      .filter((id) => jcs(values.get(id) ?? null) !== jcs(now.get(id) ?? null));
    return changed.map((attribute) => ({ attribute, persona, value: now.get(attribute) ?? null }));
  });
}

async function planned(app: App, vault: Vault, { put: kept, changed, leftOut, shown, services }: Publishing): Promise<Planned> {
  const { items } = vault.opened;
  const put = new Map(kept.map(({ id, document }) => [id, document]));
  const next = new Map([...items, ...put]);
  const disclosures: Publication[] = [];
  const told = new Map<string, Words>();
  const notTold = new Map<string, Words>();
  // Under address protection a protected value is told to nobody: who was kept goes on seeing the former one.
  const staying = changed.filter(({ attribute, value }) => staysHere(attribute, value, next));
  for (const [grantId, before] of affected(app, vault, changed)) {
    const left = leftOut.has(grantId) ? changed : staying;
    const item = pinned(before, left.flatMap((one) => touched(before, one, items)), items, seconds(app));
    const theirs = changed.flatMap((one) => touched(item, one, items));
    const now = changedOn(item, theirs.filter((id) => isOther(item, id, items, next, seconds(app))), today(app));
    put.set(grantId, now);
    if (theirs.length === 0) continue;
    if (!shown.has(grantId)) throw new Failure("conflict");
    const service = services.get(item.service);
    if (service === undefined) {
      notTold.set(item.service, describe(item.statement).service);
      continue;
    }
    const { grant, publication } = await nextRevision(app, now, next, service);
    put.set(grantId, grant);
    disclosures.push(publication);
    told.set(item.service, service.name);
  }
  return { told: [...told.values()], notTold: [...notTold.values()], disclosures,
    put: [...put].map(([id, document]) => ({ id, document })) };
}

/** A grant with its next revision, and that revision as its service reads it. */
export async function nextRevision(
  app: App, item: GrantItem, items: Items, service: Service,
): Promise<{ grant: GrantItem; publication: Publication }> {
  const relationship = itemsOf(items, "relationship").get(item.relationship);
  if (relationship === undefined) throw new Invalid("manifest/item-missing");
  const now = seconds(app);
  const revision = item.revision + 1;
  const disclosure = await makeDisclosure({
    relationship, record: await readRecord(item.record), service, revision, claims: claimsOf(item, items, now),
    decisions: item.decisions, salt: item.salt, now });
  return { grant: withAnswers({ ...item, revision }, items, now),
    publication: { grant_id: item.grant_id, revision, disclosure } };
}
