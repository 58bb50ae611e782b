/** Build-time data: the registrar keys of the release, and the part of the catalogue that the wallet needs. */
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import type { Plugin } from "vite";

interface CatalogueEntry {
  readonly id: string;
  readonly label: { readonly en: string };
  readonly tier: string;
  readonly validation: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

/** The members of a catalogue entry that the wallet uses; everything else stays out of the first load. */
const KEPT = ["group", "type", "cardinality", "sensitivity", "share_policy"] as const;

/** The rules of protocols/specs/catalogue.md; the others are notes for people. */
const VALIDATION = ["pattern", "maxLength", "enum", "schema"] as const;

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
    return `export const registrarKeys = ${JSON.stringify(registrarKeysOf(jwksFile))};`;
  });
}

/** The keys of a JWKS file, exactly `crv, kty, x, y` each, as an index has them. */
export function registrarKeysOf(jwksFile: string): Record<string, unknown>[] {
  const { keys = [] } = JSON.parse(readFileSync(jwksFile, "utf8")) as { keys?: Record<string, unknown>[] };
  if (keys.length === 0) throw new Error(`${jwksFile} holds no registrar key`);
  if (keys.some((key) => "d" in key)) throw new Error(`${jwksFile} holds a private key`);
  if (keys.some(({ crv }) => crv !== "P-256")) throw new Error(`${jwksFile} holds a key that is not P-256`);
  return keys.map(({ crv, kty, x, y }) => ({ crv, kty, x, y }));
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
    ...pick(entry, KEPT),
    validation: pick(entry.validation, VALIDATION.filter((rule) => rule in entry.validation)),
    ...pick(entry, KEPT_IF_SET.filter((member) => entry[member])),
  };
}

function pick(source: Readonly<Record<string, unknown>>, members: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(members.map((member) => [member, source[member]]));
}

/**
 * `virtual:scan-worker`: the address of qr-scanner's worker. The package carries it as a string that becomes a blob,
 * which our policy rightly refuses to run; here it becomes a file of the release.
 */
export function scanWorker(file: string): Plugin {
  const id = "virtual:scan-worker";
  return {
    name: "pds-scan-worker",
    resolveId: (wanted) => (wanted === id ? `\0${id}` : undefined),
    load(wanted) {
      // The scanner itself would start the blob, had it not been given our worker.
      if (wanted === file) return "export const createWorker = null;";
      if (wanted !== `\0${id}`) return undefined;
      const reference = this.emitFile({ type: "asset", name: "scan.worker.js", source: scanWorkerOf(readFileSync(file, "utf8")) });
      return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
    },
  };
}

/** The script that the package would start as a blob: its one function, run where a blob and a worker keep their text. */
export function scanWorkerOf(source: string): string {
  const taking = {
    createWorker: (): Kept => { throw new Error("qr-scanner makes its worker in another way than it did"); },
    Worker: function (this: Kept, blob: Kept) { this.text = blob.text; },
    Blob: function (this: Kept, parts: readonly string[]) { this.text = parts.join(""); },
    URL: { createObjectURL: (blob: Kept) => blob },
  };
  runInNewContext(source.replace(/^export const createWorker=/, "createWorker="), taking);
  return taking.createWorker().text;
}

interface Kept { text: string }
