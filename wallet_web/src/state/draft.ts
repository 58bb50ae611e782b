/**
 * What is typed on the asked screen, over a reload. It is sealed as an item of the vault that is never sent, so whoever
 * cannot open the vault cannot read it, and it is gone with the key at every lock. A shared computer is given nothing.
 */
import { isArray, isObject, parseJson, unb64u, b64u, utf8 } from "../core/encoding.ts";
import type { Json } from "../core/encoding.ts";
import { itemKey } from "../core/derive.ts";
import { Invalid } from "../core/errors.ts";
import { openSealed, seal } from "../core/seal.ts";
import type { Context } from "../core/seal.ts";
import type { App } from "./app.ts";
import { slotOf } from "./asking.ts";
import { firstChoices, isSameSelf, singles } from "./choices.ts";
import type { Ask, Choices } from "./state.ts";
import type { Vault } from "./vault.ts";

/** No item has such an id, so no server can name one that shares its key. */
function contextOf({ id, opened }: Vault, request: string): Context {
  return { t: "item", vault: id, id: `draft ${request}`, rev: 0, epoch: opened.manifest.epoch };
}

interface Typed { readonly request: string | undefined; readonly choices: Choices }

let latest: Typed | null = null;
let running = false;

/** Keeps the newest, one at a time: what was typed while one was sealed is sealed next. */
export async function keepDraft(app: App, choices: Choices): Promise<void> {
  latest = { request: app.asking?.id, choices };
  if (running) return;
  running = true;
  try {
    while (latest !== null) {
      const now: Typed = latest;
      latest = null;
      await keep(app, now);
    }
  } finally {
    running = false;
  }
}

async function keep(app: App, { request, choices }: Typed): Promise<void> {
  const { vault, asking } = app;
  if (vault === null || asking === null || asking.id !== request || vault.shared) return;
  const context = contextOf(vault, asking.id);
  const key = await itemKey(vault.root, vault.id, context.id);
  const sealed = await seal(key, context, utf8(JSON.stringify(choices)), app.device.random(12));
  // Answered or locked meanwhile: then it is to be gone.
  if (app.vault?.id === vault.id && app.asking?.id === asking.id) app.device.request.keepDraft(slotOf(asking), b64u(sealed));
}

/** What was typed for this request before the page was loaded again, as far as it still fits. */
export async function recallDraft(app: App, ask: Ask): Promise<Choices | null> {
  const { vault, asking } = app;
  if (vault === null || asking === null) return null;
  const kept = app.device.request.draft(slotOf(asking));
  if (kept === null) return null;
  const context = contextOf(vault, asking.id);
  try {
    const opened = await openSealed(await itemKey(vault.root, vault.id, context.id), context, unb64u(kept));
    return fitting(parseJson(opened), ask);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    app.device.request.keepDraft(slotOf(asking), null);
    return null;
  }
}

function fitting(said: Json, ask: Ask): Choices | null {
  if (!isObject(said) || !isObject(said["draft"]) || !isSameSelf(said, ask)) return null;
  const { persona } = ask.proposal;
  const ids = (list: Json | undefined): string[] => (isArray(list)
    ? ask.details.map(({ attribute }) => attribute.id).filter((id) => list.includes(id)) : []);
  const until = ask.untils.find((one) => one === said["until"]) ?? firstChoices(ask).until;
  const answers = isObject(said["singly"]) ? Object.entries(said["singly"]) : [];
  const singly = answers.filter((pair): pair is [string, boolean] => typeof pair[1] === "boolean"
    && singles(ask).some(({ attribute }) => attribute.id === pair[0]));
  const typed = Object.entries(said["draft"]).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return {
    persona, ticked: ids(said["ticked"]), proposed: ids(said["proposed"]), changing: ids(said["changing"]), until,
    singly: Object.fromEntries(singly), draft: Object.fromEntries(typed) };
}
