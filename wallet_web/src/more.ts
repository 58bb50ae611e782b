/** The second file of the wallet (lazy.ts): states and views that the main line does not need. */
export { choose, hide, makeWithPassphrase, otherWords, provePassphrase, showNewPassphrase, showWithPassphrase,
} from "./state/passphrase.ts";
export { kitOf, saveKit } from "./state/kit.ts";
export { showWays } from "./state/ways.ts";
export { kit } from "./views/kit.ts";
export { newPassphrase, withPassphrase } from "./views/passphrase.ts";
export { ways } from "./views/ways.ts";
