/** What a resident decides beforehand: trust, rules, former names, address protection, quiet mode. */
import { Failure } from "../client/failure.ts";
import type { Publication } from "../client/api.ts";
import { ATTRIBUTES } from "../core/catalogue.ts";
import type { JsonObject } from "../core/encoding.ts";
import { itemsOf } from "../core/items.ts";
import type { ItemDocument } from "../core/items.ts";
import { replay } from "../core/preferences.ts";
import { FORMER_NAMES, TRUST, knownOf, mergePreferences } from "../core/preferences_item.ts";
import type { Preferences, Rule, Trust } from "../core/preferences_item.ts";
import { act, seconds, show, takeNotice } from "./app.ts";
import type { App } from "./app.ts";
import { exposedIn, without } from "./exposed.ts";
import { describe, liveGrants, payload } from "./items.ts";
import { answeredIn, preferencesIn, savePreferences, withPreferences } from "./preferences.ts";
import { pinned } from "./present.ts";
import { nextRevision, servicesNow } from "./publish.ts";
import type { Draft, Exposed, Preference, PreferenceLine, Words } from "./state.ts";
import { commit, theVault } from "./vault.ts";
import { personasIn } from "./persona.ts";
import { endGrant } from "./who.ts";

export function showPreferences(app: App): void {
  const { items } = theVault(app).opened;
  const now = preferencesIn(items);
  const line = (of: Preference, name: Words | null): PreferenceLine => ({ of, name, chosen: chosenOf(now, of) });
  const services = servicesIn(items);
  const held = new Set([...itemsOf(items, "attribute").values()].map(({ attribute }) => attribute));
  const details = [...ATTRIBUTES.keys()].filter((id) => held.has(id) || now.rules.has(id));
  show(app, {
    screen: "preferences", notice: takeNotice(app),
    safety: [line({ kind: "protection" }, null), line({ kind: "quiet" }, null), line({ kind: "alike" }, null),
      ...FORMER_NAMES.map((id) => line({ kind: "name", id }, null))],
    personas: personasIn(now, items),
    services: [...services].map(([id, { name }]) => line({ kind: "service", id }, name)),
    authorities: [...new Map([...services.values()].map(({ authority, run }) => [authority, run]))]
      .map(([id, name]) => line({ kind: "authority", id }, name)),
    details: details.map((id) => line({ kind: "rule", id }, null)),
  });
}

interface Met { readonly name: Words; readonly authority: string; readonly run: Words }

/** The services that the resident has met, newest last; their names are those of the signed statements. */
function servicesIn(items: Parameters<typeof answeredIn>[0]): Map<string, Met> {
  return new Map([...itemsOf(items, "grant").values()].sort((one, other) => one.created - other.created).map((item) => {
    const data = (payload(item.statement)["metadata"] as JsonObject)["resident_data_service"] as JsonObject;
    const run = (data["authority"] as JsonObject)["name"] as unknown as Words;
    return [item.service, { name: describe(item.statement).service, authority: item.authority, run }];
  }));
}

/** The word of a preference as it is now. */
function chosenOf(now: Preferences, of: Preference): string {
  switch (of.kind) {
    case "protection": return word(now.addressProtection);
    case "quiet": return word(now.quiet);
    case "alike": return word(now.alike);
    case "name": return word(!now.openNames.includes(of.id));
    case "service": return knownOf(now, of.id).trust ?? "none";
    case "authority": return now.authorities.get(of.id) ?? "none";
    case "rule": return now.rules.get(of.id)?.rule ?? "none";
  }
}

function word(on: boolean): string {
  return on ? "on" : "off";
}

const OPTIONS: Readonly<Record<Preference["kind"], readonly string[]>> = {
  protection: ["on", "off"], quiet: ["on", "off"], alike: ["on", "off"], name: ["on", "off"],
  service: ["none", ...TRUST], authority: ["none", ...TRUST], rule: ["none", "ask", "never", "only"],
};

/** The preferences with one of them changed; `named` are the services of the rule "only". */
function changed(now: Preferences, of: Preference, chosen: string, named: readonly string[]): Preferences {
  const on = chosen === "on";
  switch (of.kind) {
    case "protection": return { ...now, addressProtection: on };
    case "quiet": return { ...now, quiet: on };
    case "alike": return { ...now, alike: on };
    case "name": return { ...now, openNames: [...now.openNames.filter((id) => id !== of.id), ...(on ? [] : [of.id])] };
    case "service": {
      const known = { ...knownOf(now, of.id), trust: TRUST.find((one) => one === chosen) ?? null };
      return { ...now, services: new Map([...now.services, [of.id, known]]) };
    }
    case "authority": {
      const trust = TRUST.find((one) => one === chosen);
      return { ...now, authorities: changedMap<Trust>(now.authorities, of.id, trust) };
    }
    case "rule": return { ...now, rules: changedMap<Rule>(now.rules, of.id, ruleOf(chosen, named)) };
  }
}

function ruleOf(chosen: string, named: readonly string[]): Rule | undefined {
  if (chosen === "only") return { rule: chosen, services: named };
  return chosen === "ask" || chosen === "never" ? { rule: chosen } : undefined;
}

/** The services to which alone a detail may go. */
function namedNow(now: Preferences, of: Preference): readonly string[] {
  const rule = of.kind === "rule" ? now.rules.get(of.id) : undefined;
  return rule?.rule === "only" ? rule.services : [];
}

function changedMap<V>(map: ReadonlyMap<string, V>, id: string, value: V | undefined): ReadonlyMap<string, V> {
  const others = [...map].filter(([key]) => key !== id);
  return new Map(value === undefined ? others : [...others, [id, value]]);
}

/** One preference on its page, each choice with what it would have meant in the last 90 days. */
export function showPreference(app: App, of: Preference): void {
  const { items } = theVault(app).opened;
  const now = preferencesIn(items);
  const chosen = chosenOf(now, of);
  if (of.kind === "protection" && chosen === "off") {
    showProtect(app);
    return;
  }
  const services = servicesIn(items);
  const name = of.kind === "service" ? services.get(of.id)?.name
    : of.kind === "authority" ? [...services.values()].find(({ authority }) => authority === of.id)?.run : undefined;
  const log = answeredIn(items);
  const only = namedNow(now, of);
  const named = of.kind === "rule" ? [...services].map(([id, met]) => ({ id, name: met.name, ticked: only.includes(id) })) : [];
  const options = OPTIONS[of.kind].filter((option) => option !== "only" || option === chosen || named.length > 0).map((option) => {
    // What naming services would have meant is known when they are named.
    if (option === "only" && option !== chosen) return { option, differ: 0 };
    const tried = replay(changed(now, of, option, only), log, seconds(app));
    const stopped = tried.filter(({ keptBack, evaluation }) => keptBack.length > 0 || evaluation.refused !== null);
    return { option, differ: stopped.length };
  });
  show(app, { screen: "preference", of, name: name ?? null, chosen, options, named, missing: false,
    ...(of.kind === "service" ? knownAsNow(now, of.id) : {}), sending: false, trouble: null });
}

/** As whom a service knows the resident, where that can be changed. One that is to recognise nobody knows nobody. */
function knownAsNow(now: Preferences, service: string): { knownAs?: { name: string | null } } {
  const { persona, oneOff } = knownOf(now, service);
  return now.personas.size === 0 || oneOff ? {} : { knownAs: { name: now.personas.get(persona ?? "")?.name ?? null } };
}

/** The word under `chosen`; `named-<n>` is ticked where the n-th service is named. */
export function prefer(app: App, draft: Draft): Promise<void> {
  const { state } = app;
  const { chosen = "" } = draft;
  if (state.screen !== "preference" || !state.options.some(({ option }) => option === chosen)) return Promise.resolve();
  const { of } = state;
  const named = state.named.map((one, at) => ({ ...one, ticked: draft[`named-${at + 1}`] === "on" }));
  // Who was named elsewhere and is not listed here stays named.
  const unlisted = namedNow(preferencesIn(theVault(app).opened.items), of).filter((id) => !named.some((one) => one.id === id));
  const services = [...named.filter(({ ticked }) => ticked).map(({ id }) => id), ...unlisted];
  if (chosen === "only" && services.length === 0) {
    show(app, { ...state, chosen, named, missing: true });
    return Promise.resolve();
  }
  return act(app, async () => {
    await savePreferences(app, (now) => changed(now, of, chosen, services));
    app.notice = { kind: "preference" };
    showPreferences(app);
  });
}

/** Before protection: everybody who sees the address now, to be decided one by one. */
export function showProtect(app: App): void {
  const { opened } = theVault(app);
  const exposed = exposedIn(opened).map(([grant, item, attributes]): Exposed =>
    ({ grant, service: describe(item.statement).service, attributes, once: item.access === "once" }));
  show(app, { screen: "protect", exposed, draft: {}, missing: [], sending: false, trouble: null });
}

/** `cut`, `replace` or `keep` for each, under the grant's id. */
export function protect(app: App, draft: Draft): Promise<void> {
  const { state } = app;
  if (state.screen !== "protect" || app.busy) return Promise.resolve();
  const missing = state.exposed.filter(({ grant }) => !["cut", "replace", "keep"].includes(draft[grant] ?? ""));
  show(app, { ...state, draft, missing: missing.map(({ grant }) => grant) });
  if (missing.length > 0) return Promise.resolve();
  return act(app, async () => {
    const wanted = exposedIn(theVault(app).opened).filter(([id]) => draft[id] === "replace");
    const services = await servicesNow(app, wanted.map(([, item]) => item.service));
    const base = preferencesIn(theVault(app).opened.items);
    await commit(app, async ({ opened }) => {
      const now = mergePreferences(base, { ...base, addressProtection: true }, preferencesIn(opened.items));
      const put: { id: string; document: ItemDocument }[] = [withPreferences(app, opened.items, now)];
      const disclosures: Publication[] = [];
      for (const [id, item, attributes] of exposedIn(opened)) {
        // A grant that came meanwhile was not decided: it is kept from every later value until it is.
        if (draft[id] === "cut") continue;
        const service = services.get(item.service);
        if (draft[id] !== "replace") {
          put.push({ id, document: pinned(item, attributes, opened.items, seconds(app)) });
        } else if (service === undefined) {
          throw new Failure("unlisted");
        } else {
          const { grant, publication } = await nextRevision(app, without(item, attributes), opened.items, service);
          put.push({ id, document: grant });
          disclosures.push(publication);
        }
      }
      const { api } = app.device;
      return { change: { put }, send:
        (sealed) => (disclosures.length === 0 ? api.commit(sealed) : api.publish({ commit: sealed, disclosures })) };
    });
    // Protection holds from here on. Each of these ends by an act of its own; one that fails stays on the list.
    for (const [id] of liveGrants(theVault(app).opened)) if (draft[id] === "cut") await endGrant(app, id);
    app.notice = { kind: "protected" };
    showPreferences(app);
  });
}
