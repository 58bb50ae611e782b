/** Modules that scripts/plugins.ts makes at build time. */

declare module "virtual:release" {
  /** The registrar keys that a new wallet trusts. Empty in development and tests. */
  export const registrarKeys: readonly import("./core/keys.ts").PublicJwk[];
}

declare module "virtual:catalogue" {
  export const attributes: readonly import("./core/catalogue.ts").Attribute[];
}

declare module "virtual:scan-worker" {
  /** Where the worker of qr-scanner stands in the release. */
  const address: string;
  export default address;
}

declare module "*?worker&url" {
  const address: string;
  export default address;
}

/** Trusted Types, as far as we use them. */
declare const trustedTypes: undefined | {
  readonly createPolicy: (name: string, rules: { readonly createScriptURL: (url: string) => string }) => {
    readonly createScriptURL: (url: string) => object;
  };
};
