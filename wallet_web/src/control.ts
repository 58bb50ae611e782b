/** A file of the wallet of its own (lazy.ts): what a resident decides beforehand. */
export { dropPersona, savePersona, showPersona } from "./state/persona.ts";
export { persona } from "./views/persona.ts";
export { prefer, protect, showPreference, showPreferences, showProtect } from "./state/control.ts";
export { preference, preferences, protect as protectView } from "./views/control.ts";
