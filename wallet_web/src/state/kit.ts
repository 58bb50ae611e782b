/** The recovery kit: what stands on the page to print, beside the code. */
import { b64u, unb64u } from "../core/encoding.ts";
import { formatName } from "../core/names.ts";
import { thumbprint } from "../core/keys.ts";
import type { PublicJwk } from "../core/keys.ts";
import { brand } from "../style/theme.ts";
import { inLanguage, text } from "../text/index.ts";
import type { Language } from "../text/index.ts";
import { moreText } from "../text/more.ts";
import { today } from "./app.ts";
import type { App } from "./app.ts";
import { nameOf } from "./items.ts";
import { pinFor } from "./registry.ts";
import type { Kit } from "./state.ts";
import { theVault } from "./vault.ts";

export async function kitOf(app: App): Promise<Kit> {
  const { opened } = theVault(app);
  const name = nameOf(opened);
  return { name: name === null ? null : formatName(name), fingerprint: await fingerprint(app), seq: opened.known.seq,
    date: today(app), address: `${app.device.origin}/` };
}

/**
 * Of the key that signs the register of services, as this vault has pinned it: 128 bits in hexadecimal, which people can
 * compare with the council's. The vault itself needs none: only the right one opens with the code.
 */
export async function fingerprint(app: App): Promise<string> {
  const pinned = pinFor(app)?.keys ?? await Promise.all(app.device.registrarKeys.map((key) => thumbprint(key as PublicJwk)));
  const [first = b64u(new Uint8Array(32))] = pinned;
  const digits = [...unb64u(first).slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
  return (digits.match(/.{4}/g) ?? []).join(" ");
}

/** The kit as a text to keep. */
export function saveKit(app: App, code: string, kit: Kit): void {
  const authority = inLanguage(brand.name, text.language as Language);
  app.device.save(text.code.file, moreText.kit.file(text.page.title(authority), code, kit, text.day(kit.date)));
}
