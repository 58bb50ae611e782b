import { expect, test } from "vitest";
import { bestOf, tongue } from "../../src/client/tongue.ts";

function store(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => { kept.set(key, value); },
    removeItem: (key: string) => { kept.delete(key); } } as unknown as Storage;
}

const page = (sessionStorage: Storage, localStorage: Storage): Parameters<typeof tongue>[0] =>
  ({ sessionStorage, localStorage, navigator: { languages: ["cy"] } as unknown as Navigator });

test.each([
  [["cy"], "cy"], [["cy-GB", "en"], "cy"], [["CY"], "cy"], [["fr", "en-GB", "cy"], "en"], [["fr", "x-cy", "cyx", "*"], null], [[], null], [[""], null],
])("of %j we speak %s (RFC 4647 lookup)", (tags, best) => {
  expect(bestOf(tags)).toBe(best);
});

test("a choice is the tab's until a vault of this device keeps it", () => {
  const device = store();
  const tab = store();
  const here = tongue(page(tab, device));
  here.choose("cy");
  expect([here.chosen(), tongue(page(tab, device)).chosen(), tongue(page(store(), device)).chosen()]).toEqual(["cy", "cy", null]);
  here.keep();
  expect(tongue(page(store(), device)).chosen()).toBe("cy");
});

test("what a tab forgot is not there for the next person, and what the device keeps is", () => {
  const [tab, device] = [store(), store()];
  const here = tongue(page(tab, device));
  here.choose("cy");
  here.forget();
  expect([here.chosen(), tongue(page(tab, device)).chosen()]).toEqual([null, null]);
});

test("nothing is kept of a language that nobody chose", () => {
  const device = store();
  tongue(page(store(), device)).keep();
  expect(device.getItem("language")).toBeNull();
});

test("a browser that keeps nothing has the choice until the page goes", () => {
  const refusing = {
    navigator: { languages: ["en"] },
    get sessionStorage(): Storage { throw new Error("no"); },
    get localStorage(): Storage { throw new Error("no"); },
  };
  const here = tongue(refusing as unknown as Parameters<typeof tongue>[0]);
  here.choose("cy");
  here.keep();
  expect(here.chosen()).toBe("cy");
  here.forget();
  expect(here.chosen()).toBeNull();
});
