/** Which language is spoken: the resident's own choice, else the service's wish, else what the browser prefers, else English. */
import { bestOf } from "../client/tongue.ts";
import { speak } from "../text/index.ts";
import type { Language } from "../text/index.ts";
import { act, show } from "./app.ts";
import type { App } from "./app.ts";

/** Before something is drawn. `wished` is what a request names (`ui_locales`). Where Welsh does not come, English is spoken. */
export async function settleLanguage(app: App, wished: readonly string[]): Promise<void> {
  const { tongue } = app.device;
  await speak(tongue.chosen() ?? bestOf([...wished, ...tongue.browser]) ?? "en").catch(() => undefined);
}

/** The resident chooses, on any screen. What they typed stays in its boxes. */
export async function changeLanguage(app: App, language: Language): Promise<void> {
  const { state, vault } = app;
  const change = async (): Promise<void> => {
    await speak(language);
    app.device.tongue.choose(language);
    keepLanguage(app);
  };
  try {
    await change();
    app.draw(app.state, app.chrome);
  } catch {
    // The file did not come: said on this screen or on one that can try again, and leads back.
    await act(app, async () => {
      await change();
      // What stood there is an open vault's; after a lock the lock stands.
      if (app.vault?.id === vault?.id) show(app, state);
    });
  }
}

/** A device that knows this vault remembers what its resident reads. */
export function keepLanguage({ vault, chrome, device }: App): void {
  if (vault !== null && !vault.shared && !chrome.unkept) device.tongue.keep();
}
