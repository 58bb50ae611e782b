/**
 * A file of the wallet of its own (lazy.ts): a request and the answer to it, your details, and the boxes that details are
 * typed in. It is fetched while a request is, or the vault opens.
 */
export { leave, refuse, share } from "./state/answer.ts";
export { changeDetail, keepDetail, moreTime, redraftAsked, showAsked, tickDetail, typeDetail } from "./state/ask.ts";
export { keepOffered, revealInbox, showInbox, throwAway } from "./state/inbox.ts";
export { answerOwn, revealAsked, showOwn } from "./state/own_page.ts";
export { meet, onlyOnce } from "./state/personas.ts";
export { remove, reveal, save, showDetails, showEdit, showPrivate } from "./state/details.ts";
export { asked } from "./views/asked.ts";
export { details, edit, hidden } from "./views/details.ts";
export { inbox } from "./views/inbox.ts";
