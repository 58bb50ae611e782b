/** qr-scanner, for browsers without a detector of their own. Its worker is a file of our release: no other may start. */
import QrScanner from "qr-scanner";
import address from "virtual:scan-worker";
import { startWorker } from "./workers.ts";

let engine: Worker | null = null;
const canvas = document.createElement("canvas");
// Read back several times a second: the scanner takes the context that is there.
canvas.getContext("2d", { alpha: false, willReadFrequently: true });

/** The text of a code in the picture, or null. */
export async function readQr(video: HTMLVideoElement): Promise<string | null> {
  engine ??= startWorker(address);
  try {
    return (await QrScanner.scanImage(video, { qrEngine: engine, canvas, returnDetailedScanResult: true })).data;
  } catch {
    // It throws where it finds nothing.
    return null;
  }
}
