/** "This was not me" at a counter, over a bad line: the page says that a supervisor was told when one was. */
import { afterEach, expect, test, vi } from "vitest";
import { Failure } from "../../src/client/failure.ts";
import type { Commit } from "../../src/client/api.ts";
import { itemsOf } from "../../src/core/items.ts";
import { show } from "../../src/state/app.ts";
import type { App } from "../../src/state/app.ts";
import { confirmReport } from "../../src/state/report.ts";
import { theVault } from "../../src/state/vault.ts";
import { confirmStop, endGrant } from "../../src/state/who.ts";
import { both, grant as line } from "../example.ts";
import { aDevice, aHouse, share } from "./house.ts";
import type { House } from "./house.ts";

const MAIL = "contact.email";

afterEach(() => { vi.unstubAllGlobals(); });

interface Desk { readonly reported: string[]; lost: number; down: number; readonly tried: string[] }

/** The server's side of a report: it takes the commit and keeps the report, or neither. */
function aDesk(house: House): Desk {
  const desk: Desk = { reported: [], lost: 0, down: 0, tried: [] };
  vi.stubGlobal("fetch", async (path: string, { body }: { body: string }) => {
    const { commit } = JSON.parse(body) as { commit: Commit | null };
    const [, id = ""] = /^\/api\/grants\/([^/]+)\/report$/.exec(path) ?? [];
    desk.tried.push(commit === null ? "the report alone" : "both");
    if (desk.down > 0) {
      desk.down -= 1;
      return new Response("", { status: 503 });
    }
    try {
      if (commit !== null) await house.server.take(commit);
    } catch (error) {
      if (!(error instanceof Failure) || error.status !== 412) throw error;
      return new Response(JSON.stringify({ code: "another-device-was-first" }), { status: 412 });
    }
    desk.reported.push(id);
    if (desk.lost === 0) return new Response(JSON.stringify({ seq: commit?.seq ?? null, ended: 1 }));
    desk.lost -= 1;
    throw new TypeError("the line broke");
  });
  return desk;
}

/** The resident presses "This was not me" on the page that still says that it is shared, and what the page says then. */
async function notMe(app: App, id: string): Promise<string> {
  show(app, { screen: "counterReport", grant: { ...line, id }, place: both("Central Library"), sending: false, trouble: null });
  await confirmReport(app);
  return app.state.screen === "counterReport" ? String(app.state.trouble) : app.state.screen;
}

async function scene(): Promise<{ app: App; house: House; desk: Desk; id: string }> {
  const house = await aHouse({}, { [MAIL]: "a@home.example" });
  const app = await aDevice(house);
  return { app, house, desk: aDesk(house), id: await share(app, house, MAIL) };
}

function ended(app: App, id: string): string | undefined {
  return itemsOf(theVault(app).opened.items, "grant").get(id)?.ended?.why;
}

test("over a good line one message stops it and tells a supervisor", async () => {
  const { app, desk, id } = await scene();
  expect(await notMe(app, id)).toBe("counterReported");
  expect([desk.tried, desk.reported, ended(app, id)]).toEqual([["both"], [id], "revoked"]);
});

test("who stopped it first, and never heard that it was stopped, still has a supervisor told", async () => {
  const { app, house, desk, id } = await scene();
  house.server.lost = 1;
  show(app, { screen: "stop", grant: { ...line, id }, armed: true, sending: false, trouble: null });
  await confirmStop(app);
  expect(app.state).toMatchObject({ screen: "stop", trouble: "network" });
  expect(await notMe(app, id)).toBe("counterReported");
  expect([desk.tried, desk.reported, ended(app, id)]).toEqual([["both", "the report alone"], [id], "revoked"]);
});

test("a supervisor who could not be told is never said to have been", async () => {
  const { app, house, desk, id } = await scene();
  house.server.lost = 1;
  await expect(endGrant(app, id)).rejects.toThrow("network");
  expect(desk.reported).toEqual([]);
  // It answers that the vault has moved on, and is down for what is left to say.
  const answering = globalThis.fetch;
  vi.stubGlobal("fetch", async (path: string, sent: RequestInit) => {
    const answer = await answering(path, sent);
    if (answer.status === 412) desk.down = 1;
    return answer;
  });
  expect(await notMe(app, id)).toBe("server");
  expect(desk.reported).toEqual([]);
  expect(await notMe(app, id)).toBe("counterReported");
  expect(desk.reported).toEqual([id]);
});

test.each([
  ["the answer to it is lost", { lost: 1 }, "network"],
  ["the server is down", { down: 1 }, "server"],
])("a report of which %s is made when it is tried again", async (_what, bad, trouble) => {
  const { app, desk, id } = await scene();
  Object.assign(desk, bad);
  expect(await notMe(app, id)).toBe(trouble);
  expect(await notMe(app, id)).toBe("counterReported");
  expect(new Set(desk.reported)).toEqual(new Set([id]));
  expect(ended(app, id)).toBe("revoked");
});

test("what another device stopped meanwhile is reported from this one", async () => {
  const { app, house, desk, id } = await scene();
  await endGrant(await aDevice(house), id);
  expect(await notMe(app, id)).toBe("conflict");
  expect(await notMe(app, id)).toBe("counterReported");
  expect(desk.reported).toEqual([id]);
});
