/** Who has picked up what the resident changed: read from the logs, which lead to the positions that the vault pins. */
import { Failure } from "../client/failure.ts";
import { verifyChain } from "../core/chain.ts";
import type { LogEntry } from "../core/chain.ts";
import { Invalid } from "../core/errors.ts";
import type { GrantItem } from "../core/items.ts";
import type { Position } from "../core/manifest.ts";
import type { App } from "./app.ts";
import { dpopKeyOf, fetchLog } from "./grants.ts";
import { liveGrants } from "./items.ts";
import type { GrantLine } from "./state.ts";
import { theVault } from "./vault.ts";

type Change = NonNullable<GrantLine["change"]>;

/** The newest change that each live grant was told of. Of a log that cannot be had or does not hold, nothing is said. */
export async function changesOf(app: App): Promise<ReadonlyMap<string, Change>> {
  const { opened, over, pins } = theVault(app);
  const found = new Map<string, Change>();
  for (const [id, item] of liveGrants(opened)) {
    const pin = pins.get(id) ?? opened.manifest.grants[id];
    if (item.revision < 2 || over.has(id) || pin === undefined || app.learned.get(id)?.log !== "good") continue;
    try {
      const change = changeIn(await wholeLog(app, item, pin));
      if (change !== null) found.set(id, change);
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Failure && error.status !== 401)) throw error;
    }
  }
  return found;
}

/** Every entry up to the pinned position, to which they lead. Errors: `log/…`, `Failure`. */
async function wholeLog(app: App, item: GrantItem, pin: Position): Promise<readonly LogEntry[]> {
  const { entries } = await fetchLog(app, item.grant_id, 0, pin);
  const known = entries.slice(0, pin.n);
  await verifyChain({ grantId: item.grant_id, record: item.record, entries: known, pin: { n: 0, head: "" },
    n: pin.n, head: pin.head, issuer: app.device.origin, dpopJkt: dpopKeyOf(item) });
  return known as unknown as readonly LogEntry[];
}

/** The last publication, and the first look after it. */
export function changeIn(entries: readonly Pick<LogEntry, "kind" | "at">[]): Change | null {
  const last = entries.map(({ kind }) => kind).lastIndexOf("published");
  const told = entries[last];
  if (told === undefined) return null;
  const look = entries.slice(last + 1).find(({ kind }) => kind === "read" || kind === "read_unchanged");
  return { at: told.at, picked: look?.at ?? null };
}
