import { expect, test } from "vitest";
import type { Actions } from "../../src/state/actions.ts";
import type { ActivityEvent, ActivityState } from "../../src/state/activity_state.ts";
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
const activity: Extract<ActivityState, { screen: "activity" }> = { screen: "activity", quiet: false, shown: 20, chosen: "",
  good: 2, faults: [], unchecked: [], planted: [], saved: false,
  events: [event, { ...event, at: event.at - 60, kind: "published", picked: event.at, attributes: [] },
    { ...event, at: event.at - 86400, kind: "signedIn", signIn: true, client: "https://leisure.example", service: both("Leisure"), attributes: [] }],
  services: [{ client: "https://parking.example", name: both("Anytown Parking") },
    { client: "https://leisure.example", name: both("Leisure") }], ...doing };

const screens: readonly ActivityState[] = [
  activity,
  { ...activity, events: [], services: [], good: 0 },
  { ...activity, faults: [{ grant: "a", service: both("Anytown Parking"), rule: "log/gap" }, { grant: "b", service: both("Library"), rule: "missing" }],
    unchecked: [both("Leisure")], planted: ["https://evil.example"], saved: true, trouble: "network" },
  { screen: "notMe", grant, armed: true, ...doing },
  { screen: "notMe", grant: { ...grant, signIn: true, ended: { at: 1_795_000_000, why: "revoked" } }, armed: true, ...doing },
  { screen: "notMeDone", grant },
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
