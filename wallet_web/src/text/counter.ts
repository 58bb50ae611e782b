/** The words at a counter. Another language is an object of the type `CounterText`. */
import { enCounter } from "./en_counter.ts";

export type CounterText = typeof enCounter;

export const counterText: CounterText = enCounter;
