/** A file of the wallet of its own (lazy.ts): what a resident decides beforehand. */
export { personaAct } from "./state/persona.ts";
export { knownAs, own, persona, personaName } from "./views/persona.ts";
export { prefer, protect, showPreference, showPreferences, showProtect } from "./state/control.ts";
export { preference, preferences, protect as protectView } from "./views/control.ts";
