import { createCipheriv } from "node:crypto";
import { b64u, concat, jcs, utf8 } from "../../../src/core/encoding.ts";
import type { Bytes } from "../../../src/core/encoding.ts";
import { seal as sealed } from "../../../src/core/seal.ts";
import type { Context } from "../../../src/core/seal.ts";
import { anId, fixed } from "../keys.ts";
import { Area } from "../recipe.ts";

const KEY = fixed("seal key", 32);
const NONCE = fixed("seal nonce", 12);
const CONTEXT: Context = { t: "item", vault: anId("vault"), id: anId("item"), rev: 3, epoch: 1 };

/** `seal.seal`, `seal.open` (protocols/specs/vault.md, Seal). */
export async function seal(): Promise<Area> {
  const area = new Area("seal");
  const key = b64u(KEY);
  const nonce = b64u(NONCE);
  for (const length of [0, 1, 255, 256, 1023, 1024, 4095, 4096]) {
    const plaintext = fixed(`plaintext ${length}`, length);
    const whole = b64u(await sealed(KEY, CONTEXT, plaintext, NONCE));
    area.valid("seal.seal", `${length} bytes`, { key, context: CONTEXT, nonce, plaintext: b64u(plaintext) }, whole);
    area.valid("seal.open", `${length} bytes`, { key, context: CONTEXT, sealed: whole }, b64u(plaintext));
  }
  area.valid("seal.open", "a plaintext that ends like padding",
    { key, context: CONTEXT, sealed: b64u(await sealed(KEY, CONTEXT, Uint8Array.of(1, 0x80, 0, 0), NONCE)) },
    b64u(Uint8Array.of(1, 0x80, 0, 0)));
  const good = await sealed(KEY, CONTEXT, utf8("a secret"), NONCE);
  const open = (error: "seal/version" | "seal/malformed" | "seal/open" | "seal/padding", comment: string, bytes: Bytes): Area =>
    area.invalid("seal.open", error, comment, { key, context: CONTEXT, sealed: b64u(bytes) });
  open("seal/version", "version 2", concat([2], good.slice(1)));
  open("seal/version", "version 0 and too short", Uint8Array.of(0, 1));
  open("seal/malformed", "nothing", new Uint8Array());
  open("seal/malformed", "one byte short of the smallest", good.slice(0, -1));
  open("seal/malformed", "the version alone", Uint8Array.of(1));
  open("seal/open", "a bit of the nonce changed", flipped(good, 1));
  open("seal/open", "a bit of the ciphertext changed", flipped(good, 40));
  open("seal/open", "a bit of the tag changed", flipped(good, good.length - 1));
  open("seal/open", "a byte more", concat(good, [0]));
  area.invalid("seal.open", "seal/open", "another key", { key: b64u(fixed("other", 32)), context: CONTEXT, sealed: b64u(good) });
  const others: Partial<Context>[] = [{ t: "manifest" }, { t: "wrap" }, { vault: anId("other") }, { id: anId("other") }, { rev: 2 },
    { rev: 4 }, { epoch: 2 }];
  for (const other of others) {
    area.invalid("seal.open", "seal/open", `expected ${jcs(other)}`, { key, context: { ...CONTEXT, ...other }, sealed: b64u(good) }, "Context");
  }
  open("seal/padding", "all zeros", raw(new Uint8Array(256)));
  open("seal/padding", "no mark", raw(new Uint8Array(256).fill(7)));
  open("seal/padding", "another mark", raw(concat(utf8("a secret"), [0x81], new Uint8Array(247))));
  open("seal/padding", "something after the mark", raw(concat(utf8("a secret"), [0x80], new Uint8Array(246), [1])));
  open("seal/padding", "a larger size than the smallest", raw(concat(utf8("a secret"), [0x80], new Uint8Array(1015))));
  open("seal/padding", "a size that is none", raw(concat(utf8("a secret"), [0x80], new Uint8Array(248))));
  open("seal/padding", "512 bytes for 300", raw(concat(new Uint8Array(300).fill(9), [0x80], new Uint8Array(211))));
  return area;
}

function flipped(bytes: Bytes, at: number): Bytes {
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
}

/** Sealed without our padding. */
function raw(padded: Bytes): Bytes {
  const cipher = createCipheriv("aes-256-gcm", KEY, NONCE);
  cipher.setAAD(utf8(jcs({ v: 1, ...CONTEXT })));
  return concat([1], NONCE, cipher.update(padded), cipher.final(), cipher.getAuthTag());
}
