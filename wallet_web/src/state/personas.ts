/** As whom a service is to know the resident: a choice at the first meeting, and what would undo it. */
import { jcs } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { itemsOf } from "../core/items.ts";
import type { GrantItem } from "../core/items.ts";
import { knownOf } from "../core/preferences_item.ts";
import type { Known, Preferences } from "../core/preferences_item.ts";
import { act, show } from "./app.ts";
import type { App } from "./app.ts";
import { showAsked } from "./ask.ts";
import { describe } from "./items.ts";
import type { Items } from "./items.ts";
import { savePreferences } from "./preferences.ts";
import { claim } from "./present.ts";
import type { Words } from "./state.ts";

/** What is the same for nobody else: two services that hold it can tell that it is one person. */
const MATCHING: readonly string[] = ["contact.email", "contact.mobile", "contact.phone_other", "contact.safe_contact",
  "contact.correspondence_address", "address.uprn", "address.current", "person.national_insurance_number",
  "person.nhs_number", "person.photo",
  "account.council_tax_ref", "account.library_card", "vehicle.registration", "disability.blue_badge_number",
  "benefit.asylum_support_ref", "document.lpa_access_code"];

/** Who was given this very value of somebody else: other services, and the same one (`again`), which knew another persona. */
export function matching(
  items: Items, asked: { service: string; persona: string | null; attribute: string; value: Json | undefined }, now: number,
): { matches: Words[]; again: boolean } {
  const { service, persona, attribute, value } = asked;
  if (value === undefined || !MATCHING.includes(attribute)) return { matches: [], again: false };
  const found = [...itemsOf(items, "grant").values()].filter((grant) => grant.persona !== persona
    && isSame(given(items, grant, attribute, now), value));
  const others = found.filter((grant) => grant.service !== service);
  return { matches: namesOf(others), again: others.length < found.length };
}

function given(items: Items, grant: GrantItem, attribute: string, now: number): Json | undefined {
  if (grant.choices[attribute] === undefined) return undefined;
  const told = claim(grant, attribute, items, now);
  return "absent" in told ? undefined : told.value;
}

function isSame(one: Json | undefined, other: Json): boolean {
  return one !== undefined && jcs(one) === jcs(other);
}

/** Services of the same sector that the resident has met as the same person. */
export function togetherIn(
  items: Items, { service, sector, persona }: { service: string; sector: string; persona: string },
): Words[] {
  return namesOf([...itemsOf(items, "grant").values()].filter((grant) => grant.sector === sector && grant.service !== service
    && grant.persona === persona));
}

function namesOf(grants: readonly GrantItem[]): Words[] {
  return [...new Map(grants.map((grant) => [grant.service, describe(grant.statement).service])).values()];
}

/** As whom this service knows the resident from now on: a persona's id, or `""` for oneself. */
export function meet(app: App, persona: string | undefined): Promise<void> {
  const { state } = app;
  if (state.screen !== "asked" || !state.armed) return Promise.resolve();
  if (persona === undefined || (persona !== "" && !state.ask.personas.some(({ id }) => id === persona))) {
    show(app, { ...state, unmet: true });
    return Promise.resolve();
  }
  return remember(app, { persona });
}

/** Whether this service is to know nothing beyond each single time. */
export function onlyOnce(app: App, on: boolean): Promise<void> {
  return app.state.screen === "asked" ? remember(app, { oneOff: on }) : Promise.resolve();
}

function remember(app: App, changed: Partial<Known>): Promise<void> {
  return act(app, async () => {
    const id = app.asking?.service.clientId;
    if (id === undefined) return;
    await savePreferences(app, (now): Preferences =>
      ({ ...now, services: new Map([...now.services, [id, { ...knownOf(now, id), ...changed }]]) }));
    await showAsked(app);
  });
}
