import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Failure } from "../../src/client/failure.ts";
import type { LogEntry, Position } from "../../src/core/chain.ts";
import { b64u, utf8 } from "../../src/core/encoding.ts";
import type { GrantItem, ItemDocument } from "../../src/core/items.ts";
import { NO_PREFERENCES, preferencesItem } from "../../src/core/preferences_item.ts";
import { confirmNotMe, saveActivity, showActivity, showNotMe, showOlder, showOnly } from "../../src/state/activity.ts";
import { newApp } from "../../src/state/app.ts";
import type { App, Device } from "../../src/state/app.ts";
import type { Vault } from "../../src/state/vault.ts";
import { both } from "../example.ts";

interface Case {
  readonly op: string; readonly comment: string; readonly result: string; readonly error?: string;
  readonly input: { readonly grant_id: string; readonly record: string; readonly entries: readonly LogEntry[]; readonly pin: Position;
    readonly n: number; readonly head: string; readonly issuer: string; readonly dpop_jkt: string | null; };
}

const { cases } = JSON.parse(readFileSync(new URL("../../../protocols/vectors/chain.python.json", import.meta.url), "utf8")) as { cases: readonly Case[] };
const LOGS = cases.filter(({ op, input: { pin } }) => op === "chain.verify" && pin.n === 0);
const WHOLE = theCase("a whole chain").input;
const APPROVED_AT = WHOLE.entries[0]?.at ?? 0;
const ADDRESS = "10 Example Street";
const SERVICE = "https://parking.anytown.example";

function theCase(comment: string): Case {
  const found = cases.find((one) => one.comment === comment);
  if (found === undefined) throw new Error(comment);
  return found;
}

function compact(claims: object): string {
  return `.${b64u(utf8(JSON.stringify(claims)))}.`;
}

function grant({ input }: Pick<Case, "input">, changes: Partial<GrantItem> = {}): GrantItem {
  return {
    kind: "grant", grant_id: input.grant_id, service: SERVICE, authority: "anytown", sub: "", sector: "s", persona: "", relationship: "r",
    request: "", parameters: input.dpop_jkt === null ? null : { dpop_jkt: input.dpop_jkt }, request_hash: "h", record: input.record, salt: "",
    statement: compact({ metadata: { resident_data_service: { name: both("Parking permit"), tier: "council",
      purposes: [{ id: "resident-permit", text: both("To decide"), retention_days: 30, lawful_basis: "public_task", zones: {} }] } } }),
    decisions: { "person.full_name": "share", "address.current": "share" },
    choices: { "person.full_name": { choice: "share" }, "contact.email": { choice: "share", absent: "not_held" },
      "address.current": { choice: "share", value: { lines: [ADDRESS] } } },
    access: { until: "2027-11-23" }, revision: 1, created: APPROVED_AT, ended: null, ...changes,
  };
}

interface Given { readonly stated?: Position; readonly state?: string; readonly more?: Record<string, ItemDocument>; readonly pin?: Position;
  readonly live?: readonly string[]; }

/** A wallet whose server gives this log. */
function bench(one: Pick<Case, "input">, item: GrantItem, { stated, state = "ended", more = {}, pin, live = [] }: Given = {}): { app: App; saved: string[] } {
  const { input } = one;
  const saved: string[] = [];
  const api = {
    grants: () => Promise.resolve({ grants: [{ id: input.grant_id, service: SERVICE, subject: "s", state, ends: 0, n: input.n, head: input.head,
      last_read: null, enc_jkt: null }] }),
    log: (_: string, after: number) => Promise.resolve({ entries: input.entries.slice(after), n: input.n, head: input.head }),
  };
  const device = {
    api, origin: input.issuer, now: () => (APPROVED_AT + 86400) * 1000, after: () => undefined, request: { counter: () => "" }, push: () => undefined,
    save: (name: string, content: string) => { saved.push(name, content); }, report: (error: unknown) => { throw error; },
  } as unknown as Device;
  const app = newApp(device, () => undefined);
  app.proved = APPROVED_AT + 86400;
  const items = new Map<string, ItemDocument>([[input.grant_id, item], ...Object.entries(more)]);
  app.vault = { id: "v", shared: false, over: new Map(), pins: new Map(stated === undefined ? [] : [[input.grant_id, stated]]),
    opened: { items, manifest: { seq: 9, grants: {
      ...(pin === undefined ? {} : { [input.grant_id]: pin }), ...Object.fromEntries(live.map((id) => [id, { n: 0, head: "" }])) } } } } as unknown as Vault;
  return { app, saved };
}

type On<S extends App["state"]["screen"]> = Extract<App["state"], { screen: S }>;

function on<S extends App["state"]["screen"]>(screen: S, { state }: App): On<S> {
  if (state.screen !== screen) throw new Error(state.screen);
  return state as On<S>;
}

function shown(app: App): On<"activity"> {
  return on("activity", app);
}

const REVOKED = { ended: { at: APPROVED_AT + 2000, why: "revoked" } } as const;
const whole = { input: WHOLE };

test("what happened is told from a log that holds, the newest first, and never what a detail says", async () => {
  const { app } = bench(whole, grant(whole, REVOKED));
  await showActivity(app);
  const { events, faults, good } = shown(app);
  expect(events.map(({ kind }) => kind)).toEqual(["revoked", "published", "unchanged", "read", "shared"]);
  expect(events.map(({ at }) => at)).toEqual([2000, 1000, 900, 6, 0].map((after) => APPROVED_AT + after));
  expect(events.at(-1)).toMatchObject({ service: both("Parking permit"), attributes: ["person.full_name", "address.current"] });
  expect(events.find(({ kind }) => kind === "published")?.picked).toBeNull();
  expect([faults, good]).toEqual([[], 1]);
  expect(JSON.stringify(app.state)).not.toContain(ADDRESS);
});

test.each(LOGS.filter(({ result }) => result === "invalid").map((one) => [one.comment, one] as const))(
  "a log is said to be wrong, by the rule that it breaks: %s", async (_, one) => {
    const { app } = bench(one, grant(one));
    await showActivity(app);
    const { events, faults, good } = shown(app);
    expect(faults.map(({ rule }) => rule)).toEqual([one.error]);
    expect(good).toBe(0);
    expect(events.every(({ kind }) => kind !== "read" && kind !== "unchanged"), "nothing of it is a fact").toBe(true);
    expect(events.map(({ kind }) => kind)).toContain("shared");
  });

test("a log that is not the one of before is wrong, although it holds by itself", async () => {
  const short = theCase("ended by the service itself");
  const before = { n: 2, head: WHOLE.entries[2]?.prev ?? "" };
  const rules = async (input: Case["input"], given: Given, item: Partial<GrantItem> = {}): Promise<string[]> => {
    const { app } = bench({ input }, grant({ input }, item), given);
    await showActivity(app);
    return shown(app).faults.map(({ rule }) => rule);
  };
  expect(await rules(WHOLE, { stated: before }, REVOKED)).toEqual([]);
  expect(await rules(short.input, { stated: before })).toEqual(["log/chain"]);
  expect(await rules(short.input, { stated: { n: 3, head: before.head } })).toEqual(["log/head"]);
  expect(await rules(short.input, { stated: { n: 4, head: before.head } })).toEqual(["log/rolled-back"]);
  // Of a grant that is over the item keeps the position.
  expect(await rules(short.input, {}, { log: before })).toEqual(["log/chain"]);
  expect(await rules(WHOLE, {}, { ...REVOKED, log: before })).toEqual([]);
});

test("an end that is not in the log, a log that is gone, and one that goes on are wrong", async () => {
  const { input } = theCase("two events in one second");
  const ended = bench({ input }, grant({ input }, REVOKED));
  await showActivity(ended.app);
  expect(shown(ended.app).faults.map(({ rule }) => rule)).toEqual(["log/end"]);
  const gone = bench(whole, grant(whole, REVOKED));
  gone.app.device = { ...gone.app.device, api: { ...gone.app.device.api, grants: () => Promise.resolve({ grants: [] }) } };
  await showActivity(gone.app);
  expect(shown(gone.app).faults.map(({ rule }) => rule)).toEqual(["missing"]);
  const revived = bench(whole, grant(whole, REVOKED), { state: "active" });
  await showActivity(revived.app);
  expect(shown(revived.app).faults.map(({ rule }) => rule)).toEqual(["revived"]);
});

test("a log that could not be had is not called wrong, and not called right", async () => {
  const { app } = bench(whole, grant(whole, REVOKED));
  app.device = { ...app.device, api: { ...app.device.api, log: () => Promise.reject(new Failure("network")) } };
  await showActivity(app);
  expect(shown(app)).toMatchObject({ faults: [], good: 0, unchecked: [both("Parking permit")] });
});

test("a protected detail and a concealed name are not named, and nothing counts them", async () => {
  const item = grant(whole, { ...REVOKED, choices: { ...grant(whole).choices, "person.previous_names": { choice: "share" } } });
  const named = async (preferences: Partial<typeof NO_PREFERENCES>): Promise<readonly string[] | undefined> => {
    const { app } = bench(whole, item, { more: { p: preferencesItem({ ...NO_PREFERENCES, ...preferences }) } });
    await showActivity(app);
    return shown(app).events.at(-1)?.attributes;
  };
  expect(await named({})).toEqual(["person.full_name", "address.current"]);
  expect(await named({ openNames: ["person.previous_names"] })).toContain("person.previous_names");
  expect(await named({ addressProtection: true })).toEqual(["person.full_name"]);
});

test("refusals and offers that were answered are told by what their services are called", async () => {
  const { app } = bench(whole, grant(whole, REVOKED), { more: {
    d: { kind: "decisions", refusals: [{ service: "https://library.example", purpose: "p", at: APPROVED_AT + 5000, name: { ...both("Library") } },
      { service: SERVICE, purpose: "p", at: APPROVED_AT + 4000 }] },
    i: { kind: "deposits", answered: [{ jti: "j", at: APPROVED_AT + 7000, service: SERVICE, name: { ...both("Parking permit") }, kept: ["contact.email"] },
      { jti: "k", at: APPROVED_AT + 6000, service: SERVICE, kept: [] }, { jti: "l", at: APPROVED_AT }] } } });
  await showActivity(app);
  const newest = shown(app).events.slice(0, 4).map(({ kind, service, attributes }) => [kind, service.en, ...attributes]);
  expect(newest).toEqual([["kept", "Parking permit", "contact.email"], ["thrown", "Parking permit"], ["refused", "Library"], ["refused", "Parking permit"]]);
  showOnly(app, "https://library.example");
  showOlder(app);
  expect(shown(app)).toMatchObject({ chosen: "https://library.example", shown: 40 });
  expect(shown(app).services).toEqual([{ client: SERVICE, name: both("Parking permit") }, { client: "https://library.example", name: both("Library") }]);
});

test("the copy has the log as it is, and no value", async () => {
  const { app, saved } = bench(whole, grant(whole, REVOKED));
  await showActivity(app);
  await saveActivity(app);
  const [name, content = ""] = saved;
  expect(name).toBe("activity.json");
  const file = JSON.parse(content) as { grants: { log: { entries: unknown; head: string; fault: null } }[]; events: unknown[] };
  expect(file.grants[0]?.log).toMatchObject({ entries: WHOLE.entries, head: WHOLE.head, fault: null });
  expect(file.events).toHaveLength(5);
  expect(content).not.toContain(ADDRESS);
  expect(shown(app).saved).toBe(true);
});

/** A grant beside the one of the log, as a service knows a persona. */
function another(id: string, changes: Partial<GrantItem> = {}): GrantItem {
  return { ...grant(whole), grant_id: id, sub: `sub of ${id}`, record: compact({ purpose: "other", sub: `sub of ${id}` }), ...changes };
}

test("the copy of one service names no other, nor as whom another knows the resident", async () => {
  const leisure = "https://leisure.anytown.example";
  const refuge = { service: "https://refuge.example", purpose: "p", at: APPROVED_AT + 5000, name: { ...both("Refuge") } };
  const { app, saved } = bench(whole, grant(whole, REVOKED),
    { more: { l: another("l", { service: leisure }), d: { kind: "decisions", refusals: [refuge] } } });
  await showActivity(app);
  await saveActivity(app);
  showOnly(app, SERVICE);
  await saveActivity(app);
  const [, everything = "", , ofOne = ""] = saved;
  const other = [leisure, "Refuge", "refuge.example", another("l").record];
  expect(other.filter((words) => !everything.includes(words))).toEqual([]);
  expect(other.filter((words) => ofOne.includes(words))).toEqual([]);
  const file = JSON.parse(ofOne) as { grants: { service: string; log: object }[]; events: { service: string }[] };
  expect(file.grants.map(({ service }) => service)).toEqual([SERVICE]);
  expect(file.grants[0]?.log).toMatchObject({ entries: WHOLE.entries, head: WHOLE.head, fault: null });
  expect(file.events.map(({ service }) => service)).toEqual(Array<string>(5).fill(SERVICE));
  expect(shown(app)).toMatchObject({ chosen: SERVICE, saved: true });
});

test("a service that knows the resident as two people is said to, before its copy shows that they are one", async () => {
  const linked = async (changes: Partial<GrantItem>): Promise<readonly string[]> => {
    const { app } = bench(whole, grant(whole, REVOKED), { more: { l: another("l", changes) } });
    await showActivity(app);
    return shown(app).linked;
  };
  expect(await linked({})).toEqual([SERVICE]);
  expect(await linked({ sub: grant(whole).sub })).toEqual([]);
  expect(await linked({ service: "https://leisure.anytown.example" })).toEqual([]);
});

test("after “this was not me” all is said by which the service can still look, a newer answer first", async () => {
  const first = whole.input.grant_id;
  const done = async (item: Partial<GrantItem>, more: Record<string, GrantItem>): Promise<On<"notMeDone">> => {
    const { app } = bench(whole, grant(whole, item), { more, live: Object.keys(more) });
    await showActivity(app);
    await showNotMe(app, first);
    const before = on("notMe", app);
    app.state = { ...before, armed: true };
    await confirmNotMe(app);
    const after = on("notMeDone", app);
    expect(after.newer !== null, "both pages agree").toBe(before.newer);
    return after;
  };
  const replaced = { ended: { at: APPROVED_AT + 2000, why: "replaced" } } as const;
  const other = another("other", { created: APPROVED_AT + 9000 });
  const newer = { ...grant(whole), grant_id: "newer" };
  const elsewhere = another("elsewhere", { service: "https://leisure.anytown.example" });
  const over = another("over", REVOKED);
  expect(await done(replaced, { elsewhere, over })).toMatchObject({ still: [], newer: null });
  expect(await done(replaced, { elsewhere, over, other, newer }))
    .toMatchObject({ still: [{ id: "newer" }, { id: "other" }], newer: "newer" });
  // What the resident ended has no answer in its place: another one is another one.
  expect(await done(REVOKED, { other, newer })).toMatchObject({ still: [{ id: "other" }, { id: "newer" }], newer: null });
  // As another person the service has answers of that person, which took nobody's place.
  expect(await done(replaced, { newer: { ...newer, sub: "somebody else" } })).toMatchObject({ still: [{ id: "newer" }], newer: null });
});
