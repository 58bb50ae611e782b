/** The words of activity.ts. Another language is an object of the type `ActivityText`. */
import { enActivity } from "./en_activity.ts";
import { follow } from "./index.ts";

export type ActivityText = typeof enActivity;

export let activityText: ActivityText = enActivity;
follow((welsh) => { activityText = welsh?.cyActivity ?? enActivity; });
