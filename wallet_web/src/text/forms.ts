/** The words of forms.ts, and the names of countries and languages, which the browser knows in English. */
import { enForms } from "./en_forms.ts";
import { follow } from "./index.ts";
import type { Welsh } from "./index.ts";

export type FormsText = typeof enForms;

export let formsText: FormsText = enForms;

const region = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });
const tongue = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
/** The names in Welsh, which some browsers do not know. */
let welshNames: Pick<Welsh, "cyCountries" | "cyLanguages"> | null = null;

/** ISO 3166-1. */
const ALPHA2 = "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO "
  + "CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN "
  + "IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MT MU "
  + "MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO "
  + "SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW";

const TONGUES = "am ar bfi bg bn ckb cs de el es fa fr gd gu hi hu it ku lt lv ml ne nl pa pl ps pt ro ru si sk so sq sw ta te ti "
  + "tr uk ur vi yo zh";

export function countryName(code: string): string {
  return welshNames?.cyCountries[code] ?? region.of(code) ?? code;
}

export function languageName(code: string): string {
  if (code === "bfi") return formsText.options["bsl"] ?? code;
  return welshNames?.cyLanguages[code] ?? tongue.of(code) ?? code;
}

/** In the order of their names. */
export let COUNTRIES: readonly string[] = [];

/** English and Welsh first, then the others in the order of their names. */
export let LANGUAGES: readonly string[] = [];

follow((welsh) => {
  formsText = welsh?.cyForms ?? enForms;
  welshNames = welsh;
  COUNTRIES = byName(ALPHA2, countryName);
  LANGUAGES = [...(welsh === null ? ["en", "cy"] : ["cy", "en"]), ...byName(TONGUES, languageName)];
});

/** Where Welsh has an article before a name, the name decides. */
function byName(codes: string, nameOf: (code: string) => string): string[] {
  const plain = (code: string): string => nameOf(code).replace(/^Yr? /, "");
  return codes.split(" ").sort((one, other) => plain(one).localeCompare(plain(other)));
}
