import { expect, test } from "vitest";
import type { Actions } from "../../src/state/actions.ts";
import type { ActivityEvent, ActivityState } from "../../src/state/activity_state.ts";
import type { GrantLine } from "../../src/state/state.ts";
import { enActivity } from "../../src/text/en_activity.ts";
import { speak, text } from "../../src/text/index.ts";
import { activityView } from "../../src/views/activity.ts";
import { both, grant } from "../example.ts";
import { leaves, pieces } from "../text/leaves.ts";
import { count, flat, words } from "./flat.ts";

const doing = { sending: false, trouble: null } as const;
const show = (state: ActivityState) => activityView(state, {} as Actions, text);

const event: ActivityEvent = { at: 1_795_430_000, kind: "shared", client: "https://parking.example", service: both("Anytown Parking"), grant: "a",
  signIn: false, attributes: ["person.full_name"], picked: null, place: null };
const activity: Extract<ActivityState, { screen: "activity" }> = { screen: "activity", quiet: false, shown: 20, chosen: "", linked: [],
  good: 2, faults: [], unchecked: [], planted: [], saved: false,
  events: [event, { ...event, at: event.at - 60, kind: "published", picked: event.at, attributes: [] },
    { ...event, at: event.at - 86400, kind: "signedIn", signIn: true, client: "https://leisure.example", service: both("Leisure"), attributes: [] }],
  services: [{ client: "https://parking.example", name: both("Anytown Parking") },
    { client: "https://leisure.example", name: both("Leisure") }], ...doing };

const replaced: GrantLine = { ...grant, ended: { at: 1_795_000_000, why: "replaced" } };
const newer: GrantLine = { ...grant, id: "b", attributes: ["person.full_name"] };
const signIn: GrantLine = { ...grant, id: "c", signIn: true, attributes: [], purpose: both("") };

const screens: readonly ActivityState[] = [
  activity,
  { ...activity, events: [], services: [], good: 0 },
  { ...activity, faults: [{ grant: "a", service: both("Anytown Parking"), rule: "log/gap" }, { grant: "b", service: both("Library"), rule: "missing" }],
    unchecked: [both("Leisure")], planted: ["https://evil.example"], saved: true, trouble: "network" },
  { ...activity, chosen: "https://parking.example", linked: ["https://parking.example"], saved: true },
  { screen: "notMe", grant, newer: false, armed: true, ...doing },
  { screen: "notMe", grant: { ...grant, signIn: true, ended: { at: 1_795_000_000, why: "revoked" } }, newer: false, armed: true, ...doing },
  { screen: "notMe", grant: replaced, newer: true, armed: true, ...doing },
  { screen: "notMeDone", grant, still: [], newer: null },
  { screen: "notMeDone", grant: replaced, still: [newer, signIn], newer: newer.id },
  { screen: "late", grant, attributes: ["address.current"], armed: true, ...doing },
];

test.each(screens.map((state) => [state.screen, state] as const))("%s has one heading and no inline style", (_, state) => {
  expect(count(show(state), "h1")).toBe(1);
  expect(flat(show(state))).not.toMatch(/\sstyle=|<style|<script|onclick=/);
  expect(words(show(state))).not.toContain("undefined");
});

test.each(screens.map((state) => [state.screen, state] as const))("%s has no English left on it in Welsh", async (_, state) => {
  const english = leaves([text, enActivity], ["0.day", "0.moment", "0.and", "1.dayOf", "1.timeOf"]).flatMap((leaf) => pieces(leaf.words));
  await speak("cy");
  try {
    expect(english.filter((piece) => words(show(state)).includes(piece))).toEqual([]);
    expect(words(show(state))).not.toContain("undefined");
  } finally {
    await speak("en");
  }
});

test("what happened is told by the day and by service, older pages on demand, with a way to say that it was somebody else", () => {
  const said = words(show(activity));
  expect(said).toContain("You shared details with Anytown Parking Full name");
  expect(said).toContain("They picked it up on");
  expect(said).toContain("This was not me You shared details with Anytown Parking");
  expect(said.split("This was not me").length - 1, "of a sign-in and an answer, not of a change").toBe(2);
  expect(count(show(activity), "h2")).toBe(3);
  expect(words(show({ ...activity, chosen: "https://leisure.example" }))).toContain("1 of 1 shown.");
  expect(words(show({ ...activity, chosen: "https://leisure.example" }))).not.toContain("You shared details");
  expect(said).not.toContain("Show older");
  expect(words(show({ ...activity, shown: 1 }))).toContain("1 of 3 shown.");
  expect(words(show({ ...activity, shown: 1 }))).toContain("Show older");
});

test("a record that does not hold is said first, by service and rule, and is no blank list", () => {
  const said = words(show({ ...activity, good: 1, faults: [{ grant: "a", service: both("Anytown Parking"), rule: "log/gap" }] }));
  expect(said).toContain("A record does not add up Anytown Parking: entries are missing (log/gap)");
  expect(said.indexOf("A record does not add up")).toBeLessThan(said.indexOf("You shared details"));
  expect(words(show(activity))).not.toContain("does not add up");
});

test("in quiet mode what happened is folded away", () => {
  expect(flat(show({ ...activity, quiet: true }))).toMatch(/<details[^]*Anytown Parking[^]*<\/details>/);
  expect(flat(show(activity))).not.toContain("<details");
});

test("a copy says of whom it would be, and what one of all services gives away, before it is saved", () => {
  const linking = "see which services know you, and as whom";
  expect(words(show(activity))).toContain(linking);
  expect(words(show(activity))).toContain("choose that service above first");
  expect(words(show(activity))).toContain("Save a file of all services");
  const one = { ...activity, chosen: "https://parking.example" };
  expect(words(show(one))).not.toContain(linking);
  expect(words(show(one))).toContain("Save a file of Anytown Parking only");
  expect(words(show(one))).not.toContain("as more than one person");
  expect(words(show({ ...one, linked: ["https://leisure.example"] }))).not.toContain("as more than one person");
  expect(words(show({ ...one, linked: ["https://parking.example"] }))).toContain("Anytown Parking has known you as more than one person");
  // Where there is one service, there is nothing to choose and nobody else to tell of.
  expect(words(show({ ...activity, services: activity.services.slice(0, 1) }))).toContain("Save a file of Anytown Parking only");
  expect(words(show({ ...activity, saved: true }))).toContain(`Saved. Anyone who has the file can ${linking}`);
  expect(words(show({ ...one, saved: true }))).toContain("No other service is in it.");
});

test("what was not me is said to be over for good only where its service sees nothing more; what it sees can be stopped", () => {
  const done = { screen: "notMeDone", grant: replaced, newer: null } as const;
  expect(words(show({ ...done, still: [] }))).toContain("Anytown Parking can no longer see your details");
  const said = words(show({ ...done, still: [newer, signIn], newer: "b" }));
  expect(said).not.toContain("can no longer see");
  expect(said).toContain("This has ended Anytown Parking can still see The newer answer");
  expect(said).toContain("To decide whether you can have a permit. Full name Stop this too");
  expect(said).toContain("Signing in Only that it is you again");
  expect(said.split("Stop this too").length - 1).toBe(2);
  expect(words(show({ ...done, still: [signIn] }))).not.toContain("The newer answer");
  const asked = { screen: "notMe", grant: replaced, armed: true, ...doing } as const;
  expect(words(show({ ...asked, newer: true }))).toContain("A newer answer has taken the place of this one");
  expect(words(show({ ...asked, newer: false }))).toContain("This has ended already");
});
