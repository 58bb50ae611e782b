/** Build-time data: the registrar keys of the release, and the part of the catalogue that the wallet needs. */
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

interface CatalogueEntry {
  readonly id: string;
  readonly label: { readonly en: string };
  readonly tier: string;
  readonly [member: string]: unknown;
}

/** The members of a catalogue entry that the wallet uses; everything else stays out of the first load. */
const KEPT = ["group", "type", "cardinality", "validation", "sensitivity", "share_policy"] as const;

/** Members that are left out where they say nothing (false or null). */
const KEPT_IF_SET = ["protected", "keep_history", "html_autocomplete", "derived_from"] as const;

function virtualModule(name: string, source: (addWatchFile: (path: string) => void) => string): Plugin {
  const id = `virtual:${name}`;
  const resolved = `\0${id}`;
  return {
    name: `pds-${name}`,
    resolveId: (wanted) => (wanted === id ? resolved : undefined),
    load(wanted) {
      return wanted === resolved ? source((path) => { this.addWatchFile(path); }) : undefined;
    },
  };
}

/** `virtual:release`: the registrar keys that a new wallet trusts, from a JWKS file. Without a file: none. */
export function release(jwksFile: string | undefined): Plugin {
  return virtualModule("release", (watch) => {
    if (jwksFile === undefined || jwksFile === "") return "export const registrarKeys = [];";
    watch(jwksFile);
    const jwks = JSON.parse(readFileSync(jwksFile, "utf8")) as { keys?: Record<string, unknown>[] };
    if (!Array.isArray(jwks.keys) || jwks.keys.length === 0) throw new Error(`${jwksFile} holds no registrar key`);
    if (jwks.keys.some((key) => "d" in key)) throw new Error(`${jwksFile} holds a private key`);
    const keys = jwks.keys.map(({ crv, kty, x, y }) => ({ crv, kty, x, y }));
    return `export const registrarKeys = ${JSON.stringify(keys)};`;
  });
}

/** `virtual:catalogue`: the attributes of the first release, trimmed. */
export function catalogue(file: string): Plugin {
  return virtualModule("catalogue", (watch) => {
    watch(file);
    const { attributes } = JSON.parse(readFileSync(file, "utf8")) as { attributes: CatalogueEntry[] };
    const core = attributes.filter((entry) => entry.tier === "core").map(trimmed);
    return `export const attributes = ${JSON.stringify(core)};`;
  });
}

function trimmed(entry: CatalogueEntry): Record<string, unknown> {
  return {
    id: entry.id,
    label: entry.label.en,
    ...Object.fromEntries(KEPT.map((member) => [member, entry[member]])),
    ...Object.fromEntries(KEPT_IF_SET.filter((member) => entry[member]).map((member) => [member, entry[member]])),
  };
}
