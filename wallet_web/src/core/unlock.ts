/** The root key, wrapped for one unlock method (protocols/specs/vault.md, Seal). */
import type { Bytes } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { openSealed, seal } from "./seal.ts";

const ROOT_BYTES = 32;

/** Whose wrap it is. `method` is the id of the unlock method. */
export interface WrapOf { readonly vault: string; readonly method: string; readonly epoch: number }

/** The wrap that the server keeps. `wrapKey` is `unlockKey`'s. */
export async function sealRoot(wrapKey: Bytes, root: Bytes, of: WrapOf, nonce: Bytes): Promise<Bytes> {
  if (root.length !== ROOT_BYTES) throw new Invalid("seal/malformed", "a root is 32 bytes");
  return seal(wrapKey, context(of), root, nonce);
}

/** The root's 32 bytes. Errors: `seal/…`. */
export async function openRoot(wrapKey: Bytes, wrap: Bytes, of: WrapOf): Promise<Bytes> {
  const root = await openSealed(wrapKey, context(of), wrap);
  if (root.length !== ROOT_BYTES) throw new Invalid("seal/malformed", "a root is 32 bytes");
  return root;
}

function context({ vault, method, epoch }: WrapOf): { t: "wrap"; vault: string; id: string; rev: number; epoch: number } {
  return { t: "wrap", vault, id: method, rev: 0, epoch };
}
