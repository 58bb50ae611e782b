import { expect, test } from "vitest";
import { newId } from "../../src/core/encoding.ts";
import type { Json } from "../../src/core/encoding.ts";
import type { App } from "../../src/state/app.ts";
import { keepOffered, revealInbox, throwAway } from "../../src/state/inbox.ts";
import { sendLate } from "../../src/state/late.ts";
import { preferencesIn, savePreferences } from "../../src/state/preferences.ts";
import { publishValues } from "../../src/state/publish.ts";
import type { Draft } from "../../src/state/state.ts";
import { theVault } from "../../src/state/vault.ts";
import { random } from "../core/scene.ts";
import { NOW } from "../vectors/world.ts";
import { WORK, aDevice, aHouse, share } from "./house.ts";
import type { House } from "./house.ts";
import { MOBILE, NAME, SERVICE, awake, keep, left, open, opened, own, page, tick } from "./offering.ts";

/** The vault on this device is fetched anew under the page that is open, as when something is renewed in the background. */
async function behind(app: App, house: House, act: () => Promise<unknown>): Promise<void> {
  house.server.meanwhile = [async () => { await act(); }];
  await savePreferences(app, (now) => ({ ...now, quiet: true }));
}

function ofWork(app: App): Json | undefined {
  return preferencesIn(theVault(app).opened.items).personas.get(WORK)?.values.get(NAME);
}

const without = (app: App): Promise<void> => savePreferences(app, (now) => ({ ...now, personas: new Map() }));

test.each(["as it is sent", "before it is pressed"])("what is kept goes to nobody whom the page did not name: shared elsewhere %s", async (when) => {
  const house = await aHouse({}, { [NAME]: "Alex Example" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  const row = await left(house, "", { [NAME]: "Alexandra Example" });
  await opened(phone, house, row);
  let grant = "";
  const shareIt = async (): Promise<void> => { grant = await share(laptop, house, NAME); };
  if (when === "as it is sent") house.server.meanwhile = [shareIt];
  else await behind(phone, house, shareIt);
  await keep(phone, row);
  expect(page(phone)).toMatchObject({ trouble: "conflict", draft: tick(row),
    deposits: [{ offer: { values: [{ receivers: [{ grant }] }] } }] });
  expect([own(phone), house.server.published]).toEqual([["Alex Example"], []]);
  // Named now: it is told.
  await keep(phone, row);
  expect(page(phone)).toMatchObject({ trouble: null, notice: { kind: "saved", told: [SERVICE] }, deposits: [] });
  expect([own(phone), house.server.published.map(({ grant_id: id }) => id)]).toEqual([["Alexandra Example"], [grant]]);
});

test("who is named for one value of a deposit is told of no other that was not kept", async () => {
  const house = await aHouse({}, { [NAME]: "Alex Example", [MOBILE]: "+447700900123" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  const first = await share(phone, house, MOBILE);
  const row = await left(house, "", { [NAME]: "Alexandra Example", [MOBILE]: "+447700900456" });
  await opened(phone, house, row);
  let second = "";
  house.server.meanwhile = [async () => { second = await share(laptop, house, NAME); }];
  await keepOffered(phone, row.id, { ...tick(row), ...tick(row, MOBILE) });
  expect(page(phone)).toMatchObject({ trouble: "conflict", draft: { ...tick(row), ...tick(row, MOBILE) } });
  awake(phone);
  await keepOffered(phone, row.id, tick(row, MOBILE));
  expect(page(phone).notice).toMatchObject({ kind: "saved", told: [SERVICE] });
  expect(house.server.published.map(({ grant_id: id }) => id)).toEqual([first]);
  expect([own(phone), own(phone, MOBILE), second !== ""]).toEqual([["Alex Example"], ["+447700900456"], true]);
});

test.each([["that one alone", [NAME]], ["both", [NAME, MOBILE]]])(
  "who is named for another value of the deposit is not told this one: kept is %s", async (_what, ticked) => {
    const house = await aHouse({}, { [NAME]: "Alex Example", [MOBILE]: "+447700900123" });
    const phone = await aDevice(house);
    const grant = await share(phone, house, NAME, MOBILE);
    await publishValues(phone, [{ attribute: NAME, value: "Sam Example" }], { leftOut: new Set([grant]) });
    const laptop = await aDevice(house);
    const row = await left(house, "", { [NAME]: "Alexandra Example", [MOBILE]: "+447700900456" });
    await opened(phone, house, row);
    const named = (): unknown => Object.fromEntries(page(phone).deposits.flatMap(({ offer }) => offer?.values ?? [])
      .map(({ attribute, receivers }) => [attribute.id, receivers.length]));
    expect(named()).toEqual({ [NAME]: 0, [MOBILE]: 1 });
    // The other device sends her new name after all: from now on it hears of the next one, too.
    await behind(phone, house, () => sendLate(laptop, grant, [NAME]));
    const draft = Object.assign({}, ...ticked.map((one) => tick(row, one))) as Draft;
    await keepOffered(phone, row.id, draft);
    expect(page(phone)).toMatchObject({ trouble: "conflict" });
    expect([own(phone), named(), house.server.published.length]).toEqual([["Sam Example"], { [NAME]: 1, [MOBILE]: 1 }, 1]);
    awake(phone);
    await keepOffered(phone, row.id, draft);
    expect(page(phone)).toMatchObject({ notice: { kind: "saved", told: [SERVICE] } });
    expect([own(phone), house.server.published.length]).toEqual([["Alexandra Example"], 2]);
  });

test.each(["as it is sent", "before it is pressed"])("what the page keeps with a persona never becomes one's own: dropped elsewhere %s", async (when) => {
  const house = await aHouse({ [NAME]: "W. Example" }, { [NAME]: "Alex Example" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  await share(phone, house, NAME);
  const row = await left(house, WORK, { [NAME]: "Alex at Work" });
  await opened(phone, house, row);
  expect(page(phone).deposits).toMatchObject([{ offer: { persona: { id: WORK, name: "Work" }, values: [{ receivers: [] }] } }]);
  if (when === "as it is sent") house.server.meanwhile = [() => without(laptop)];
  else await behind(phone, house, () => without(laptop));
  await keep(phone, row);
  expect(page(phone), "nothing is ticked of what is the resident's own now").toMatchObject({ trouble: "conflict", draft: {},
    deposits: [{ offer: { persona: null, values: [{ now: "Alex Example", receivers: [{ service: SERVICE }] }] } }] });
  expect([own(phone), house.server.published]).toEqual([["Alex Example"], []]);
  await keep(phone, row);
  expect(page(phone).notice).toEqual({ kind: "saved", told: [SERVICE], notTold: [] });
  expect(own(phone)).toEqual(["Alex at Work"]);
});

test("what was read of one vault is not shown in the next that is opened in that tab", async () => {
  const [house, next] = [await aHouse(), await aHouse()];
  const [phone, other] = [await aDevice(house), await aDevice(next)];
  house.server.inbox = [await left(house, "", { [NAME]: "Alexandra Example" })];
  await open(phone);
  expect(page(phone).deposits).toHaveLength(1);
  const rows = house.server.inbox;
  for (const vault of [other.vault, null]) {
    const tab = await aDevice(house);
    tab.device.api.deposits = () => {
      tab.vault = vault;
      return Promise.resolve({ deposits: vault === null ? [] : rows });
    };
    await expect(open(tab)).rejects.toMatchObject({ trouble: "unexpected" });
    expect(tab.state.screen).not.toBe("inbox");
  }
});

test("what came to a persona is kept with it", async () => {
  const house = await aHouse({ [NAME]: "W. Example" }, { [NAME]: "Alex Example" });
  const phone = await aDevice(house);
  const row = await left(house, WORK, { [NAME]: "Alex at Work" });
  await opened(phone, house, row);
  await keep(phone, row);
  expect(page(phone)).toMatchObject({ trouble: null, notice: { kind: "saved" }, deposits: [] });
  expect([own(phone), ofWork(phone)]).toEqual([["Alex Example"], "Alex at Work"]);
});

test.each(["one's own", "a persona's"])("%s value that changed elsewhere since the page came is seen before it is replaced", async (whose) => {
  const house = await aHouse({ [NAME]: "W. Example" }, { [NAME]: "Alex Example" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  const row = await left(house, whose === "one's own" ? "" : WORK, { [NAME]: "Alexandra Example" });
  await opened(phone, house, row);
  await behind(phone, house, () => (whose === "one's own" ? publishValues(laptop, [{ attribute: NAME, value: "Sam Example" }])
    : savePreferences(laptop, (now) => ({ ...now, personas: new Map([[WORK, { name: "Work", values: new Map([[NAME, "Sam Example"]]) }]]) }))));
  await keep(phone, row);
  expect(page(phone)).toMatchObject({ trouble: "conflict", draft: tick(row), deposits: [{ offer: { values: [{ now: "Sam Example" }] } }] });
  await keep(phone, row);
  expect(page(phone).notice).toMatchObject({ kind: "saved" });
  expect(whose === "one's own" ? own(phone) : [ofWork(phone)]).toEqual(["Alexandra Example"]);
});

test.each([
  ["kept", "another deposit", ""], ["kept", "another value under the same id", "same"], ["thrown away", "another deposit", ""],
  ["thrown away", "another value under the same id", "same"]])("nothing is %s that was put in its place since: %s", async (what, _other, jti) => {
  const house = await aHouse({ [NAME]: "W. Example" }, { [NAME]: "Alex Example" });
  const phone = await aDevice(house);
  await share(phone, house, NAME);
  const id = newId(random);
  const shown = await left(house, WORK, { [NAME]: "Harmless for Work" }, id);
  const other = { ...await left(house, jti === "same" ? WORK : "", { [NAME]: "Never Seen" }, jti === "same" ? id : newId(random)), id: shown.id };
  house.server.inbox = [shown];
  await open(phone);
  house.server.inbox = [other];
  const before = house.server.taken.length;
  const act = async (): Promise<void> => {
    await (what === "kept" ? keep(phone, shown) : throwAway(phone, shown.id));
    awake(phone);
  };
  await act();
  expect(page(phone)).toMatchObject({ trouble: "conflict", draft: {}, deposits: [{ offer: { values: [{ value: "Never Seen" }] } }] });
  expect([own(phone), house.server.taken.length, house.server.published]).toEqual([["Alex Example"], before, []]);
  await act();
  expect(page(phone)).toMatchObject({ trouble: null, notice: { kind: what === "kept" ? "saved" : "thrown" }, deposits: [] });
  expect([...own(phone), ofWork(phone)].includes("Never Seen")).toBe(what === "kept");
});

test("what is shown again after a proof stays ticked only where it is the same", async () => {
  const house = await aHouse({}, { [NAME]: "Alex Example" });
  const phone = await aDevice(house);
  phone.proved = NOW;
  const [one, two] = [await left(house, "", { [NAME]: "Alexandra Example" }), await left(house, "", { [MOBILE]: "+447700900456" })];
  house.server.inbox = [one, two];
  await open(phone);
  house.server.inbox = [{ ...await left(house, "", { [NAME]: "Never Seen" }), id: one.id }, two];
  await revealInbox(phone, { ...tick(one), ...tick(two, MOBILE) });
  expect(page(phone)).toMatchObject({ revealed: true, draft: tick(two, MOBILE) });
  expect(page(phone).draft).not.toHaveProperty(Object.keys(tick(one))[0] ?? "");
});

test("what is ticked of one offer stays ticked while another is answered", async () => {
  const house = await aHouse({}, { [NAME]: "Alex Example" });
  const phone = await aDevice(house);
  const rows = [await left(house, "", { [NAME]: "Alexandra Example" }), await left(house, "", { [MOBILE]: "+447700900456" })] as const;
  house.server.inbox = rows;
  await open(phone);
  await throwAway(phone, rows[0].id, { ...tick(rows[0]), ...tick(rows[1], MOBILE) });
  expect(page(phone)).toMatchObject({ notice: { kind: "thrown" }, draft: tick(rows[1], MOBILE), deposits: [{ id: rows[1].id }] });
  expect([own(phone), own(phone, MOBILE)]).toEqual([["Alex Example"], []]);
});
