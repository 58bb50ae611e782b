import { expect, test } from "vitest";
import { b64u, utf8 } from "../../src/core/encoding.ts";
import type { Json } from "../../src/core/encoding.ts";
import type { AttributeItem, GrantItem, ItemDocument } from "../../src/core/items.ts";
import { changeIn } from "../../src/state/changes.ts";
import { claimsOf, former, isDue, pinned, touched, withAnswers } from "../../src/state/present.ts";

const NOON = 1795435200; // 23 November 2026
const DAY = 86400;
const ADULT = "person.age_over_18";
const AREA = "address.lives_in_area";
const HOME = "address.current";

const zone = { postcodes: Array.from({ length: 50 }, (_, at) => `AN${1 + (at % 9)} ${Math.floor(at / 9)}AB`) };

function compact(claims: object): string {
  return `.${b64u(utf8(JSON.stringify(claims)))}.`;
}

function held(attribute: string, value: Json, asOf = "2026-11-02"): AttributeItem {
  return { kind: "attribute", attribute, value, source: "self_asserted", as_of: asOf, history: [] };
}

function vault(...items: AttributeItem[]): Map<string, ItemDocument> {
  return new Map(items.map((item) => [item.attribute, item]));
}

function grant(...attributes: string[]): GrantItem {
  const shared = attributes.map((id) => [id, { choice: "share" as const }] as const);
  return {
    kind: "grant", grant_id: "g", service: "s", authority: "a", sub: "", sector: "s", persona: "", relationship: "r",
    parameters: null, request_hash: "", record: "", salt: "", access: { until: "2027-11-23" }, revision: 1, created: NOON, ended: null,
    request: compact({ authorization_details: [{ purpose: "p", attributes: { [AREA]: { zone: "town" } } }] }),
    statement: compact({ metadata: { resident_data_service: { purposes: [{ id: "p", zones: { town: zone } }] } } }),
    decisions: Object.fromEntries(attributes.map((id) => [id, "share"])), choices: Object.fromEntries(shared),
  };
}

const home = { lines: ["10 Example Street"], postcode: "AN1 2AB" };

test("a service is told the answer, with the date of what it comes from, and never that", () => {
  const items = vault(held("person.date_of_birth", "1985-03-31", "2026-05-01"), held(HOME, home));
  const claims = claimsOf(grant(ADULT, AREA), items, NOON);
  expect(claims).toEqual({
    [ADULT]: { value: true, source: "derived", as_of: "2026-05-01" }, [AREA]: { value: true, source: "derived", as_of: "2026-11-02" } });
});

test("who has no fixed address gets an answer that says so, until there is one", () => {
  const homeless = held("address.no_fixed_address", true);
  expect(claimsOf(grant(AREA, HOME), vault(homeless), NOON)).toEqual({
    [AREA]: { absent: "not_applicable" }, [HOME]: { absent: "not_applicable" } });
  expect(claimsOf(grant(AREA), vault(homeless, held(HOME, home)), NOON)[AREA]).toMatchObject({ value: true });
});

test("an answer that the date alone changes is due once, and only where the vault's own is followed", () => {
  const items = vault(held("person.date_of_birth", "2008-11-25"));
  const before = withAnswers(grant(ADULT), items, NOON);
  expect(before.derived).toEqual({ [ADULT]: { value: false, source: "derived", as_of: "2026-11-02" } });
  expect(isDue(before, items, NOON + DAY)).toBe(false);
  const later = NOON + 2 * DAY;
  expect(isDue(before, items, later)).toBe(true);
  expect(isDue(withAnswers(before, items, later), items, later)).toBe(false);
  expect(isDue(pinned(before, [ADULT], items, NOON), items, later)).toBe(false);
  expect(isDue({ ...before, access: "once" }, items, later)).toBe(false);
});

test("a change reaches who sees the detail, and who sees only what is worked out from it", () => {
  const items = vault(held(HOME, home), held("contact.email", "sian@example.org"));
  expect(touched(grant(HOME, AREA, ADULT), { attribute: HOME, item: HOME }, items)).toEqual([HOME, AREA]);
  expect(touched(grant(AREA), { attribute: HOME }, items)).toEqual([AREA]);
  expect(touched(grant(ADULT), { attribute: HOME }, items)).toEqual([]);
  expect(touched(grant(HOME), { attribute: HOME, item: "another" }, items)).toEqual([]);
  expect(touched({ ...grant(HOME), access: "once" }, { attribute: HOME }, items)).toEqual([]);
});

test("who is left out goes on being told the former value, of the day and source that it had", () => {
  const items = vault(held(HOME, home));
  const kept = pinned(grant(HOME, AREA), [HOME, AREA], items, NOON);
  const moved = vault(held(HOME, { lines: ["1 Far Road"], postcode: "ZZ1 2AB" }, "2026-11-23"));
  const told = claimsOf(kept, moved, NOON + DAY);
  expect(told).toEqual(claimsOf(grant(HOME, AREA), items, NOON));
  expect(told[AREA]).toEqual({ value: true, source: "derived", as_of: "2026-11-02" });
  expect(former(kept, moved, NOON)).toEqual([HOME, AREA]);
  expect(former(kept, items, NOON)).toEqual([]);
  expect(former(grant(HOME, AREA), moved, NOON)).toEqual([]);
});

test("a change is picked up by the first look after it, and by none before", () => {
  const log = (...kinds: string[]) => kinds.map((kind, at) => ({ kind, at })) as never;
  expect(changeIn(log("approved", "collected", "read"))).toBe(null);
  expect(changeIn(log("approved", "read", "published"))).toEqual({ at: 2, picked: null });
  expect(changeIn(log("approved", "published", "read", "read_unchanged"))).toEqual({ at: 1, picked: 2 });
  expect(changeIn(log("approved", "published", "read", "published"))).toEqual({ at: 3, picked: null });
});

test("what a grant alone is told not to exist stays so, whatever the vault comes to hold", () => {
  const items = vault(held("person.date_of_birth", "1985-03-31"), held(HOME, home));
  const item: GrantItem = { ...grant(ADULT, HOME),
    choices: { [ADULT]: { choice: "share", absent: "not_held" }, [HOME]: { choice: "share", absent: "not_applicable" } } };
  expect(claimsOf(item, items, NOON)).toEqual({ [ADULT]: { absent: "not_held" }, [HOME]: { absent: "not_applicable" } });
  expect(touched(item, { attribute: HOME }, items)).toEqual([]);
  expect(withAnswers(item, items, NOON).derived).toBeUndefined();
  expect(pinned(item, [ADULT, HOME], items, NOON)).toEqual(item);
});
