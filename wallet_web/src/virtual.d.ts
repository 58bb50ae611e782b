/** Modules that scripts/plugins.ts makes at build time. */

declare module "virtual:release" {
  import type { PublicJwk } from "./core/keys.ts";
  /** The registrar keys that a new wallet trusts. Empty in development and tests. */
  export const registrarKeys: readonly PublicJwk[];
}

declare module "virtual:catalogue" {
  import type { Attribute } from "./core/catalogue.ts";
  export const attributes: readonly Attribute[];
}
