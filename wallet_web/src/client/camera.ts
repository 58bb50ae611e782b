/** The camera, on one screen only: read by the browser's own detector where there is one, else by a worker of ours. */

/** Reads one picture: the text of a QR code in it, or null. */
export type Reader = (video: HTMLVideoElement) => Promise<string | null>;

/** The shape of https://wicg.github.io/shape-detection-api/#barcode-detection-api, which TypeScript does not know. */
interface Detector { readonly detect: (source: HTMLVideoElement) => Promise<readonly { readonly rawValue: string }[]> }
interface DetectorClass {
  new (options: { readonly formats: readonly string[] }): Detector;
  readonly getSupportedFormats: () => Promise<readonly string[]>;
}

const LOOK_EVERY = 150;

/**
 * Shows the camera in `#camera` and gives every code that it sees to `found`, until that says true or the video is
 * taken off the page. The camera is let go then. Errors: what the browser throws where there is no camera, or a no.
 */
export async function watchCamera(found: (text: string) => boolean): Promise<void> {
  const read = await reader();
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const letGo = (): void => { for (const track of stream.getTracks()) track.stop(); };
  const video = document.querySelector<HTMLVideoElement>("#camera");
  if (video === null) {
    letGo();
    return;
  }
  try {
    video.srcObject = stream;
    await video.play();
    void look(video, read, found).finally(letGo);
  } catch (error) {
    letGo();
    // The screen was left while the camera started.
    if (video.isConnected) throw error;
  }
}

async function look(video: HTMLVideoElement, read: Reader, found: (text: string) => boolean): Promise<void> {
  const shown = (): boolean => video.isConnected;
  while (shown()) {
    // A frame that cannot be read is one of many.
    const text = await read(video).catch(() => null);
    if (text !== null && shown() && found(text)) return;
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY); });
  }
}

async function reader(): Promise<Reader> {
  const { BarcodeDetector } = globalThis as { readonly BarcodeDetector?: DetectorClass };
  if (BarcodeDetector !== undefined && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  const { readQr } = await import("./scanner.ts");
  return readQr;
}
