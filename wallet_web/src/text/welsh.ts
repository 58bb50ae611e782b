/** The Welsh file of the wallet: all of it in one, so that nothing has to be fetched in the middle of a journey. */
export { cy } from "./cy.ts";
export { cyActivity } from "./cy_activity.ts";
export { cyControl } from "./cy_control.ts";
export { cyCounter } from "./cy_counter.ts";
export { cyForms } from "./cy_forms.ts";
export { cyMore } from "./cy_more.ts";
export { cyCountries, cyLanguages } from "./cy_places.ts";
