import { expect, test } from "vitest";
import { requestOfTab } from "../../src/client/request.ts";

function tab(hash: string, kept: Record<string, string> = {}) {
  const seen: string[] = [];
  const store = new Map(Object.entries(kept));
  const page = {
    location: { hash },
    history: { replaceState: (_: unknown, __: string, url: string) => { seen.push(url); } },
    sessionStorage: {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => { store.set(key, value); },
      removeItem: (key: string) => { store.delete(key); },
    },
  };
  return { seen, store, request: requestOfTab(page as unknown as Window) };
}

test("a request leaves the address bar at once and survives a reload", () => {
  const first = tab("#request=AbC-_1");
  expect(first.seen).toEqual(["/"]);
  expect(first.request.get()).toBe("AbC-_1");
  const reloaded = tab("", Object.fromEntries(first.store));
  expect(reloaded.seen).toEqual([]);
  expect(reloaded.request.get()).toBe("AbC-_1");
  reloaded.request.clear();
  expect(reloaded.request.get()).toBeNull();
});

test("anything else after the hash is dropped", () => {
  const { seen, request } = tab("#request=a/../b");
  expect(seen).toEqual(["/"]);
  expect(request.get()).toBeNull();
});
