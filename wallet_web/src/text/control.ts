/** The words of control.ts. Another language is an object of the type `ControlText`. */
import { enControl } from "./en_control.ts";

export type ControlText = typeof enControl;

export const controlText: ControlText = enControl;
