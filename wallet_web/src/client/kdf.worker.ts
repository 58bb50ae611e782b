/** Argon2id off the page, so that the page stays alive meanwhile. One question, one answer. */
import { Invalid } from "../core/errors.ts";
import { passphraseSecret } from "../core/passphrase.ts";
import type { KdfAnswer, KdfQuestion } from "./kdf.ts";

interface Scope {
  onmessage: ((event: MessageEvent<KdfQuestion>) => void) | null;
  readonly postMessage: (answer: KdfAnswer) => void;
}
const scope = globalThis as unknown as Scope;

scope.onmessage = ({ data: { passphrase, salt, suite } }) => {
  passphraseSecret(passphrase, salt, suite).then(
    (secret) => { scope.postMessage({ secret }); },
    (error: unknown) => { scope.postMessage({ code: error instanceof Invalid ? error.code : null }); },
  );
};
