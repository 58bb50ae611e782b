/** The recovery code: made while the root is at hand, shown, confirmed by typing part of it back, and only then stored. */
import type { Method } from "../client/api.ts";
import { formatCode } from "../core/recovery.ts";
import type { Bytes } from "../core/encoding.ts";
import { loadMore } from "../lazy.ts";
import type { More } from "../lazy.ts";
import { act, show } from "./app.ts";
import type { App } from "./app.ts";
import { rootAgain } from "./entry.ts";
import { kindsOf } from "./items.ts";
import { arrive } from "./navigate.ts";
import type { Asker } from "./state.ts";
import { makeRecoveryMethod } from "./unlock.ts";
import { commit, methodChange, theVault } from "./vault.ts";

/** A code on its way: `code` in words, and the method that holds only its wrap. */
export interface NewCode { readonly code: string; readonly method: Method }

export async function prepareCode(app: App, root: Bytes): Promise<NewCode> {
  const { id, opened } = theVault(app);
  const bytes = app.device.random(20);
  try {
    const method = await makeRecoveryMethod(app, { code: bytes, vault: id, epoch: opened.manifest.epoch, root });
    return { code: formatCode(bytes), method };
  } finally {
    bytes.fill(0);
  }
}

/** Asks for the passkey or passphrase again, because the open vault's key cannot be read out to be wrapped. */
export function makeCode(app: App): Promise<void> {
  if (app.state.screen === "makeCode" && app.state.by === "passphrase") {
    return act(app, async () => { await (await loadMore()).showWithPassphrase(app, "code"); });
  }
  return act(app, async () => {
    const root = await rootAgain(app);
    try {
      app.newCode = await prepareCode(app, root);
    } finally {
      root.fill(0);
    }
    showCode(app);
  });
}

/** The screen before: by which way the root is had again. */
export function showMakeCode(app: App, asker: Asker | null): void {
  show(app, { screen: "makeCode", asker, by: phraseOnly(app) ? "passphrase" : "passkey", sending: false, trouble: null });
}

/** The vault opens by passphrase and, on this device, by no passkey. */
export function phraseOnly(app: App): boolean {
  const kinds = kindsOf(theVault(app).opened);
  return kinds.includes("passphrase") && !(kinds.includes("passkey") && app.device.passkeys());
}

/** Shows the code at once, and brings the page to print along as soon as it is here. */
export function showCode(app: App): void {
  const { newCode } = app;
  if (newCode === null) return;
  show(app, { screen: "code", code: newCode.code, asker: app.asking?.standing === true ? app.asking.asker : null, kit: null });
  void loadMore().then(({ kitOf }) => withKit(app, kitOf), () => undefined);
}

async function withKit(app: App, kitOf: More["kitOf"]): Promise<void> {
  const kit = await kitOf(app);
  if (app.state.screen === "code" && app.state.kit === null) show(app, { ...app.state, kit });
}

/** Prints the kit, or saves it as a text. */
export function keepCode(app: App, how: "print" | "save"): Promise<void> {
  return act(app, async () => {
    const { newCode, device } = app;
    const { kitOf, saveKit } = await loadMore();
    if (newCode === null) return;
    if (app.state.screen !== "code") showCode(app);
    await withKit(app, kitOf);
    if (how === "print") device.print();
    else saveKit(app, newCode.code, await kitOf(app));
  });
}

/** Asks for two groups of the code, in the order in which they stand; the last two digits alone are no group. */
export function askToConfirm(app: App): void {
  if (app.newCode === null) return;
  const [one = 0, other = 0] = app.device.random(2);
  const first = 1 + one % 8;
  const second = 1 + (first + other % 7) % 8;
  show(app, { screen: "confirm", code: app.newCode.code, groups: first < second ? [first, second] : [second, first],
    typed: ["", ""], wrong: [], sending: false, trouble: null });
}

/** A group as people type it: small letters, O for 0, I and L for 1. */
function plain(group: string): string {
  return group.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
}

export function confirmCode(app: App, first: string, second: string): Promise<void> {
  const { state, newCode } = app;
  if (state.screen !== "confirm" || newCode === null || app.busy) return Promise.resolve();
  const groups = newCode.code.split("-");
  const typed = [first, second] as const;
  const wrong = state.groups.filter((group, at) => plain(typed[at] ?? "") !== groups[group - 1]);
  show(app, { ...state, typed, wrong });
  if (wrong.length > 0) return Promise.resolve();
  return act(app, async () => {
    const { method } = newCode;
    await commit(app, () => Promise.resolve({
      change: { methods: methodChange(method), recoveryConfirmed: true },
      send: (next) => app.device.api.addMethod({ commit: next, method }),
    }));
    app.newCode = null;
    app.notice = { kind: "code-saved" };
    await arrive(app);
  });
}

export async function codeLater(app: App): Promise<void> {
  app.newCode = null;
  await arrive(app);
}
