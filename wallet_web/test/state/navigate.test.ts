import { expect, test } from "vitest";
import { newApp, show } from "../../src/state/app.ts";
import type { App, Device } from "../../src/state/app.ts";
import { returnTo } from "../../src/state/navigate.ts";

/** A wallet that is closed, and the way by which each answer of the browser's storage comes. */
function closed(): { app: App; release: () => void; screens: string[] } {
  const waiting: (() => void)[] = [];
  const screens: string[] = [];
  const device = {
    keys: { memories: () => new Promise((resolve) => { waiting.push(() => { resolve([]); }); }) },
    passkeys: () => true, request: { counter: () => "" },
  } as unknown as Device;
  const app = newApp(device, ({ screen }) => { if (screens.at(-1) !== screen) screens.push(screen); });
  show(app, { screen: "problem", trouble: "network", open: false });
  return { app, screens, release: () => { for (const run of waiting.splice(0)) run(); } };
}

test("who presses the back button twice comes to the second place", async () => {
  const { app, release } = closed();
  const first = returnTo(app, "locked");
  await returnTo(app, "start");
  expect(app.state.screen).toBe("problem");
  release();
  await first;
  expect(app.state.screen).toBe("start");
  await returnTo(app, "start");
  expect(app.state.screen).toBe("start");
});

test("while something is done the back button leads nowhere", async () => {
  const { app, screens } = closed();
  app.busy = true;
  await returnTo(app, "start");
  app.busy = false;
  expect(screens).toEqual(["problem"]);
});
