/** The second file of the wallet (lazy.ts): states and views that the main line does not need. */
export { choose, hide, makeWithPassphrase, otherWords, provePassphrase, showNewPassphrase, showWithPassphrase,
} from "./state/passphrase.ts";
export { keepDraft, recallDraft } from "./state/draft.ts";
export { againByPasskey, againByPassphrase, unlockFirst, useAnother } from "./state/again.ts";
export { kitOf, saveKit } from "./state/kit.ts";
export { addPasskey, leaveRecovered, recover } from "./state/recover.ts";
export { renewDisclosures } from "./state/renew.ts";
export { showWays } from "./state/ways.ts";
export { settled } from "./state/present.ts";
export { confirmStop, pauseAll, showStop, showWho } from "./state/who.ts";
export { showLeaving, signOut } from "./state/leaving.ts";
export { endSession, endSessions, showSessions } from "./state/sessions.ts";
export { again } from "./views/again.ts";
export { kit } from "./views/kit.ts";
export { leaving, left, sessions } from "./views/leaving.ts";
export { newPassphrase, withPassphrase } from "./views/passphrase.ts";
export { noPrf, recover as recoverView, recovered } from "./views/recover.ts";
export { ways } from "./views/ways.ts";
export { stop, stopped, who } from "./views/who.ts";
