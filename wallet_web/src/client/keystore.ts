/**
 * What this device keeps between page loads, in IndexedDB. Two records for a vault:
 * `open`: the root as a key that cannot be read out, until lock; `memory`: what was last seen, against rollback.
 * Neither holds personal data. On a shared computer neither is written: what a browser deletes stays in its files.
 */
import { Failure } from "./failure.ts";

/** The newest manifest seen. */
export interface Known { readonly seq: number; readonly digest: string }

/** The registry as last accepted: the pinned keys by thumbprint and in full, and the highest index number. */
export interface RegistryPin { readonly keys: readonly string[]; readonly jwks: readonly JsonWebKey[]; readonly seq: number }

export interface Memory {
  readonly vault: string; readonly known: Known | null; readonly registry: RegistryPin | null;
  /** The vault's name, where it opens with a passphrase. */
  readonly name?: string | null;
}

export interface OpenVault {
  readonly vault: string;
  readonly epoch: number;
  /** HKDF key, not extractable. */
  readonly root: CryptoKey;
  /** Milliseconds since 1970 when it was last used. */
  readonly used: number;
}

const MINUTE = 60_000;

/** How long a vault stays open unused, in milliseconds. */
export function idleLimit(shared: boolean): number {
  return (shared ? 5 : 15) * MINUTE;
}

export function isOver(open: Pick<OpenVault, "used">, now: number): boolean {
  return now - open.used >= idleLimit(false) || now < open.used - MINUTE;
}

type Table = "open" | "memory";

export interface Keystore {
  readonly open: () => Promise<OpenVault | null>;
  readonly keep: (open: OpenVault) => Promise<void>;
  readonly erase: () => Promise<void>;
  readonly memories: () => Promise<readonly Memory[]>;
  readonly memory: (vault: string) => Promise<Memory | null>;
  readonly remember: (memory: Memory) => Promise<void>;
  readonly forget: (vault: string) => Promise<void>;
  /** Tries to keep what will have to be kept. Errors: `Failure` `storage`, as every other of these. */
  readonly probe: () => Promise<void>;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => { resolve(request.result); };
    request.onerror = () => { reject(request.error ?? new Error("storage")); };
  });
}

async function database(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open("pds", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("open");
    request.result.createObjectStore("memory", { keyPath: "vault" });
  };
  return settled(request);
}

/** The keystore of this browser. */
export function keystore(factory: IDBFactory): Keystore {
  let connection: Promise<IDBDatabase> | undefined;
  const act = async <T>(table: Table, mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    connection ??= database(factory);
    const transaction = (await connection).transaction(table, mode, { durability: "strict" });
    const done = mode === "readwrite" ? committed(transaction) : undefined;
    const result = await settled(ask(transaction.objectStore(table)));
    await done;
    return result;
  };
  const within: typeof act = (...given) => act(...given).catch(() => {
    connection = undefined;
    throw new Failure("storage");
  });
  const read = <T>(table: Table, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => within(table, "readonly", act);
  const write = async (table: Table, act: (store: IDBObjectStore) => IDBRequest): Promise<void> => {
    await within<unknown>(table, "readwrite", act);
  };
  return {
    open: async () => await read("open", (store) => store.get("now") as IDBRequest<OpenVault | undefined>) ?? null,
    keep: (open) => write("open", (store) => store.put(open, "now")),
    erase: () => write("open", (store) => store.clear()),
    memories: () => read("memory", (store) => store.getAll() as IDBRequest<Memory[]>),
    memory: async (vault) => await read("memory", (store) => store.get(vault) as IDBRequest<Memory | undefined>) ?? null,
    remember: (memory) => write("memory", (store) => store.put(memory)),
    forget: (vault) => write("memory", (store) => store.delete(vault)),
    probe: async () => {
      const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
      await write("open", (store) => store.put({ key }, "probe"));
      await write("open", (store) => store.delete("probe"));
    },
  };
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => { resolve(); };
    transaction.onabort = () => { reject(transaction.error ?? new Error("storage")); };
  });
}
