/** The ways to be known that a resident keeps: a name for themselves, and the values that are different. */
import { checkValue } from "../core/catalogue.ts";
import { newId } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { itemsOf } from "../core/items.ts";
import { knownOf } from "../core/preferences_item.ts";
import type { Known, Persona, Preferences } from "../core/preferences_item.ts";
import { act, show } from "./app.ts";
import type { App } from "./app.ts";
import { showPreferences } from "./control.ts";
import { describe } from "./items.ts";
import type { Items } from "./items.ts";
import { preferencesIn, savePreferences } from "./preferences.ts";
import type { Draft, Words } from "./state.ts";
import { theVault } from "./vault.ts";

/** What a persona may have of its own on this screen; what else it has stays. */
export const DIFFERENT = ["person.full_name", "contact.email", "contact.mobile"] as const;

const LONGEST_NAME = 100;

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

export function showPersona(app: App, id: string | null): void {
  const { items } = theVault(app).opened;
  const now = preferencesIn(items);
  const one = now.personas.get(id ?? "");
  const values = DIFFERENT.flatMap((attribute) => {
    const value = one?.values.get(attribute);
    return typeof value === "string" ? [[attribute, value]] : [];
  });
  const draft = Object.fromEntries([["name", one?.name ?? ""], ...values]) as Draft;
  app.device.push("persona");
  show(app, { screen: "persona", id, draft, known: id === null ? [] : servicesOf(now, items, id), wrong: [], sending: false,
    trouble: null });
}

export function savePersona(app: App, draft: Draft): Promise<void> {
  const { state } = app;
  if (state.screen !== "persona" || app.busy) return Promise.resolve();
  const name = (draft["name"] ?? "").trim();
  const { values, wrong } = read(draft);
  if (name === "" || name.length > LONGEST_NAME) wrong.unshift("name");
  show(app, { ...state, draft, wrong });
  if (wrong.length > 0) return Promise.resolve();
  const id = state.id ?? newId(app.device.random);
  return act(app, async () => {
    await savePreferences(app, (now) => {
      const kept = [...now.personas.get(id)?.values ?? []].filter(([attribute]) => !DIFFERENT.some((one) => one === attribute));
      const persona: Persona = { name, values: new Map([...kept, ...values]) };
      return { ...asMyself(now, theVault(app).opened.items), personas: new Map([...now.personas, [id, persona]]) };
    });
    app.notice = { kind: "preference" };
    showPreferences(app);
  });
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

function read(draft: Draft): { values: [string, Json][]; wrong: string[] } {
  const values: [string, Json][] = [];
  const wrong: string[] = [];
  for (const attribute of DIFFERENT) {
    const typed = (draft[attribute] ?? "").trim();
    if (typed === "") continue;
    try {
      values.push([attribute, checkValue(attribute, typed)]);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      wrong.push(attribute);
    }
  }
  return { values, wrong };
}

/** Only one that no service knows: what is known is no secret that can be taken back. */
export function dropPersona(app: App): Promise<void> {
  const { state } = app;
  if (state.screen !== "persona" || state.id === null || state.known.length > 0) return Promise.resolve();
  const { id } = state;
  return act(app, async () => {
    await savePreferences(app, (now) => ({ ...now, personas: new Map([...now.personas].filter(([one]) => one !== id)) }));
    app.notice = { kind: "preference" };
    showPreferences(app);
  });
}
