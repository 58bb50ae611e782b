/** Ways to unlock: what opens this vault, and what can be added. */
import { formatName } from "../core/names.ts";
import { show, takeNotice } from "./app.ts";
import type { App } from "./app.ts";
import { kindsOf, nameOf } from "./items.ts";
import { fingerprint } from "./kit.ts";
import { theVault } from "./vault.ts";

export async function showWays(app: App): Promise<void> {
  const { opened } = theVault(app);
  const kinds = kindsOf(opened);
  const name = nameOf(opened);
  const passkeys = kinds.filter((kind) => kind === "passkey").length;
  show(app, {
    screen: "ways", seq: opened.known.seq, fingerprint: await fingerprint(app), notice: takeNotice(app),
    ways: { passkeys, name: name === null ? null : formatName(name), code: opened.manifest.recovery_confirmed,
      canPasskey: passkeys === 0 && kinds.includes("passphrase") && app.device.passkeys() },
    sending: false, trouble: null });
}
