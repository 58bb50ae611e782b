/** Every English sentence of some length, to be looked for where Welsh is spoken. */
import { en } from "../../src/text/en.ts";
import { enActivity } from "../../src/text/en_activity.ts";
import { enControl } from "../../src/text/en_control.ts";
import { enCounter } from "../../src/text/en_counter.ts";
import { enForms } from "../../src/text/en_forms.ts";
import { enMore } from "../../src/text/en_more.ts";
import { leaves, pieces } from "./leaves.ts";

/** The words of each file. */
export const english = { first: en, activity: enActivity, control: enControl, counter: enCounter, forms: enForms, more: enMore };

/** They take times, lists or a kit, not words. */
export const OTHER = ["first.day", "first.moment", "first.and", "more.kit.file", "activity.dayOf", "activity.timeOf"];

export const SENTENCES: readonly string[] = leaves(english, OTHER).flatMap(({ words }) => pieces(words));
