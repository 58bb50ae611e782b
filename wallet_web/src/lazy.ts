/**
 * What only some people need, in files of their own: `more.ts` (passphrases, the recovery code, who can see what),
 * `forms.ts` (a request, your details, and the boxes that they are typed in), `control.ts` (your choices) and `activity.ts`
 * (what happened).
 */
import { Failure } from "./client/failure.ts";

export type Activity = typeof import("./activity.ts");
export type Control = typeof import("./control.ts");
export type More = typeof import("./more.ts");
export type Forms = typeof import("./forms.ts");
export type Counter = typeof import("./at_counter.ts");

let loadedActivity: Activity | null = null;
let loadedMore: More | null = null;
let loadedForms: Forms | null = null;
let loadedControl: Control | null = null;
let loadedCounter: Counter | null = null;

/** Loads it, once. Errors: `Failure` `network`. */
export async function loadMore(): Promise<More> {
  return loadedMore ??= await fetched(import("./more.ts"));
}

/** It, where it is here already: a screen of it is shown only after it was loaded. */
export function more(): More | null {
  return loadedMore;
}

/** Loads it, once. Errors: `Failure` `network`. */
export async function loadForms(): Promise<Forms> {
  return loadedForms ??= await fetched(import("./forms.ts"));
}

export function forms(): Forms | null {
  return loadedForms;
}

/** Loads it, once. Errors: `Failure` `network`. */
export async function loadControl(): Promise<Control> {
  return loadedControl ??= await fetched(import("./control.ts"));
}

export function control(): Control | null {
  return loadedControl;
}

/** Loads it, once. Errors: `Failure` `network`. */
export async function loadCounter(): Promise<Counter> {
  return loadedCounter ??= await fetched(import("./at_counter.ts"));
}

export function atCounter(): Counter | null {
  return loadedCounter;
}

/** Loads it, once. Errors: `Failure` `network`. */
export async function loadActivity(): Promise<Activity> {
  return loadedActivity ??= await fetched(import("./activity.ts"));
}

export function activity(): Activity | null {
  return loadedActivity;
}

function fetched<M>(module: Promise<M>): Promise<M> {
  return module.catch(() => { throw new Failure("network"); });
}
