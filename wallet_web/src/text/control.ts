/** The words of control.ts. Another language is an object of the type `ControlText`. */
import { enControl } from "./en_control.ts";
import { follow } from "./index.ts";

export type ControlText = typeof enControl;

export let controlText: ControlText = enControl;
follow((welsh) => { controlText = welsh?.cyControl ?? enControl; });
