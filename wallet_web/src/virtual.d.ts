/** Modules that scripts/plugins.ts makes at build time. */

declare module "virtual:release" {
  /** The registrar keys that a new wallet trusts: public P-256 JWKs. Empty in development and tests. */
  export const registrarKeys: readonly JsonWebKey[];
}

declare module "virtual:catalogue" {
  import type { Attribute } from "./core/catalogue.ts";
  export const attributes: readonly Attribute[];
}
