/** The words at a counter. Another language is an object of the type `CounterText`. */
import { enCounter } from "./en_counter.ts";
import { follow } from "./index.ts";

export type CounterText = typeof enCounter;

export let counterText: CounterText = enCounter;
follow((welsh) => { counterText = welsh?.cyCounter ?? enCounter; });
