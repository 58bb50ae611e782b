import { expect, test } from "vitest";
import { b64u, utf8 } from "../../src/core/encoding.ts";
import type { Json } from "../../src/core/encoding.ts";
import type { Choice, GrantItem, ItemDocument } from "../../src/core/items.ts";
import { NO_PREFERENCES, preferencesItem } from "../../src/core/preferences_item.ts";
import { exposedIn } from "../../src/state/exposed.ts";
import { following, lateIn } from "../../src/state/late.ts";
import { matching } from "../../src/state/personas.ts";
import { changedOn, claimsOf, former, isDue, pinned, settled, touched, withAnswers } from "../../src/state/present.ts";

const NOON = 1795435200; // 23 November 2026
const DAY = 86400;
const WORK = "d29yay13b3JrLXdvcmstdw";
const SERVICE = "https://library.example";
const [HOME, MAIL, POSTCODE, ADULT] = ["address.current", "contact.email", "address.postcode", "person.age_over_18"];
const OFFICE = { lines: ["1 Mill Yard"], postcode: "AN1 2AB" };
const FAR = { lines: ["2 Far Yard"], postcode: "ZZ1 2AB" };

function compact(claims: object): string {
  return `.${b64u(utf8(JSON.stringify(claims)))}.`;
}

/** A vault whose resident is "Work" to the service, and has an email address and a home of their own. */
function vault(work: Record<string, Json>, more: Partial<typeof NO_PREFERENCES> = {}): Map<string, ItemDocument> {
  const own = (attribute: string, value: Json): [string, ItemDocument] =>
    [attribute, { kind: "attribute", attribute, value, source: "self_asserted", as_of: "2026-01-01", history: [] }];
  const preferences = { ...NO_PREFERENCES, personas: new Map([[WORK, { name: "Work", values: new Map(Object.entries(work)) }]]),
    services: new Map([[SERVICE, { trust: null, persona: WORK, oneOff: false }]]), ...more };
  return new Map([own(HOME, { lines: ["10 Example Street"], postcode: "AN9 9ZZ" }), own(MAIL, "sian@example.org"),
    ["p", preferencesItem(preferences)]]);
}

function grant(theirs: readonly string[], lent: readonly string[] = []): GrantItem {
  const all = [...theirs, ...lent];
  return {
    kind: "grant", grant_id: "g", service: SERVICE, authority: "anytown", sub: "", sector: "s", persona: WORK, relationship: "r",
    parameters: null, request_hash: "", record: compact({ purpose: "p" }), salt: "", access: { until: "2027-11-23" }, revision: 1,
    created: NOON, ended: null,
    request: compact({ authorization_details: [{ purpose: "p", attributes: Object.fromEntries(all.map((id) => [id, {}])) }] }),
    statement: compact({ metadata: { resident_data_service: { tier: "council", name: { en: "Library", cy: "Llyfrgell" },
      purposes: [{ id: "p", statute: null, zones: {} }] } } }),
    decisions: Object.fromEntries(all.map((id) => [id, "share"])),
    choices: Object.fromEntries(all.map((id): [string, Choice] =>
      [id, theirs.includes(id) ? { choice: "share", persona: true } : { choice: "share" }])),
  };
}

test("a service that knows a persona is told what that persona is now, and of nothing that is not its own", () => {
  const item = grant([HOME, POSTCODE, MAIL]);
  const claims = claimsOf(item, vault({ [HOME]: OFFICE }), NOON + DAY);
  expect(claims).toEqual({
    [HOME]: { value: OFFICE, source: "self_asserted", as_of: "2026-11-23" },
    [POSTCODE]: { value: "AN1 2AB", source: "derived", as_of: "2026-11-23" },
    [MAIL]: { absent: "not_held" } });
  const changed = changedOn(item, [HOME, POSTCODE], "2026-12-01");
  expect(claimsOf(changed, vault({ [HOME]: FAR }), NOON + 9 * DAY)).toMatchObject({
    [HOME]: { value: FAR, as_of: "2026-12-01" }, [POSTCODE]: { value: "ZZ1 2AB", as_of: "2026-12-01" } });
});

test("a persona's change reaches who is told of it and one's own who is lent it, each and no other", () => {
  const item = grant([HOME, POSTCODE], [MAIL]);
  const items = vault({ [HOME]: OFFICE });
  expect(touched(item, { attribute: HOME, persona: WORK }, items)).toEqual([HOME, POSTCODE]);
  expect(touched(item, { attribute: HOME }, items)).toEqual([]);
  expect(touched(item, { attribute: HOME, persona: "b3RoZXItb3RoZXItb3RoZQ" }, items)).toEqual([]);
  expect(touched(item, { attribute: MAIL }, items)).toEqual([MAIL]);
  expect(touched(item, { attribute: MAIL, persona: WORK }, items)).toEqual([]);
});

test("who is left out of a persona's change can be sent it later, and follows it again", () => {
  const before = vault({ [HOME]: OFFICE, [MAIL]: "old@work.example" });
  const left = pinned(grant([HOME, MAIL]), [HOME, MAIL], before, NOON);
  const now = vault({ [HOME]: FAR, [MAIL]: "new@work.example" });
  expect(claimsOf(left, now, NOON)).toMatchObject({ [HOME]: { value: OFFICE }, [MAIL]: { value: "old@work.example" } });
  expect(former(left, now, NOON)).toEqual([HOME, MAIL]);
  expect(touched(left, { attribute: HOME, persona: WORK }, now), "it hears of no later one").toEqual([]);
  expect(lateIn(left, now, NOON)).toEqual([HOME, MAIL]);
  expect(lateIn(left, before, NOON), "nothing has changed").toEqual([]);
  expect(lateIn(left, vault({ [HOME]: FAR }, { addressProtection: true }), NOON)).toEqual([]);
  const sent = following(left, [MAIL], NOON + DAY);
  expect(claimsOf(sent, now, NOON + DAY)).toMatchObject({
    [HOME]: { value: OFFICE }, [MAIL]: { value: "new@work.example", as_of: "2026-11-24" } });
  expect(touched(sent, { attribute: MAIL, persona: WORK }, now)).toEqual([MAIL]);
});

test("who was lent one's own is sent nothing later that the persona answers by itself now", () => {
  const left = pinned(grant([], [MAIL]), [MAIL], vault({}), NOON);
  const changed = new Map([...vault({}), [MAIL, { ...vault({}).get(MAIL), value: "new@example.org" } as ItemDocument]]);
  expect(lateIn(left, changed, NOON)).toEqual([MAIL]);
  const answered = new Map([...changed, ["p", vault({ [MAIL]: "s@work.example" }).get("p") as ItemDocument]]);
  expect(lateIn(left, answered, NOON)).toEqual([]);
});

test("a persona's birthday is due once, and no day before it", () => {
  const items = vault({ "person.date_of_birth": "2008-11-25" });
  const item = withAnswers(grant([ADULT]), items, NOON);
  expect(item.derived).toMatchObject({ [ADULT]: { value: false } });
  expect(isDue(item, items, NOON + DAY)).toBe(false);
  expect(isDue(item, items, NOON + 2 * DAY)).toBe(true);
  expect(isDue(withAnswers(item, items, NOON + 2 * DAY), items, NOON + 2 * DAY)).toBe(false);
});

test("what a grant that is over was told as a persona stays known, and another persona is still warned of it", () => {
  const over: GrantItem = { ...settled(grant([MAIL]), vault({ [MAIL]: "old@work.example" }), NOON), ended: { at: NOON, why: "revoked" } };
  const items = new Map([...vault({ [MAIL]: "new@work.example" }), ["g", over]]);
  const asked = { service: "https://other.example", persona: "", attribute: MAIL, value: "old@work.example" };
  expect(matching(items, asked, NOON).matches).toEqual([{ en: "Library", cy: "Llyfrgell" }]);
  expect(matching(items, { ...asked, value: "new@work.example" }, NOON).matches, "it never had this one").toEqual([]);
  expect(settled(grant([], [MAIL]), items, NOON), "one's own is not kept with it").toEqual(grant([], [MAIL]));
});

test("address protection finds the grants that show a persona's place", () => {
  const items = vault({ [HOME]: OFFICE, [MAIL]: "desk.an12ab@work.example" });
  const opened = { items: new Map([...items, ["g", grant([POSTCODE, MAIL, ADULT])]]), manifest: { grants: { g: { n: 0, head: "" } } } };
  expect(exposedIn(opened as never).map(([id, , attributes]) => [id, attributes])).toEqual([["g", [POSTCODE, MAIL]]]);
});
