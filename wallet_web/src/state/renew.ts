/** The same values once more, for services that have changed their encryption key (protocols/specs/disclosure.md). */
import type { Publication } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import { Invalid } from "../core/errors.ts";
import { itemsOf } from "../core/items.ts";
import type { GrantItem } from "../core/items.ts";
import { grantEnd } from "../core/request.ts";
import { seconds } from "./app.ts";
import type { App } from "./app.ts";
import { servicesNow, disclosureOf } from "./publish.ts";
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
  const shown = [...standing(app, app.vault)].filter(([id]) => typeof recipients.get(id) === "string");
  const services = await servicesNow(app, shown.map(([, item]) => item.service));
  const changed = shown.map(([id, item]) => ({ id, service: services.get(item.service) }))
    .filter(({ id, service }) => service !== undefined && service.encJkt !== recipients.get(id));
  if (changed.length === 0) return;
  await commit(app, async (vault): Promise<Plan> => {
    const grants = standing(app, vault);
    const put: { id: string; document: GrantItem }[] = [];
    const disclosures: Publication[] = [];
    for (const { id, service } of changed) {
      const item = grants.get(id);
      if (item === undefined || service === undefined) continue;
      const revision = item.revision + 1;
      put.push({ id, document: { ...item, revision } });
      disclosures.push({ grant_id: id, revision,
        disclosure: await disclosureOf(app, { item, items: vault.opened.items, service, revision }) });
    }
    return { change: { put }, send: (sealed) => api.publish({ commit: sealed, disclosures }) };
  });
}

/** Live grants that last. What was shared once stays as it was shared. */
function standing(app: App, { opened, over }: Vault): Map<string, GrantItem> {
  return new Map([...itemsOf(opened.items, "grant")].filter(([id, item]) => item.access !== "once"
    && id in opened.manifest.grants && !over.has(id) && grantEnd(item.access, item.created) > seconds(app)));
}
