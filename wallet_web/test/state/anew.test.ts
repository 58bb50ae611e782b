import { expect, test } from "vitest";
import { itemsOf } from "../../src/core/items.ts";
import { knownOf } from "../../src/core/preferences_item.ts";
import { changeKnownAs, showKnownAs } from "../../src/state/anew.ts";
import type { App } from "../../src/state/app.ts";
import { liveGrants } from "../../src/state/items.ts";
import { matching } from "../../src/state/personas.ts";
import { preferencesIn, savePreferences } from "../../src/state/preferences.ts";
import { theVault } from "../../src/state/vault.ts";
import { CLIENT, NOW } from "../vectors/world.ts";
import { WORK, aDevice, aHouse, share } from "./house.ts";

const MAIL = "contact.email";
const HOME = "address.current";
const POSTCODE = "address.postcode";

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
