/** The registry as this device has accepted it: an older one is refused, here and on the resident's other devices. */
import type { RegistryPin } from "../client/keystore.ts";
import { Failure } from "../client/failure.ts";
import { Invalid } from "../core/errors.ts";
import { thumbprint } from "../core/keys.ts";
import type { PublicJwk } from "../core/keys.ts";
import { verifyIndex, verifyStatement } from "../core/registry.ts";
import type { Index, Service } from "../core/registry.ts";
import { seconds } from "./app.ts";
import type { App } from "./app.ts";
import { memoryOf } from "./vault.ts";

/** The newest registry that this app has accepted, from this device's memory or the open vault's manifest. */
export function pinFor(app: App): RegistryPin | null {
  const sealed = app.vault?.opened.manifest.registry ?? null;
  if (sealed === null || sealed.keys.length === 0) return app.registry;
  if (app.registry !== null && app.registry.seq >= sealed.seq) return app.registry;
  return { keys: sealed.keys, seq: sealed.seq, jwks: app.registry?.jwks ?? [] };
}

/** What this device remembers of the registry from any vault, taken at start. */
export async function recallRegistry(app: App): Promise<void> {
  for (const { registry } of await app.device.keys.memories()) {
    if (registry !== null && (app.registry === null || registry.seq > app.registry.seq)) app.registry = registry;
  }
}

/** Accepts an index, or throws; remembers its number and keys. */
export async function acceptIndex(app: App, compact: string): Promise<Index> {
  const pin = pinFor(app);
  const keys = [...app.device.registrarKeys, ...(pin?.jwks ?? [])] as PublicJwk[];
  const pinned = pin?.keys ?? await Promise.all(app.device.registrarKeys.map((key) => thumbprint(key as PublicJwk)));
  const index = await verifyIndex(compact, { keys, pinned, seq: pin?.seq ?? 0, now: seconds(app) });
  app.registry = { keys: index.thumbprints, jwks: index.keys, seq: index.seq };
  if (app.vault?.shared === false) {
    await app.device.keys.remember(memoryOf(app, app.vault));
  }
  return index;
}

/** A service as the registry lists it now. */
export async function currentService(app: App, index: Index, clientId: string): Promise<{ service: Service; statement: string }> {
  const digest = index.statements.get(clientId);
  if (digest === undefined) throw new Failure("unlisted");
  const statement = await app.device.api.statement(digest);
  const service = await verifyStatement(statement, index, seconds(app));
  // Another service's statement is as good as this one, and has another service's key.
  if (service.clientId !== clientId) throw new Invalid("registry/statement-changed");
  return { service, statement };
}
