import { expect, test } from "vitest";
import { b64u, utf8 } from "../../src/core/encoding.ts";
import type { Json } from "../../src/core/encoding.ts";
import type { AttributeItem, GrantItem, ItemDocument } from "../../src/core/items.ts";
import { NO_PREFERENCES, preferencesItem } from "../../src/core/preferences_item.ts";
import type { Preferences } from "../../src/core/preferences_item.ts";
import { following, isSensitive, lateIn } from "../../src/state/late.ts";
import { claimsOf, former, pinned } from "../../src/state/present.ts";

const NOON = 1795435200; // 23 November 2026
const HOME = "address.current";
const MAIL = "contact.email";
const OLD = { lines: ["10 Example Street"], postcode: "AN1 2AB" };
const NEW = { lines: ["1 Far Road"], postcode: "ZZ1 2AB" };

function compact(claims: object): string {
  return `.${b64u(utf8(JSON.stringify(claims)))}.`;
}

function vault(home: Json, mail: string, preferences: Partial<Preferences> = {}): Map<string, ItemDocument> {
  const held = (attribute: string, value: Json): AttributeItem =>
    ({ kind: "attribute", attribute, value, source: "self_asserted", as_of: "2026-11-02", history: [] });
  return new Map<string, ItemDocument>([[HOME, held(HOME, home)], [MAIL, held(MAIL, mail)],
    ["p", preferencesItem({ ...NO_PREFERENCES, ...preferences })]]);
}

const grant: GrantItem = {
  kind: "grant", grant_id: "g", service: "https://library.example", authority: "anytown", sub: "", sector: "s", persona: "", relationship: "r",
  parameters: null, request_hash: "", record: compact({ purpose: "p" }), salt: "", access: { until: "2027-11-23" }, revision: 1, created: NOON,
  ended: null, request: compact({ authorization_details: [{ purpose: "p", attributes: { [HOME]: {}, [MAIL]: {} } }] }),
  statement: compact({ metadata: { resident_data_service: { tier: "council", purposes: [{ id: "p", statute: null, zones: {} }] } } }),
  decisions: { [HOME]: "share", [MAIL]: "share" }, choices: { [HOME]: { choice: "share" }, [MAIL]: { choice: "share" } },
};

const before = vault(OLD, "old@example.org");
const left = pinned(grant, [HOME, MAIL], before, NOON);

test("who was left out can be sent what the vault has now, and follows it again", () => {
  const now = vault(NEW, "new@example.org");
  expect(former(left, now, NOON)).toEqual([HOME, MAIL]);
  expect(lateIn(left, now, NOON)).toEqual([HOME, MAIL]);
  expect(claimsOf(left, now, NOON)[HOME]).toMatchObject({ value: OLD });
  const sent = following(left, lateIn(left, now, NOON), NOON);
  expect(sent.choices).toEqual(grant.choices);
  expect(claimsOf(sent, now, NOON)[HOME]).toMatchObject({ value: NEW });
  expect(lateIn(sent, now, NOON)).toEqual([]);
  expect(lateIn(left, before, NOON), "nothing has changed").toEqual([]);
});

test("one detail is sent, and the other stays as it was", () => {
  const now = vault(NEW, "new@example.org");
  const sent = following(left, [MAIL], NOON);
  expect(claimsOf(sent, now, NOON)).toMatchObject({ [HOME]: { value: OLD }, [MAIL]: { value: "new@example.org" } });
});

test("what the resident's choices keep back is not offered to be sent", () => {
  const late = (preferences: Partial<Preferences>, mail = "new@example.org"): readonly string[] =>
    lateIn(left, vault(NEW, mail, preferences), NOON);
  expect(late({})).toEqual([HOME, MAIL]);
  expect(late({ addressProtection: true })).toEqual([MAIL]);
  expect(late({ addressProtection: true }, "sian.of.zz12ab@example.org"), "nor what gives the place away").toEqual([]);
  expect(late({ rules: new Map([[MAIL, { rule: "never" }]]) })).toEqual([HOME]);
  expect(late({ rules: new Map([[HOME, { rule: "only", services: ["https://other.example"] }]]) })).toEqual([MAIL]);
  expect(late({ paused: true })).toEqual([]);
  expect(late({ authorities: new Map([["anytown", "blocked"]]) })).toEqual([]);
});

test("a service that knows another persona is not sent what that persona answers by itself", () => {
  const work = "d29yay13b3JrLXdvcmstdw";
  const services = new Map([[grant.service, { trust: null, persona: work, oneOff: false }]]);
  const personas = new Map([[work, { name: "Work", values: new Map([[MAIL, "work@example.org"]]) }]]);
  expect(lateIn(left, vault(NEW, "new@example.org", { services, personas }), NOON)).toEqual([HOME]);
});

test("a sensitive detail wants its resident shown again, an address does not", () => {
  expect(isSensitive(["disability.blue_badge_number"])).toBe(true);
  expect(isSensitive([HOME, MAIL])).toBe(false);
});
