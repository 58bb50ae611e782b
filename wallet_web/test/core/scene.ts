/** A resident, a service and a server's shelf, made afresh with real randomness for each test. */
import { unb64u } from "../../src/core/encoding.ts";
import type { Bytes, JsonObject } from "../../src/core/encoding.ts";
import type { Commit } from "../../src/core/commit.ts";
import type { Given, Known } from "../../src/core/manifest.ts";
import { verifyStatement } from "../../src/core/registry.ts";
import type { Service } from "../../src/core/registry.ts";
import { verifyRequest } from "../../src/core/request.ts";
import type { Request } from "../../src/core/request.ts";
import { acceptedIndex } from "../vectors/operations.ts";
import { ISSUER, NOW, detail, indexOf, requestClaims, requestOf, statementOf } from "../vectors/world.ts";

export function random(bytes: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

/** What a server keeps of a vault: it takes every commit and gives back what it has. */
export class Shelf {
  private readonly manifests: { seq: number; sealed: Bytes }[] = [];
  private readonly items = new Map<string, { rev: number; sealed: Bytes }>();
  readonly methods: { id: string; wrap: Bytes }[] = [];

  take({ seq, manifest, put, delete: removed }: Commit): void {
    this.manifests.push({ seq, sealed: unb64u(manifest) });
    for (const { id, rev, sealed } of put) this.items.set(id, { rev, sealed: unb64u(sealed) });
    for (const id of removed) this.items.delete(id);
  }

  /** Everything since a manifest, and including it. */
  give(root: Given["root"], vault: string, known: Known | null): Given {
    return {
      root, vault, epoch: 1, known, methods: this.methods,
      manifests: this.manifests.filter(({ seq }) => seq >= (known?.seq ?? 0)),
      items: [...this.items].map(([id, item]) => ({ id, ...item })),
    };
  }
}

/** A request of the badge service, verified as the wallet does. */
export async function aRequest(changes: JsonObject = {}): Promise<{ request: Request; service: Service; compact: string }> {
  const statement = await statementOf();
  const service = await verifyStatement(statement, await acceptedIndex(await indexOf(statement)), NOW);
  const compact = requestOf(requestClaims(await detail(changes)));
  return { service, compact, request: await verifyRequest(compact, service, { issuer: ISSUER, now: NOW }) };
}
