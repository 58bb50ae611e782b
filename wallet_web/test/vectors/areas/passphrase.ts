import { b64u } from "../../../src/core/encoding.ts";
import { fixed } from "../keys.ts";
import { Area } from "../recipe.ts";

/** `derive.passphrase` (protocols/specs/vault.md): few, because each takes half a second. */
export function passphrase(): Area {
  const salt = b64u(fixed("salt", 16));
  return new Area("derive")
    .valid("derive.passphrase", "words of several scripts", { passphrase: "Łódź καφές 咖啡 قهوة", salt, suite: 1 })
    .valid("derive.passphrase", "an accent after its letter is that of one character", { passphrase: "cafe\u0301", salt, suite: 1 })
    .invalid("derive.passphrase", "unlock/suite", "no suite", { passphrase: "caf\u00e9", salt, suite: -1 })
    .invalid("derive.passphrase", "unlock/salt", "a salt of 17 bytes", { passphrase: "café", salt: b64u(fixed("salt", 17)), suite: 1 });
}
