import { expect, test } from "vitest";
import { Failure } from "../../src/client/failure.ts";
import { throwAway } from "../../src/state/inbox.ts";
import { aDevice, aHouse, share } from "./house.ts";
import { NAME, SERVICE, awake, keep, left, open, opened, own, page, tick } from "./offering.ts";

test("an answer that was lost is found again, and it is said who was told", async () => {
  const house = await aHouse({}, { [NAME]: "Alex Example" });
  const phone = await aDevice(house);
  await share(phone, house, NAME);
  const row = await left(house, "", { [NAME]: "Alexandra Example" });
  await opened(phone, house, row);
  house.server.lost = 1;
  await keep(phone, row);
  expect(page(phone)).toMatchObject({ trouble: null, notice: { kind: "saved", told: [SERVICE], notTold: [] }, deposits: [] });
  expect([own(phone), house.server.published.length]).toEqual([["Alexandra Example"], 1]);
});

test.each([["kept", ["Alexandra Example"]], ["thrown away", ["Alex Example"]]])(
  "who comes back into the network after an answer was lost is told that it is %s", async (what, has) => {
    const house = await aHouse({}, { [NAME]: "Alex Example" });
    const phone = await aDevice(house);
    const row = await left(house, "", { [NAME]: "Alexandra Example" });
    await opened(phone, house, row);
    const act = (): Promise<void> => (what === "kept" ? keep(phone, row) : throwAway(phone, row.id));
    const { deposits, answerDeposit } = phone.device.api;
    Object.assign(phone.device.api, { answerDeposit: async (...given: Parameters<typeof answerDeposit>) => {
      phone.device.api.deposits = () => Promise.reject(new Failure("network"));
      return answerDeposit(...given);
    } });
    house.server.lost = 1;
    await act();
    expect(page(phone), "the page stays as it is").toMatchObject({ trouble: "network", deposits: [{ id: row.id }] });
    awake(phone);
    Object.assign(phone.device.api, { deposits, answerDeposit });
    const before = house.server.taken.length;
    await act();
    expect(page(phone)).toMatchObject({ trouble: null, notice: { kind: what === "kept" ? "saved" : "thrown" }, deposits: [] });
    expect([own(phone), house.server.taken.length]).toEqual([has, before]);
  });

test.each([["kept", null, "Alexandra Example"], ["thrown away", "conflict", "Alex Example"]])(
  "what another device has answered is said to be kept here only where it was kept: %s there", async (theirs, trouble, has) => {
    const house = await aHouse({}, { [NAME]: "Alex Example" });
    const [phone, laptop] = [await aDevice(house), await aDevice(house)];
    const row = await left(house, "", { [NAME]: "Alexandra Example" });
    await opened(phone, house, row);
    await open(laptop);
    house.server.meanwhile = [() => (theirs === "kept" ? keep(laptop, row) : throwAway(laptop, row.id))];
    await keep(phone, row);
    expect(page(phone)).toMatchObject({ trouble, deposits: [] });
    expect(own(phone)).toEqual([has]);
  });

test("a deposit that the server hides is not said to be saved", async () => {
  const house = await aHouse({}, { [NAME]: "Alex Example" });
  const phone = await aDevice(house);
  const row = await left(house, "", { [NAME]: "Alexandra Example" });
  await opened(phone, house, row);
  house.server.inbox = [];
  await keep(phone, row);
  expect(page(phone)).toMatchObject({ trouble: "conflict", notice: null, deposits: [] });
  expect(own(phone)).toEqual(["Alex Example"]);
});

test("an answer that never arrived is given again", async () => {
  const house = await aHouse({}, { [NAME]: "Alex Example" });
  const phone = await aDevice(house);
  const row = await left(house, "", { [NAME]: "Alexandra Example" });
  await opened(phone, house, row);
  house.server.meanwhile = [() => Promise.reject(new Failure("network"))];
  await keep(phone, row);
  expect(page(phone)).toMatchObject({ trouble: "network", draft: tick(row), deposits: [{ id: row.id }] });
  expect(own(phone)).toEqual(["Alex Example"]);
  await keep(phone, row);
  expect(page(phone)).toMatchObject({ notice: { kind: "saved" } });
  expect(own(phone)).toEqual(["Alexandra Example"]);
});

test("a server that gives a deposit again, which another device has answered, has it answered once", async () => {
  const house = await aHouse({}, { [NAME]: "Alex Example" });
  const [phone, laptop] = [await aDevice(house), await aDevice(house)];
  const row = await left(house, "", { [NAME]: "Alexandra Example" });
  await opened(phone, house, row);
  await open(laptop);
  house.server.meanwhile = [async () => {
    await throwAway(laptop, row.id);
    house.server.inbox = [row];
  }];
  await keep(phone, row);
  expect(page(phone)).toMatchObject({ trouble: "conflict", draft: {}, deposits: [{ offer: null }] });
  expect(own(phone)).toEqual(["Alex Example"]);
});
