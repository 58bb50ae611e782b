import { expect, test } from "vitest";
import type { Api } from "../../src/client/api.ts";
import { Failure } from "../../src/client/failure.ts";
import { firstCommit } from "../../src/core/commit.ts";
import type { Commit } from "../../src/core/commit.ts";
import { b64u, newId } from "../../src/core/encoding.ts";
import type { Bytes, Json } from "../../src/core/encoding.ts";
import { itemsOf } from "../../src/core/items.ts";
import type { GrantItem, ItemDocument, RelationshipItem } from "../../src/core/items.ts";
import { NO_PREFERENCES, knownOf, preferencesItem } from "../../src/core/preferences_item.ts";
import { makeRecord } from "../../src/core/record.ts";
import { makeRelationship } from "../../src/core/subject.ts";
import { changeKnownAs, showKnownAs } from "../../src/state/anew.ts";
import { newApp } from "../../src/state/app.ts";
import type { App, Device } from "../../src/state/app.ts";
import { liveGrants } from "../../src/state/items.ts";
import { matching } from "../../src/state/personas.ts";
import { preferencesIn, savePreferences } from "../../src/state/preferences.ts";
import { commit, openVault, theVault } from "../../src/state/vault.ts";
import { Shelf, aRequest, random } from "../core/scene.ts";
import { CLIENT, NOW, UNTIL, statementOf } from "../vectors/world.ts";

const WORK = newId(random);
const MAIL = "contact.email";
const HOME = "address.current";
const POSTCODE = "address.postcode";

/** What a server keeps of one vault. */
class Server {
  readonly shelf = new Shelf();
  readonly taken: Commit[] = [];
  readonly revoked: string[] = [];
  /** What another device does before this one's next commits arrive. */
  meanwhile: (() => Promise<void>)[] = [];

  async take(sealed: Commit): Promise<{ seq: number }> {
    const [first, ...later] = this.meanwhile;
    this.meanwhile = [];
    await first?.();
    this.meanwhile = later;
    if (sealed.seq !== this.taken.length + 1) throw new Failure("refused", "another-device-was-first", 412);
    this.taken.push(sealed);
    this.shelf.take(sealed);
    return { seq: sealed.seq };
  }
}

interface House {
  readonly server: Server; readonly vault: string; readonly root: Bytes;
  readonly subject: readonly [id: string, item: RelationshipItem];
}

/** A vault with one persona, "Work". */
async function aHouse(values: Record<string, Json> = {}, own: Record<string, Json> = {}): Promise<House> {
  const house: House = { server: new Server(), vault: newId(random), root: random(32),
    subject: [newId(random), await makeRelationship(CLIENT, "")] };
  const personas = new Map([[WORK, { name: "Work", values: new Map(Object.entries(values)) }]]);
  const documents: (readonly [string, ItemDocument])[] = [house.subject, [newId(random), preferencesItem({ ...NO_PREFERENCES, personas })],
    ...Object.entries(own).map(([attribute, value]): [string, ItemDocument] => [newId(random),
      { kind: "attribute", attribute, value, source: "self_asserted", as_of: "2026-11-02", history: [] }])];
  const put = documents.map(([id, document]) => ({ id, document }));
  await house.server.take((await firstCommit(house.root, house.vault, { put }, random)).commit);
  return house;
}

/** A device on which the vault is open. */
async function aDevice({ server, vault, root }: House): Promise<App> {
  const api = {
    commit: (sealed: Commit) => server.take(sealed),
    revoke: async (id: string, { commit: sealed }: { commit: Commit }) => {
      await server.take(sealed);
      server.revoked.push(id);
    },
    vault: () => {
      const { manifests, items, epoch } = server.shelf.give(root, vault, null);
      return Promise.resolve({ vault, epoch, seq: server.taken.length, methods: [],
        manifests: manifests.map(({ seq, sealed }) => ({ seq, sealed: b64u(sealed) })),
        items: items.map(({ id, rev, sealed }) => ({ id, rev, sealed: b64u(sealed) })) });
    },
  } as unknown as Api;
  const nothing = (): Promise<null> => Promise.resolve(null);
  const app = newApp({
    api, random, now: () => NOW * 1000, after: () => undefined, report: (error: unknown) => { throw error; },
    keys: { memory: nothing, remember: nothing, keep: nothing }, tongue: { keep: () => undefined },
    tabs: { tellOpened: () => undefined, inTurn: (work: () => Promise<void>) => work() }, request: { counter: () => "" },
  } as unknown as Device, () => undefined);
  await openVault(app, { vault, epoch: 1, root, shared: false });
  return app;
}

/** The service of the scene sees these from now on; the id of that grant. */
async function share(app: App, { subject: [relationship, keys] }: House, ...attributes: string[]): Promise<string> {
  const { request, service, compact } = await aRequest();
  const [id, salt] = [newId(random), newId(random)];
  const decisions = Object.fromEntries(attributes.map((one) => [one, "share" as const]));
  const record = await makeRecord({ relationship: keys, request, service, grantId: id, access: { until: UNTIL }, salt, decisions, now: NOW });
  const item: GrantItem = {
    kind: "grant", grant_id: id, service: CLIENT, authority: "seatown", sub: record.sub, sector: CLIENT, persona: "", relationship,
    request: compact, parameters: null, request_hash: request.requestHash, statement: await statementOf(), record: record.compact, salt,
    decisions, choices: Object.fromEntries(attributes.map((one) => [one, { choice: "share" as const }])), access: { until: UNTIL },
    revision: 1, created: NOW, ended: null };
  await commit(app, () => Promise.resolve({
    change: { put: [{ id, document: item }], grants: { [id]: { n: 0, head: "" } } }, send: app.device.api.commit }));
  return id;
}

async function changeToWork(app: App): Promise<void> {
  showKnownAs(app, CLIENT);
  await changeKnownAs(app, { chosen: `as-${WORK}` });
}

function knownAs(app: App): string | null {
  return knownOf(preferencesIn(theVault(app).opened.items), CLIENT).persona;
}

test("what another device shares while the service is to know somebody else ends too, and only then it does", async () => {
  const house = await aHouse();
  const { server } = house;
  const phone = await aDevice(house);
  const first = await share(phone, house);
  const laptop = await aDevice(house);
  const more: string[] = [];
  server.meanwhile = [async () => { more.push(await share(laptop, house), await share(laptop, house)); }];
  const before = server.taken.length;
  await changeToWork(phone);
  expect(phone.state).toMatchObject({ screen: "preferences" });
  expect([...server.revoked].sort()).toEqual([first, ...more].sort());
  const [preferences] = itemsOf(theVault(phone).opened.items, "preferences").keys();
  const saving = server.taken.slice(before + more.length).map(({ put }) => put.some(({ id }) => id === preferences));
  expect(saving).toEqual([false, false, true]);
  const tablet = await aDevice(house);
  expect(liveGrants(theVault(tablet).opened)).toEqual([]);
  expect(knownAs(tablet)).toBe(WORK);
});

test("where another device goes on sharing, it is said that nothing was changed", async () => {
  const house = await aHouse();
  const phone = await aDevice(house);
  await share(phone, house);
  const laptop = await aDevice(house);
  const another = async (): Promise<void> => { await share(laptop, house); };
  // Before each first try of a commit; the second one arrives.
  house.server.meanwhile = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? another : () => Promise.resolve()));
  await changeToWork(phone);
  expect(phone.state).toMatchObject({ screen: "knownAs", trouble: "conflict" });
  expect(knownAs(phone)).toBe(null);
});

test("a persona that another device took away is known to nobody, and nothing ends", async () => {
  const house = await aHouse();
  const phone = await aDevice(house);
  const grant = await share(phone, house);
  const laptop = await aDevice(house);
  house.server.meanwhile = [() => savePreferences(laptop, (now) => ({ ...now, personas: new Map() }))];
  await changeToWork(phone);
  expect(phone.state).toMatchObject({ screen: "knownAs", trouble: "conflict" });
  expect(liveGrants(theVault(phone).opened).map(([id]) => id)).toEqual([grant]);
  expect(house.server.revoked).toEqual([]);
});

test("what is over by itself is not shared now, and is not said to be stopped by its resident", async () => {
  const house = await aHouse();
  const phone = await aDevice(house);
  const [over, live] = [await share(phone, house, MAIL), await share(phone, house, HOME)];
  phone.vault = { ...theVault(phone), over: new Map([[over, { at: NOW, why: "finished" }]]) };
  showKnownAs(phone, CLIENT);
  expect(phone.state).toMatchObject({ ending: [{ attributes: [HOME] }] });
  await changeToWork(phone);
  const { items, manifest } = theVault(phone).opened;
  expect(house.server.revoked).toEqual([live]);
  expect(itemsOf(items, "grant").get(over)?.ended).toBe(null);
  expect(manifest.grants).toEqual({});
  expect(knownAs(phone)).toBe(WORK);
});

test("a service that would get again what it has, also worked out, is said to be able to tell", async () => {
  const office = { lines: ["1 Mill Yard"], postcode: "AN1 2AB" };
  const own = { [HOME]: { ...office, lines: ["10 Example Street"] }, [MAIL]: "sian@example.org" };
  const house = await aHouse({ [HOME]: office, [MAIL]: "s@work.example" }, own);
  const phone = await aDevice(house);
  await share(phone, house, POSTCODE, HOME, MAIL);
  showKnownAs(phone, CLIENT);
  expect(phone.state).toMatchObject({ options: [{ id: WORK, same: [POSTCODE] }] });
});

test("a service that knew another persona is warned of as other services are, where it would get the same value again", async () => {
  const house = await aHouse({}, { [MAIL]: "sian@example.org" });
  const phone = await aDevice(house);
  await share(phone, house, MAIL);
  const { items } = theVault(phone).opened;
  const asked = { service: CLIENT, persona: WORK, attribute: MAIL, value: "sian@example.org" };
  expect(matching(items, asked, NOW)).toEqual({ matches: [], again: true });
  expect(matching(items, { ...asked, persona: "" }, NOW)).toEqual({ matches: [], again: false });
  expect(matching(items, { ...asked, value: "s@work.example" }, NOW)).toEqual({ matches: [], again: false });
  expect(matching(items, { ...asked, service: "https://library.example" }, NOW)).toMatchObject({ matches: [{ en: "Seatown Blue Badges" }], again: false });
});
