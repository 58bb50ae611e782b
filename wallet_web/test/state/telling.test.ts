import { expect, test } from "vitest";
import type { Json } from "../../src/core/encoding.ts";
import { itemsOf } from "../../src/core/items.ts";
import type { GrantItem } from "../../src/core/items.ts";
import type { Evaluation } from "../../src/core/preferences.ts";
import type { Preferences } from "../../src/core/preferences_item.ts";
import type { App } from "../../src/state/app.ts";
import type { Decision } from "../../src/state/choices.ts";
import { remove, save, showEdit } from "../../src/state/details.ts";
import { personaAct, showPersona } from "../../src/state/persona.ts";
import { preferencesIn, savePreferences } from "../../src/state/preferences.ts";
import { claimsOf, pinned } from "../../src/state/present.ts";
import { publishPreferences, publishValues } from "../../src/state/publish.ts";
import { checkTold, tellOthers } from "../../src/state/telling.ts";
import { commit, theVault } from "../../src/state/vault.ts";
import { NOW } from "../vectors/world.ts";
import { WORK, aDevice, aHouse, share, shareAsWork } from "./house.ts";

const [MAIL, HOME, UPRN, NAMES] = ["contact.email", "address.current", "address.uprn", "person.previous_names"];
const OFFICE = { lines: ["1 Mill Yard"], postcode: "AN1 2AB" };
const BOX = "contact-email";

function being(attribute: string, value: Json): (now: Preferences) => Preferences {
  return (now) => {
    const one = now.personas.get(WORK) ?? { name: "Work", values: new Map<string, Json>() };
    return { ...now, personas: new Map([...now.personas, [WORK, { ...one, values: new Map([...one.values, [attribute, value]]) }]]) };
  };
}

function work(app: App, attribute = MAIL): Json | undefined {
  return preferencesIn(theVault(app).opened.items).personas.get(WORK)?.values.get(attribute);
}

function grantIn(app: App, id: string): GrantItem {
  const found = itemsOf(theVault(app).opened.items, "grant").get(id);
  if (found === undefined) throw new Error("no such grant");
  return found;
}

function told(app: App, id: string): Record<string, unknown> {
  const { items } = theVault(app).opened;
  return Object.fromEntries(Object.entries(claimsOf(grantIn(app, id), items, NOW))
    .map(([attribute, claim]) => [attribute, "value" in claim ? claim.value : claim.absent]));
}

async function openDetail(app: App, attribute: string): Promise<void> {
  showPersona(app, WORK);
  await personaAct(app, "detail", attribute);
}

test("an answer that was lost is not taken for the one to what was typed since", async () => {
  const house = await aHouse({ [MAIL]: "a@work.example" });
  const phone = await aDevice(house);
  const grant = await shareAsWork(phone, house, MAIL);
  await openDetail(phone, MAIL);
  house.server.lost = 1;
  await personaAct(phone, "keep", { [BOX]: "typo@work.example" });
  expect(phone.state).toMatchObject({ screen: "own", trouble: "network" });
  const right = { [BOX]: "right@work.example", [`leave-out--${grant}`]: "on" };
  await personaAct(phone, "keep", right);
  expect(phone.state, "it is shown what was saved").toMatchObject({ screen: "own", trouble: "conflict", held: "typo@work.example" });
  await personaAct(phone, "keep", right);
  expect(phone.state).toMatchObject({ screen: "persona" });
  expect([work(phone), told(phone, grant)]).toEqual(["right@work.example", { [MAIL]: "typo@work.example" }]);
  expect(house.server.published.map(({ grant_id: id }) => id), "told once, before she left it out").toEqual([grant]);
});

test("the same change tried again after its answer was lost is done once", async () => {
  const house = await aHouse({ [MAIL]: "a@work.example" });
  const phone = await aDevice(house);
  await shareAsWork(phone, house, MAIL);
  await openDetail(phone, MAIL);
  house.server.lost = 1;
  await personaAct(phone, "keep", { [BOX]: "b@work.example" });
  const before = house.server.taken.length;
  await personaAct(phone, "keep", { [BOX]: "b@work.example" });
  expect(phone.state).toMatchObject({ screen: "persona" });
  expect([work(phone), house.server.taken.length, house.server.published.length]).toEqual(["b@work.example", before, 1]);
});

test("who was left out is not told by a second press, after another device shared anew", async () => {
  const house = await aHouse({ [MAIL]: "a@work.example" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  const first = await shareAsWork(phone, house, MAIL);
  await openDetail(phone, MAIL);
  let second = "";
  house.server.meanwhile = [async () => { second = await shareAsWork(laptop, house, MAIL); }];
  const leaveOut = { [BOX]: "secret@work.example", [`leave-out--${first}`]: "on" };
  await personaAct(phone, "keep", leaveOut);
  expect(phone.state).toMatchObject({ screen: "own", trouble: "conflict", draft: leaveOut,
    receivers: [{ grant: first }, { grant: second }] });
  expect(work(phone)).toBe("a@work.example");
  await personaAct(phone, "keep", { ...leaveOut, [`leave-out--${second}`]: "on" });
  expect(phone.state).toMatchObject({ screen: "persona" });
  expect([told(phone, first), told(phone, second)]).toEqual([{ [MAIL]: "a@work.example" }, { [MAIL]: "a@work.example" }]);
  expect(house.server.published).toEqual([]);
});

test.each(["a persona's", "one's own"])("%s new value goes to nobody whom no page named", async (whose) => {
  const house = await aHouse({ [MAIL]: "a@work.example" }, { [MAIL]: "a@home.example" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  const isOwn = whose === "one's own";
  const meet = (app: App): Promise<string> => (isOwn ? share : shareAsWork)(app, house, MAIL);
  const change = (): Promise<unknown> => (isOwn ? publishValues(phone, [{ attribute: MAIL, value: "b@new.example" }])
    : publishPreferences(phone, being(MAIL, "b@new.example")));
  const first = await meet(phone);
  let second = "";
  house.server.meanwhile = [async () => { second = await meet(laptop); }];
  await expect(change()).rejects.toMatchObject({ trouble: "conflict" });
  expect(house.server.published).toEqual([]);
  // Seen by both now: both are told.
  await change();
  expect(house.server.published.map(({ grant_id: id }) => id).sort()).toEqual([first, second].sort());
});

test("what somebody sees by now is not taken away", async () => {
  const house = await aHouse({ [MAIL]: "a@work.example" }, { [MAIL]: "a@home.example" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  await openDetail(phone, MAIL);
  house.server.meanwhile = [async () => { await shareAsWork(laptop, house, MAIL); }];
  await personaAct(phone, "remove", "");
  expect(phone.state).toMatchObject({ screen: "own", trouble: "conflict", receivers: [{ sees: [MAIL] }] });
  expect(work(phone)).toBe("a@work.example");
  const [own] = [...itemsOf(theVault(phone).opened.items, "attribute").keys()];
  showEdit(phone, MAIL, own ?? null);
  house.server.meanwhile = [async () => { await share(laptop, house, MAIL); }];
  await remove(phone);
  expect(phone.state).toMatchObject({ screen: "edit", trouble: "conflict" });
  expect(theVault(phone).opened.items.has(own ?? "")).toBe(true);
});

test("two devices give a persona two values, and neither says that it saved what it did not", async () => {
  const house = await aHouse({ [MAIL]: "a@work.example" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  await openDetail(phone, MAIL);
  await publishPreferences(laptop, being(MAIL, "laptop@work.example"));
  await personaAct(phone, "keep", { [BOX]: "phone@work.example" });
  expect(phone.state).toMatchObject({ screen: "own", trouble: "conflict", held: "laptop@work.example", draft: { [BOX]: "phone@work.example" } });
  await personaAct(phone, "keep", { [BOX]: "laptop@work.example" });
  expect(phone.state).toMatchObject({ screen: "own", same: true });
  await personaAct(phone, "keep", { [BOX]: "phone@work.example" });
  expect([phone.state.screen, work(phone)]).toEqual(["persona", "phone@work.example"]);
});

test("a value that address protection keeps back keeps back no other", async () => {
  const house = await aHouse({}, { [MAIL]: "a@home.example", [HOME]: OFFICE }, { addressProtection: true });
  const phone = await aDevice(house);
  const grant = await share(phone, house, MAIL, HOME);
  await publishValues(phone, [{ attribute: HOME, value: { lines: ["2 Far Road"], postcode: "ZZ1 2AB" } }, { attribute: MAIL, value: "b@home.example" }]);
  expect(house.server.published.map(({ grant_id: id }) => id)).toEqual([grant]);
  expect(told(phone, grant)).toEqual({ [MAIL]: "b@home.example", [HOME]: OFFICE });
});

test("what did not change keeps its day, and so does what nobody could be told", async () => {
  const house = await aHouse({ [HOME]: OFFICE, [UPRN]: "10099999999" });
  const phone = await aDevice(house);
  const grant = await shareAsWork(phone, house, UPRN, "address.postcode");
  await commit(phone, () => Promise.resolve({ send: phone.device.api.commit,
    change: { put: [{ id: grant, document: { ...grantIn(phone, grant), created: NOW - 9 * 86400 } }] } }));
  await publishPreferences(phone, being(HOME, { lines: ["2 Mill Yard"], postcode: "AN1 3CD" }));
  const claims = claimsOf(grantIn(phone, grant), theVault(phone).opened.items, NOW);
  expect(claims).toMatchObject({ [UPRN]: { value: "10099999999", as_of: "2026-11-14" }, "address.postcode": { value: "AN1 3CD", as_of: "2026-11-23" } });
});

test("who is left out goes on being told what they were: names that are not concealed, and that there is no address", async () => {
  const names = [{ name: "Alex Example", concealed: false, until: "2021-05-01" }, { name: "Sam Hidden" }];
  const house = await aHouse({}, { [NAMES]: names, "address.no_fixed_address": true });
  const phone = await aDevice(house);
  const id = await share(phone, house, NAMES, HOME);
  const { items } = theVault(phone).opened;
  const left = pinned(grantIn(phone, id), [NAMES, HOME], items, NOW);
  expect(claimsOf(left, items, NOW)).toEqual(claimsOf(grantIn(phone, id), items, NOW));
  expect(claimsOf(left, items, NOW)).toMatchObject({
    [NAMES]: { value: [{ name: "Alex Example", until: "2021-05-01" }] }, [HOME]: { absent: "not_applicable" } });
});

test("one's own detail that was saved meanwhile is named anew before anybody is told", async () => {
  const house = await aHouse({}, { [MAIL]: "a@home.example" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  const [own] = [...itemsOf(theVault(phone).opened.items, "attribute").keys()];
  showEdit(phone, MAIL, own ?? null);
  house.server.meanwhile = [async () => { await share(laptop, house, MAIL); }];
  await save(phone, { [BOX]: "b@home.example" });
  expect(phone.state).toMatchObject({ screen: "edit", trouble: "conflict", draft: { [BOX]: "b@home.example" }, receivers: [{ sees: [MAIL] }] });
  await save(phone, { [BOX]: "b@home.example" });
  expect(phone.state.screen).toBe("details");
  expect(house.server.published).toHaveLength(1);
});

test("other choices are changed without telling anybody", async () => {
  const house = await aHouse({ [MAIL]: "a@work.example" });
  const phone = await aDevice(house);
  await shareAsWork(phone, house, MAIL);
  await savePreferences(phone, (now) => ({ ...now, quiet: true }));
  expect(house.server.published).toEqual([]);
});

test.each([["one's own", ""], ["a persona's", WORK]])("an answer puts no new value of %s past who follows it", async (_whose, persona) => {
  const house = await aHouse({ [MAIL]: "a@old.example" }, { [MAIL]: "a@old.example" });
  const phone = await aDevice(house);
  const grant = await (persona === "" ? share : shareAsWork)(phone, house, MAIL);
  const typed = (value: string, keep = true): ReadonlyMap<string, Decision> => new Map([[MAIL, { share: true, typed: value, keep }]]);
  const check = (decisions: ReadonlyMap<string, Decision>, replaced: string[] = []) => (): void => {
    checkTold(phone, decisions, persona, new Set(replaced));
  };
  expect(check(typed("b@new.example"))).toThrow(expect.objectContaining({ trouble: "conflict" }));
  expect(check(typed("a@old.example")), "it has that").not.toThrow();
  expect(check(typed("b@new.example", false)), "it is used once").not.toThrow();
  expect(check(typed("b@new.example"), [grant]), "it is what this answer replaces").not.toThrow();
  const tell = (...shown: string[]): Promise<void> => tellOthers(phone, { persona } as Evaluation, typed("b@new.example"), new Set(shown));
  await expect(tell(), "the question named nobody").rejects.toMatchObject({ trouble: "conflict" });
  expect(house.server.published).toEqual([]);
  await tell(grant);
  expect(house.server.published.map(({ grant_id: id }) => id)).toEqual([grant]);
  expect(check(typed("b@new.example")), "they were told").not.toThrow();
});
