/**
 * What is told anew after an unlock: the same values once more to services that have changed their encryption key
 * (protocols/specs/disclosure.md), and answers that the date alone has changed (protocols/specs/derived.md).
 */
import type { Publication } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import { Invalid } from "../core/errors.ts";
import { itemsOf } from "../core/items.ts";
import type { GrantItem } from "../core/items.ts";
import { grantEnd } from "../core/request.ts";
import { seconds } from "./app.ts";
import type { App } from "./app.ts";
import { isDue } from "./present.ts";
import { nextRevision, servicesNow } from "./publish.ts";
import { commit, theVault } from "./vault.ts";
import type { Plan, Vault } from "./vault.ts";

/** After an unlock, behind what the resident does. What cannot be done now is done after the next one. */
export async function renewDisclosures(app: App): Promise<void> {
  try {
    await renew(app);
  } catch (error) {
    if (!(error instanceof Failure) && !(error instanceof Invalid)) throw error;
  }
}

async function renew(app: App): Promise<void> {
  const { api } = app.device;
  if (standing(app, theVault(app)).size === 0) return;
  const recipients = new Map((await api.grants()).grants.map(({ id, enc_jkt: recipient }) => [id, recipient]));
  if (app.vault === null) return;
  const { items } = app.vault.opened;
  const shown = [...standing(app, app.vault)].filter(([id]) => typeof recipients.get(id) === "string");
  const services = await servicesNow(app, shown.map(([, item]) => item.service));
  const late = shown.flatMap(([id, item]) => {
    const service = services.get(item.service);
    if (service === undefined) return [];
    return service.encJkt !== recipients.get(id) || isDue(item, items, seconds(app)) ? [{ id, service }] : [];
  });
  if (late.length === 0) return;
  await commit(app, async (vault): Promise<Plan> => {
    const grants = standing(app, vault);
    const put: { id: string; document: GrantItem }[] = [];
    const disclosures: Publication[] = [];
    for (const { id, service } of late) {
      const item = grants.get(id);
      if (item === undefined) continue;
      const { grant, publication } = await nextRevision(app, item, vault.opened.items, service);
      put.push({ id, document: grant });
      disclosures.push(publication);
    }
    return { change: { put }, send: (sealed) => api.publish({ commit: sealed, disclosures }) };
  });
}

/** Live grants that last. What was shared once stays as it was shared. */
function standing(app: App, { opened, over }: Vault): Map<string, GrantItem> {
  return new Map([...itemsOf(opened.items, "grant")].filter(([id, item]) => item.access !== "once"
    && id in opened.manifest.grants && !over.has(id) && grantEnd(item.access, item.created) > seconds(app)));
}
