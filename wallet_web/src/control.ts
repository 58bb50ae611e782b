/** A file of the wallet of its own (lazy.ts): what a resident decides beforehand. */
export { prefer, protect, showPreference, showPreferences, showProtect } from "./state/control.ts";
export { preference, preferences, protect as protectView } from "./views/control.ts";
