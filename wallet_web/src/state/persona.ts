/** The ways to be known that a resident keeps: a name for themselves, and the details that are different. */
import { ATTRIBUTES } from "../core/catalogue.ts";
import type { Attribute } from "../core/catalogue.ts";
import { baseOf } from "../core/derived.ts";
import { jcs, newId } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { itemsOf } from "../core/items.ts";
import { knownOf } from "../core/preferences_item.ts";
import type { Known, Persona, Preferences } from "../core/preferences_item.ts";
import { act, show, takeNotice } from "./app.ts";
import type { App } from "./app.ts";
import { changeKnownAs, showKnownAs } from "./anew.ts";
import { showPreferences } from "./control.ts";
import type { OwnState } from "./control_state.ts";
import { controlOf, draftOf, parse } from "./fields.ts";
import { tryRefresh } from "./grants.ts";
import { describe, inCatalogue } from "./items.ts";
import type { Items } from "./items.ts";
import { isProtected, preferencesIn, savePreferences } from "./preferences.ts";
import { publishPreferences } from "./publish.ts";
import type { Audience } from "./publish.ts";
import { audienceOf, isUnseen, receiversLate, receiversOf } from "./receivers.ts";
import { prove } from "./prove.ts";
import { emptyForm } from "./shapes.ts";
import type { Draft, Words } from "./state.ts";
import { theVault } from "./vault.ts";

const LONGEST_NAME = 100;

/** What the boxes of an address cannot say: it is typed beside one. */
const BESIDE: readonly string[] = ["address.uprn", "address.local_authority"];

/** Each persona, and the services that know the resident by it. */
export function personasIn(now: Preferences, items: Items): { id: string; name: string; services: Words[] }[] {
  return [...now.personas].map(([id, { name }]) => ({ id, name, services: servicesOf(now, items, id) }));
}

function servicesOf(now: Preferences, items: Items, persona: string): Words[] {
  return [...now.services].filter(([, known]) => known.persona === persona).map(([service]) => {
    const grant = [...itemsOf(items, "grant").values()].find((one) => one.service === service);
    return grant === undefined ? { en: service, cy: service } : describe(grant.statement).service;
  });
}

/** What people do with them: `given` is a persona's id, an attribute's, a service's, or what was typed. */
export type PersonaAct = "show" | "name" | "saveName" | "drop" | "detail" | "reveal" | "redraft" | "keep" | "remove"
  | "knownAs" | "changeKnownAs";

export async function personaAct(app: App, what: PersonaAct, given: string | Draft): Promise<void> {
  const id = typeof given === "string" ? given : "";
  const draft = typeof given === "string" ? {} : given;
  // From every page of these the back button leads to the list of what is decided.
  if (OPENS.includes(what)) app.device.push("preferences");
  switch (what) {
    case "show": showPersona(app, id); return;
    case "name": showName(app, id); return;
    case "saveName": await saveName(app, draft); return;
    case "drop": await drop(app); return;
    case "detail": await act(app, async () => {
      await tryRefresh(app);
      showOwn(app, id);
    }); return;
    case "reveal": await reveal(app); return;
    case "redraft": redraft(app, draft); return;
    case "keep": await keep(app, draft); return;
    case "remove": await keep(app, null); return;
    case "knownAs": showKnownAs(app, id); return;
    case "changeKnownAs": await changeKnownAs(app, draft); return;
  }
}

const OPENS: readonly PersonaAct[] = ["show", "name", "detail", "knownAs"];

/** One of them: what it has of its own, and what else it can have. */
export function showPersona(app: App, id: string): void {
  const { items } = theVault(app).opened;
  const now = preferencesIn(items);
  const persona = now.personas.get(id);
  if (persona === undefined) {
    showPreferences(app);
    return;
  }
  const own = [...ATTRIBUTES.values()].flatMap((attribute) => {
    const value = persona.values.get(attribute.id);
    return value === undefined ? [] : [{ attribute, value }];
  });
  // What is worked out from a detail of its own needs no box of its own.
  const isOffered = (attribute: Attribute): boolean => controlOf(attribute) !== null && !persona.values.has(attribute.id)
    && (!persona.values.has(baseOf(attribute.id) ?? "") || BESIDE.includes(attribute.id));
  show(app, { screen: "persona", id, name: persona.name, own, offered: [...ATTRIBUTES.values()].filter(isOffered),
    guarded: now.addressProtection, known: servicesOf(now, items, id), notice: takeNotice(app), sending: false, trouble: null });
}

/** `""`: of a new one. */
function showName(app: App, id: string): void {
  const name = preferencesIn(theVault(app).opened.items).personas.get(id)?.name ?? "";
  show(app, { screen: "personaName", id: id === "" ? null : id, draft: { name }, wrong: false, sending: false, trouble: null });
}

function saveName(app: App, draft: Draft): Promise<void> {
  const { state } = app;
  if (state.screen !== "personaName" || app.busy) return Promise.resolve();
  const name = (draft["name"] ?? "").trim();
  const wrong = name === "" || [...name].length > LONGEST_NAME;
  show(app, { ...state, draft, wrong });
  if (wrong) return Promise.resolve();
  const id = state.id ?? newId(app.device.random);
  return act(app, () => save(app, id, (before) => ({ name, values: before?.values ?? new Map() })));
}

async function save(
  app: App, id: string, change: (before: Persona | undefined) => Persona, audience: Audience = {},
): Promise<void> {
  const { told, notTold } = await publishPreferences(app, (now) => ({ ...asMyself(now, theVault(app).opened.items),
    personas: new Map([...now.personas, [id, change(now.personas.get(id))]]) }), audience);
  app.notice = { kind: "saved", told, notTold };
  showPersona(app, id);
}

/** Services that were met before there was a choice go on knowing the resident as themselves. */
function asMyself(now: Preferences, items: Items): Preferences {
  const met = [...itemsOf(items, "grant").values()].filter(({ persona }) => persona === "").map(({ service }) => service);
  const services = met.flatMap((service): [string, Known][] => {
    const known = knownOf(now, service);
    return known.persona === null ? [[service, { ...known, persona: "" }]] : [];
  });
  return { ...now, services: new Map([...now.services, ...services]) };
}

/** Only one that no service knows: what is known is no secret that can be taken back. */
function drop(app: App): Promise<void> {
  const { state } = app;
  if (state.screen !== "persona" || state.known.length > 0) return Promise.resolve();
  const { id } = state;
  return act(app, async () => {
    await savePreferences(app, (now) => ({ ...now, personas: new Map([...now.personas].filter(([one]) => one !== id)) }));
    app.notice = { kind: "preference" };
    showPreferences(app);
  });
}

/** A detail of its own on a page of its own. What is sensitive stays hidden until the resident has shown again who they are. */
function showOwn(app: App, id: string): void {
  const { state } = app;
  const attribute = inCatalogue(id);
  if (state.screen !== "persona" || attribute === null) return;
  show(app, { screen: "own", id: state.id, name: state.name, attribute, ...ownNow(app, state.id, attribute),
    hidden: attribute.sensitivity === 3, errors: [], same: false, shared: theVault(app).shared, sending: false, trouble: null });
}

/** What there is of it now, and who sees it. */
function ownNow(
  app: App, persona: string, attribute: Attribute,
): Pick<OwnState, "held" | "draft" | "stays" | "receivers" | "late" | "unseen"> {
  const now = preferencesIn(theVault(app).opened.items);
  const held = now.personas.get(persona)?.values.get(attribute.id) ?? null;
  const stays = now.addressProtection && isProtected(attribute.id);
  const changing = { attribute: attribute.id, persona };
  return { held, stays, draft: draftFor(attribute, held), unseen: isUnseen(app, changing),
    receivers: stays ? [] : receiversOf(app, changing), late: receiversLate(app, changing) };
}

function draftFor(attribute: Attribute, held: Json | null): Draft {
  return held !== null ? draftOf(attribute, held) : controlOf(attribute) === "form" ? emptyForm(attribute) : {};
}

function reveal(app: App): Promise<void> {
  const { state } = app;
  if (state.screen !== "own") return Promise.resolve();
  const later = (): Promise<void> => {
    show(app, { ...state, hidden: false, sending: false, trouble: null });
    return Promise.resolve();
  };
  return act(app, async () => { if (await prove(app, later)) await later(); });
}

function redraft(app: App, draft: Draft): void {
  if (app.state.screen === "own") show(app, { ...app.state, draft, errors: [], same: false });
}

/** Null takes the detail away: then there is none of its own. What somebody sees is stopped or changed first. */
function keep(app: App, draft: Draft | null): Promise<void> {
  const { state } = app;
  if (state.screen !== "own" || state.hidden || app.busy) return Promise.resolve();
  if (draft === null && state.receivers.length > 0) return Promise.resolve();
  const { id, attribute } = state;
  const parsed = draft === null ? null : parse(attribute, draft);
  if (draft !== null && parsed !== null && "error" in parsed) {
    show(app, { ...state, draft, errors: [parsed.error] });
    return Promise.resolve();
  }
  const same = parsed !== null && "value" in parsed && state.held !== null && jcs(state.held) === jcs(parsed.value);
  if (draft !== null) show(app, { ...state, draft, errors: [], same });
  if (same) return Promise.resolve();
  return act(app, () => save(app, id, (before) => {
    const others = [...before?.values ?? []].filter(([one]) => one !== attribute.id);
    const value: [string, Json][] = parsed === null || "error" in parsed ? [] : [[attribute.id, parsed.value]];
    return { name: before?.name ?? state.name, values: new Map([...others, ...value]) };
  }, audienceOf(state.receivers, draft ?? {})).catch((error: unknown) => {
    // Who would be told is named anew, before anything is tried again.
    show(app, { ...state, ...ownNow(app, id, attribute), ...(draft === null ? {} : { draft }) });
    throw error;
  }));
}
