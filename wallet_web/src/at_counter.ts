/** The third file of the wallet (lazy.ts): everything at a counter. */
import type { App } from "./state/app.ts";
import { enterCode, imHere, leaveCounter } from "./state/counter.ts";
import { confirmReport, showReport } from "./state/report.ts";
import { startScan, stopScan } from "./state/scan.ts";

export { holdCounter, showCounter } from "./state/counter.ts";
export { counterView } from "./views/counter.ts";

export type CounterAct = "scan" | "type" | "enter" | "here" | "leave" | "report" | "confirmReport";

/** What a person does at a counter; `given` is what they typed, or the grant that they report. */
export async function counterAct(app: App, what: CounterAct, given: string): Promise<void> {
  switch (what) {
    case "scan": await startScan(app); return;
    case "type": stopScan(app); return;
    case "enter": await enterCode(app, given); return;
    case "here": await imHere(app); return;
    case "leave": await leaveCounter(app); return;
    case "report": await showReport(app, given); return;
    case "confirmReport": await confirmReport(app);
  }
}
