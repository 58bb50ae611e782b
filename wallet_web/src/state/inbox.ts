/** What services offer: each deposit verified by itself, each value the resident's to keep (protocols/specs/deposit.md). */
import type { DepositRow } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import { maySeveral } from "../core/catalogue.ts";
import type { Attribute } from "../core/catalogue.ts";
import { DAY } from "../core/dates.ts";
import { openDeposit } from "../core/deposit.ts";
import type { Deposit } from "../core/deposit.ts";
import { jcs, newId } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { itemsOf } from "../core/items.ts";
import type { DepositsItem, RelationshipItem } from "../core/items.ts";
import { publicPart, thumbprint } from "../core/keys.ts";
import { ID } from "../core/members.ts";
import { ownPage } from "../core/preferences.ts";
import type { Service } from "../core/registry.ts";
import { act, arm, seconds, show, takeNotice } from "./app.ts";
import type { App } from "./app.ts";
import { fieldId } from "./fields.ts";
import { heldItem, heldItems, inCatalogue } from "./items.ts";
import type { Items } from "./items.ts";
import { having, isProtected, preferencesIn, staysHere } from "./preferences.ts";
import { prove } from "./prove.ts";
import { publishPreferences, publishValues, servicesNow } from "./publish.ts";
import type { NewValue, Put, Within } from "./publish.ts";
import { receiversOf } from "./receivers.ts";
import type { DepositLine, Draft, InboxState, OfferedValue, Words } from "./state.ts";
import { theVault } from "./vault.ts";

const MOST = 20;
const LONGEST = 32768;
const REMEMBERED = 500;
/** No deposit is in its time for longer. */
const REMEMBERED_SECONDS = 91 * DAY;

/** The name of the tick for one value of a deposit. */
export function tickId(deposit: string, attribute: Attribute): string {
  return `keep-${deposit}-${fieldId(attribute.id)}`;
}

export async function showInbox(app: App, more: Partial<InboxState> = {}): Promise<void> {
  const deposits = await read(app);
  show(app, { screen: "inbox", notice: takeNotice(app), draft: {}, missing: null, revealed: false, sending: false, trouble: null,
    ...more, armed: false, deposits: deposits.map((one) => lineOf(app, one)) });
  arm(app);
}

/**
 * One entry of the inbox. `deposit` is null where it is not what it claims to be. `persona`: to whom it came, and with whom
 * it is kept; `""` is the resident, also where that persona is no more or was nobody's.
 */
interface Entry extends Opened { readonly row: DepositRow; readonly name: Words }

interface Opened { readonly deposit: Deposit | null; readonly persona: string }

const UNREAD: Opened = { deposit: null, persona: "" };

/** The inbox that the server gives: nothing of it is believed before it was read. */
async function read(app: App): Promise<Entry[]> {
  const rows = rowsIn((await app.device.api.deposits()).deposits);
  const services = await servicesNow(app, rows.map(({ service }) => service));
  const entries: Entry[] = [];
  for (const row of rows) {
    const service = services.get(row.service);
    const name = service?.name ?? { en: row.service, cy: row.service };
    entries.push({ row, name, ...service === undefined ? UNREAD : await opened(app, row, service) });
  }
  return entries;
}

const LATEST = 100_000_000_000;

/** What can be shown of a list that the server gave: the others are none of ours. */
export function rowsIn(given: unknown): readonly DepositRow[] {
  const list: readonly unknown[] = Array.isArray(given) ? given.slice(0, MOST) : [];
  return list.filter((row): row is DepositRow => {
    if (typeof row !== "object" || row === null) return false;
    const { id, service, received } = row as Record<string, unknown>;
    return typeof id === "string" && ID.test(id) && typeof service === "string" && service.length <= 255
      && typeof received === "number" && received >= 0 && received < LATEST;
  });
}

async function opened(app: App, { sub, deposit }: DepositRow, service: Service): Promise<Opened> {
  const { items } = theVault(app).opened;
  try {
    const relationship = await relationshipOf(items, service.sector, sub);
    if (relationship === null || typeof deposit !== "string" || deposit.length > LONGEST) return UNREAD;
    const found = await openDeposit(deposit, service, { key: relationship.deposit, sub, now: seconds(app) });
    if (remembered(items)[1].answered.some(({ jti }) => jti === found.id)) return UNREAD;
    const { persona } = relationship;
    return { deposit: found, persona: preferencesIn(items).personas.has(persona) ? persona : "" };
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return UNREAD;
  }
}

async function relationshipOf(items: Items, sector: string, sub: string): Promise<RelationshipItem | null> {
  for (const item of itemsOf(items, "relationship").values()) {
    if (item.sector === sector && await thumbprint(publicPart(item.sign)) === sub) return item;
  }
  return null;
}

/** What was answered before, and the id of the item that says so. */
function remembered(items: Items): [id: string | null, item: DepositsItem] {
  return [...itemsOf(items, "deposits")][0] ?? [null, { kind: "deposits", answered: [] }];
}

function lineOf(app: App, { row: { id, received }, name, deposit, persona }: Entry): DepositLine {
  if (deposit === null) return { id, service: name, received, offer: null };
  const values = [...deposit.values].flatMap(([attribute, { value, as_of: asOf }]): OfferedValue[] => {
    const found = inCatalogue(attribute);
    return found === null ? [] : [offered(app, persona, found, value, asOf)];
  });
  const who = preferencesIn(theVault(app).opened.items).personas.get(persona);
  return { id, service: name, received, offer: { why: deposit.why, persona: who?.name ?? null, values } };
}

function offered(app: App, persona: string, attribute: Attribute, value: Json, asOf: string): OfferedValue {
  const { opened: { items } } = theVault(app);
  const item = persona === "" ? placeOf(items, attribute, value) : null;
  const own = item === null ? null : itemsOf(items, "attribute").get(item)?.value ?? null;
  const now = preferencesIn(items).personas.get(persona)?.values.get(attribute.id) ?? own;
  const changing = persona === "" ? { attribute: attribute.id, item } : { attribute: attribute.id, persona };
  const receivers = staysHere(attribute.id, value, items) ? []
    : [...new Map(receiversOf(app, changing).map(({ service }) => [service.en, service])).values()];
  const guarded = isProtected(attribute.id) && preferencesIn(items).addressProtection;
  const hidden = ownPage(attribute) || guarded;
  return { attribute, value, asOf, receivers, hidden, now };
}

/** The item that a kept value replaces, or null. Of what the vault may hold several of, it is a further one. */
function placeOf(items: Items, attribute: Attribute, value: Json): string | null {
  if (!maySeveral(attribute)) return heldItem(items, attribute.id)?.[0] ?? null;
  return heldItems(items, attribute.id).find(([, item]) => jcs(item.value) === jcs(value))?.[0] ?? null;
}

/** Keeps what is ticked, and throws the rest away. */
export function keepOffered(app: App, deposit: string, draft: Draft): Promise<void> {
  const { state } = app;
  if (state.screen !== "inbox" || !state.armed || app.busy) return Promise.resolve();
  const line = state.deposits.find(({ id }) => id === deposit);
  const ticked = line?.offer?.values.filter(({ attribute }) => draft[tickId(deposit, attribute)] === "on") ?? [];
  if (ticked.length === 0) {
    show(app, { ...state, draft: { ...state.draft, ...draft }, missing: deposit });
    return Promise.resolve();
  }
  // Nobody keeps, and passes on to who sees it, what they have not seen.
  if (!state.revealed && ticked.some(({ hidden }) => hidden)) return revealInbox(app, draft);
  return answer(app, deposit, new Set(ticked.map(({ attribute }) => attribute.id)));
}

export function throwAway(app: App, deposit: string): Promise<void> {
  const { state } = app;
  return state.screen === "inbox" && state.armed ? answer(app, deposit, new Set()) : Promise.resolve();
}

/** One commit: the values that are kept, that the deposit was answered, and the server forgets it. */
function answer(app: App, id: string, kept: ReadonlySet<string>): Promise<void> {
  return act(app, async () => {
    // Read once more: what is kept is what was verified now, and not what a page remembers.
    const entry = (await read(app)).find(({ row }) => row.id === id);
    if (entry === undefined) {
      await showInbox(app);
      throw new Failure("conflict");
    }
    const { deposit, row, persona } = entry;
    const { items } = theVault(app).opened;
    const offers = [...deposit?.values ?? []].filter(([attribute]) => kept.has(attribute));
    if (offers.length < kept.size) throw new Failure("conflict");
    const values = offers.map(([attribute, { value, as_of }]): NewValue => ({
      attribute, value, ...itemFor(items, attribute, value),
      kept: { as_of, from: { service: row.service, why: deposit?.why ?? "typed" } } }));
    const more = new Map(offers.map(([attribute, { value }]) => [attribute, value]));
    const whole = within(app, id, entry, kept);
    const { told, notTold } = await (persona === "" || more.size === 0 ? publishValues(app, values, {}, whole)
      : publishPreferences(app, (now) => having(now, persona, more), {}, whole));
    app.notice = kept.size === 0 ? { kind: "thrown" } : { kind: "saved", told, notTold };
    await showInbox(app);
  });
}

function itemFor(items: Items, id: string, value: Json): { item?: string | null } {
  const attribute = inCatalogue(id);
  return attribute === null || !maySeveral(attribute) ? {} : { item: placeOf(items, attribute, value) };
}

function within(app: App, id: string, { row: { service }, name: { en, cy }, deposit }: Entry, kept: ReadonlySet<string>): Within {
  const now = seconds(app);
  return {
    put: ({ opened: { items } }): Put[] => {
      if (deposit === null) return [];
      const [item, { answered }] = remembered(items);
      const mine = { jti: deposit.id, at: now, service, name: { en, cy }, kept: [...kept].sort() };
      const known = [mine, ...answered.filter(({ at }) => at > now - REMEMBERED_SECONDS)];
      return [{ id: item ?? newId(app.device.random), document: { kind: "deposits", answered: known.slice(0, REMEMBERED) } }];
    },
    send: (commit, disclosures) => app.device.api.answerDeposit(id, { commit, disclosures }),
  };
}

/** What is sensitive is seen after the resident has shown again who they are. */
export function revealInbox(app: App, draft: Draft): Promise<void> {
  const { state } = app;
  if (state.screen !== "inbox" || app.busy) return Promise.resolve();
  const ticked = { ...state.draft, ...draft };
  return act(app, async () => {
    const later = (): Promise<void> => showInbox(app, { revealed: true, draft: ticked });
    if (await prove(app, later)) await later();
  });
}
