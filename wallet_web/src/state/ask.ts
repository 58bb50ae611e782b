/** A verified request in words for the screen, and what the resident does there before the answer. */
import { Failure } from "../client/failure.ts";
import { ATTRIBUTES } from "../core/catalogue.ts";
import type { Attribute } from "../core/catalogue.ts";
import { baseOf, workedOut } from "../core/derived.ts";
import { isObject } from "../core/encoding.ts";
import { itemsOf } from "../core/items.ts";
import { SIGN_IN } from "../core/registry.ts";
import { untils } from "../core/request.ts";
import type { Request } from "../core/request.ts";
import { loadMore, more } from "../lazy.ts";
import { act, arm, seconds, show, today } from "./app.ts";
import type { App } from "./app.ts";
import { slotOf, verified } from "./asking.ts";
import { change, changedAt, firstChoices, isSingle, keepMine, refit, singles, tick, withDraft } from "./choices.ts";
import { describe, held, heldItems, heldOf, inCatalogue, itemsOfPersona, purposeOf, relationship } from "./items.ts";
import type { Items } from "./items.ts";
import { matching, togetherIn } from "./personas.ts";
import { guardedIn, preferencesIn, proposalFor } from "./preferences.ts";
import { areaAsked, factsFor, seeing } from "./present.ts";
import type { Area } from "./present.ts";
import type { Ask, AskedDetail, AskedState, Choices, Draft, FieldError } from "./state.ts";
import { theVault } from "./vault.ts";

/** The request as the resident reads it, with what the vault holds. */
export function askOf(app: App): Ask {
  const { asking } = app;
  if (asking === null) throw new Failure("requestUnknown");
  const { request, service, asker, expires } = asking;
  const { opened } = theVault(app);
  const { purpose } = request;
  const proposal = proposalFor(app, asking);
  const { personas } = preferencesIn(opened.items);
  const refusals = [...itemsOf(opened.items, "decisions")].flatMap(([, item]) => item.refusals)
    .filter((one) => one.service === service.clientId && one.purpose === (purpose?.id ?? SIGN_IN));
  // In the catalogue's order: whatever order a service writes, people are asked for their name before their car.
  const details: AskedDetail[] = purpose === null ? [] : [...ATTRIBUTES.values()].flatMap((attribute) => {
    const { id } = attribute;
    const decided = proposal.attributes.get(id);
    if (decided === undefined) return [];
    const other = personas.get(decided.persona);
    const known = knownOf(app, request, attribute, other === undefined ? opened.items : itemsOfPersona(other.values, today(app)));
    const lacks = decided.decision !== "withhold" && proposal.persona !== "" && other === undefined;
    const seen = { service: service.clientId, persona: proposal.oneOff ? null : proposal.persona, attribute: id };
    // What is typed is kept with whom the service knows, and told to who else follows that.
    const follow = seeing(opened, { attribute: known.base?.attribute.id ?? id, persona: proposal.persona });
    return [{
      attribute, decided, ...known, ...matching(opened.items,
        { ...seen, value: decided.decision === "withhold" ? undefined : known.held?.value }, seconds(app)),
      ...(lacks ? { lacking: purpose.attributes.get(id)?.required === true ? "needed" : "liked" } as const : {}),
      required: decided.required, why: purpose.attributes.get(id)?.why ?? { en: "", cy: "" },
      follow: follow.map(([grant]) => grant),
      others: follow.filter(([, item]) => item.service !== service.clientId || purposeOf(item) !== purpose.id)
        .map(([, item]) => describe(item.statement).service) }];
  });
  return {
    ...asker, tier: service.tier, details, expires, proposal, guarded: guardedIn(opened.items),
    why: purpose?.text ?? { en: "", cy: "" }, statute: purpose?.statute ?? null, basis: purpose?.lawfulBasis ?? "public_task",
    fallback: purpose?.fallback ?? { en: "", cy: "" }, retentionDays: purpose?.retentionDays ?? 0,
    untils: untils(request, seconds(app)),
    known: relationship(opened.items, service.sector, proposal.persona) !== null,
    refusedAt: refusals.length === 0 ? null : Math.max(...refusals.map((one) => one.at)),
    needsCode: asking.standing && !opened.manifest.recovery_confirmed,
    sharedSector: service.sector !== service.clientId,
    personas: proposal.personaBecause === "choose" && !proposal.oneOff ? [...personas].map(([id, { name }]) => ({ id, name })) : [],
    persona: personas.get(proposal.persona)?.name ?? null,
    together: togetherIn(opened.items, { service: service.clientId, sector: service.sector, persona: proposal.persona }),
    counter: asking.counter !== null,
  };
}

type Known = Pick<AskedDetail, "base" | "gap" | "held" | "several">;

/** What the boxes of an address cannot say: the number of the property, and the council where the purpose lists none. */
function isTypedItself(id: string, area: Area): boolean {
  return id === "address.uprn" || (id === "address.local_authority" && Object.keys(area.zones).length === 0);
}

/** What these items have of a detail that is asked: worked out, else held; else what is to be typed for it. */
function knownOf(app: App, request: Request, attribute: Attribute, items: Items): Known {
  const { id } = attribute;
  const area = areaAsked(request);
  const worked = workedOut(id, factsFor(id, items), { now: seconds(app), ...area });
  const baseId = baseOf(id);
  const source = baseId === null ? null : inCatalogue(baseId);
  const base = source === null ? null : { attribute: source, held: held(items, source.id) };
  const plain = { base: null, gap: null, held: held(items, id),
    several: heldItems(items, id).map(([item, document]) => ({ item, held: heldOf(items, document) })) };
  if (worked !== null && "value" in worked) {
    return { base, gap: null, several: [], held: { value: worked.value, asOf: worked.as_of, source: "derived" } };
  }
  if (worked !== null) return { ...plain, held: null, several: [], gap: worked.absent === "not_applicable" ? "noHome" : "unknown" };
  if (base === null || plain.held !== null || isTypedItself(id, area)) return plain;
  const isComplete = isObject(base.held?.value) && base.held.value["postcode"] !== undefined;
  return { ...plain, base, gap: isComplete ? "unknown" : null };
}

/** Which page of the question: 0 has everything, 1 and on are the details' own. `revealed`: its value may be seen. */
interface Page { readonly page: number; readonly revealed?: boolean }

/** Shows the question. The buttons wake after half a second. What was typed before is back, also over a reload. */
export async function showAsked(app: App, { page, revealed = false }: Page = { page: 0 }): Promise<void> {
  if (app.asking?.prepared === null && app.asking.counter === null) app.asking = await verified(app, app.asking.answer);
  await askAnew(app, { page, revealed });
}

/** Shows the verified question as the vault has it now. */
export async function askAnew(app: App, { page, revealed = false }: Page = { page: 0 }): Promise<void> {
  const ask = askOf(app);
  const before = app.typed ?? await recalled(app, ask);
  const choices = before === null ? firstChoices(ask) : refit(before, ask);
  const own = singles(ask)[page - 1]?.attribute.id ?? null;
  show(app, { screen: "asked", ask, choices, errors: [], armed: false, own, revealed,
    minutesLeft: null, shared: theVault(app).shared, sending: false, trouble: null });
  arm(app);
  watchTime(app);
}

async function recalled(app: App, ask: Ask): Promise<Choices | null> {
  const { asking, device: { request } } = app;
  return asking === null || request.draft(slotOf(asking)) === null ? null : (await loadMore()).recallDraft(app, ask);
}

/** The number of a detail's own page; 0 where it has none. */
export function pageNumber(ask: Ask, own: string | null): number {
  return singles(ask).findIndex(({ attribute }) => attribute.id === own) + 1;
}

/** Goes to another page of the question, a place in the history as every page is. Its value is hidden at first. */
export function turnTo(app: App, own: string | null, choices: Choices, errors: readonly FieldError[] = []): void {
  if (app.state.screen !== "asked") return;
  remember(app, choices);
  const page = pageNumber(app.state.ask, own);
  app.device.push(page === 0 ? "asked" : `own-${page}`);
  show(app, { ...app.state, choices, errors, own, revealed: false, armed: false, trouble: null });
  arm(app);
}

/** Keeps what was typed, here and sealed for a reload. */
export function remember(app: App, choices: Choices): void {
  app.typed = choices;
  void more()?.keepDraft(app, choices).catch(() => undefined);
}

/** Something was typed or chosen that changes nothing else on the page. */
export function typeDetail(app: App, draft: Draft): void {
  if (app.state.screen === "asked") remember(app, withDraft(app.state.choices, draft));
}

const WARN_BELOW = 5 * 60;

/** Warns in good time before the request ends; the resident can ask for more. */
function watchTime(app: App): void {
  const look = (): void => {
    if (app.state.screen !== "asked" || app.asking === null) return;
    const left = app.asking.expires - seconds(app);
    if (left <= 0) {
      show(app, { ...app.state, trouble: "requestOver", minutesLeft: null });
      return;
    }
    const minutes = left > WARN_BELOW ? null : Math.max(1, Math.ceil(left / 60));
    if (minutes !== app.state.minutesLeft) show(app, { ...app.state, minutesLeft: minutes });
    app.device.after(20_000, look);
  };
  look();
}

export function moreTime(app: App): Promise<void> {
  return act(app, async () => {
    if (app.asking === null) return;
    const { expires } = await app.device.api.extend(app.asking.id);
    app.asking = { ...app.asking, expires };
    if (app.state.screen === "asked") show(app, { ...app.state, minutesLeft: null });
  });
}

function onAsked(app: App, step: (state: AskedState) => AskedState): void {
  if (app.state.screen !== "asked" || app.busy) return;
  const next = step(app.state);
  remember(app, next.choices);
  show(app, next);
}

export function tickDetail(app: App, attribute: string, on: boolean, draft: Draft): void {
  onAsked(app, (state) => ({ ...state, choices: tick(withDraft(state.choices, draft), attribute, on),
    errors: state.errors.filter((error) => error.attribute !== attribute) }));
}

export function changeDetail(app: App, attribute: string, draft: Draft): void {
  const { state } = app;
  if (state.screen !== "asked" || app.busy) return;
  const detail = state.ask.details.find((one) => one.attribute.id === attribute);
  const place = detail === undefined ? null : changedAt(detail, state.ask, state.choices);
  if (place === null) return;
  const choices = withDraft(state.choices, draft);
  if (place !== detail && isSingle(place)) turnTo(app, place.attribute.id, choices);
  else onAsked(app, (now) => ({ ...now, choices: change(choices, place) }));
}

/** The page with what was typed, and other boxes: a row more, a row less. */
export function redraftAsked(app: App, draft: Draft): void {
  onAsked(app, (state) => ({ ...state, choices: withDraft(state.choices, draft), errors: [] }));
}

export function keepDetail(app: App, attribute: string, draft: Draft): void {
  onAsked(app, (state) => ({ ...state, choices: keepMine(withDraft(state.choices, draft), attribute),
    errors: state.errors.filter((error) => error.attribute !== attribute) }));
}
