/** What went wrong and what to do next, in Welsh. */
import type { enTroubles } from "./en_troubles.ts";

const AGAIN = "Rhoi cynnig arall arni";
const HOME = "Mynd i’ch storfa";

export const cyTroubles: typeof enTroubles = {
  network: {
    title: "Ni allem gysylltu",
    text: "Gwiriwch eich cysylltiad â’r rhyngrwyd. Nid ydych wedi colli dim byd rydych wedi’i deipio.",
    next: AGAIN,
  },
  server: {
    title: "Aeth rhywbeth o’i le",
    text: "Ni wnaeth gwasanaeth y storfa ateb fel y dylai. Nid ydych wedi colli dim byd rydych wedi’i deipio. Arhoswch "
      + "ennyd, yna rhowch gynnig arall arni.",
    next: AGAIN,
  },
  busy: {
    title: "Gormod o gynigion",
    text: "Arhoswch funud, yna rhowch gynnig arall arni. Nid ydych wedi colli dim byd rydych wedi’i deipio.",
    next: AGAIN,
  },
  declined: {
    title: "Ni ddefnyddiodd eich dyfais allwedd mynediad",
    text: "Gwnaethoch gau’r ffenestr allwedd mynediad, neu nid oes gan y ddyfais hon allwedd mynediad ar gyfer eich storfa. "
      + "Nid oes dim wedi newid.",
    next: AGAIN,
  },
  passkeyTimeout: {
    title: "Cymerodd eich allwedd mynediad ormod o amser",
    text: "Daeth yr amser i ddefnyddio eich allwedd mynediad i ben. Nid oes dim wedi newid.",
    next: AGAIN,
  },
  passkeyFailed: {
    title: "Ni weithiodd eich allwedd mynediad",
    text: "Ni allai eich dyfais ddefnyddio’r allwedd mynediad. Rhowch gynnig arall arni, neu defnyddiwch eich cod adfer.",
    next: AGAIN,
  },
  passkeyUnknown: {
    title: "Nid yw’r allwedd mynediad hon yn agor storfa yma",
    text: "Cynigiodd eich dyfais allwedd mynediad nad ydym yn ei hadnabod. Rhowch gynnig arall arni a dewiswch allwedd mynediad "
      + "arall, neu defnyddiwch eich cod adfer.",
    next: AGAIN,
  },
  wrongKey: {
    title: "Nid yw hyn yn agor eich storfa",
    text: "Gweithiodd eich allwedd mynediad neu’ch cod, ond ni all agor y manylion sydd wedi’u storio yma. Ni rannwyd dim byd. "
      + "Dywedwch wrth y cyngor.",
    next: AGAIN,
  },
  weakened: {
    title: "Gofynnodd gwasanaeth y storfa am glo gwannach",
    text: "Roedd am i’r ddyfais hon ddefnyddio eich cyfrinymadrodd mewn ffordd sy’n haws ei dyfalu. Gwrthododd y ddyfais hon. "
      + "Arhosodd eich cyfrinymadrodd, a phopeth sy’n cael ei wneud ohono, yma. Peidiwch â rhoi cynnig arall arni yma. Dywedwch "
      + "wrth y cyngor.",
    next: HOME,
  },
  older: {
    title: "Mae’r storfa hon yn hŷn na’r un a welodd y ddyfais hon ddiwethaf",
    text: "Gallai rhywbeth a gadwyd gennych fod ar goll. Mae eich storfa’n aros ar glo, ac nid oes dim yn cael ei rannu. "
      + "Dywedwch wrth y cyngor.",
    next: AGAIN,
  },
  forked: {
    title: "Nid hon yw’r storfa a welodd y ddyfais hon ddiwethaf",
    text: "Mae dwy fersiwn wahanol o’ch storfa. Mae eich storfa’n aros ar glo, ac nid oes dim yn cael ei rannu. "
      + "Dywedwch wrth y cyngor.",
    next: AGAIN,
  },
  incomplete: {
    title: "Mae rhywbeth ar goll o’ch storfa",
    text: "Ni roddodd gwasanaeth y storfa bopeth a gadwyd gennych yn ôl. "
      + "Mae eich storfa’n aros ar glo, fel na fydd dim yn cael ei golli. Rhowch gynnig arall arni yn nes ymlaen. Os bydd hyn yn "
      + "digwydd eto, dywedwch wrth y cyngor.",
    next: AGAIN,
  },
  altered: {
    title: "Cafodd eich storfa ei newid, ond nid gennych chi",
    text: "Nid yw rhywbeth sydd wedi’i storio i chi yr un fath â’r hyn a gadwyd gennych. Mae eich storfa’n aros ar glo, ac nid oes "
      + "dim yn cael ei rannu. Dywedwch wrth y cyngor.",
    next: AGAIN,
  },
  register: {
    title: "Ni allem wirio pwy sy’n gofyn",
    text: "Ni phasiodd cofrestr gwasanaethau’r cyngor ein gwiriadau. Peidiwch â rhannu dim byd am y tro. "
      + "Rhowch gynnig arall arni yn nes ymlaen, neu defnyddiwch y gwasanaeth mewn ffordd arall.",
    next: AGAIN,
  },
  registerOld: {
    title: "Mae’r gofrestr gwasanaethau wedi dyddio",
    text: "Ni allwn wirio pwy sy’n gofyn nes bydd y cyngor yn adnewyddu ei gofrestr. Ni rannwyd dim byd. "
      + "Rhowch gynnig arall arni yn nes ymlaen, neu defnyddiwch y gwasanaeth mewn ffordd arall.",
    next: AGAIN,
  },
  unlisted: {
    title: "Nid yw’r gwasanaeth hwn ar gofrestr y cyngor",
    text: "Ni chaiff pwy bynnag a anfonodd y cais hwn ofyn am eich manylion. Ni rannwyd dim byd.",
    next: HOME,
  },
  badRequest: {
    title: "Nid yw’r cais hwn yn cael ei ganiatáu",
    text: "Gofynnodd y gwasanaeth mewn ffordd, neu am rywbeth, nad yw ei gofrestriad yn ei ganiatáu. Ni rannwyd dim byd. "
      + "Gallwch ddefnyddio’r gwasanaeth mewn ffordd arall.",
    next: HOME,
  },
  requestOver: {
    title: "Mae’r amser i ateb wedi dod i ben",
    text: "Daeth y cais hwn i ben. Ni rannwyd dim byd. Ewch yn ôl i’r gwasanaeth a phwyswch ei fotwm eto.",
    next: HOME,
  },
  requestUnknown: {
    title: "Ni allwn ddod o hyd i’r cais hwn",
    text: "Cafodd ei wneud mewn porwr arall, neu daeth i ben. Ewch yn ôl i’r gwasanaeth a phwyswch ei fotwm eto.",
    next: HOME,
  },
  requestDecided: {
    title: "Rydych wedi ateb y cais hwn yn barod",
    text: "I rannu eto, ewch yn ôl i’r gwasanaeth a phwyswch ei fotwm eto.",
    next: HOME,
  },
  conflict: {
    title: "Gwnaethoch newid hyn ar ddyfais arall hefyd",
    text: "Rydym wedi cadw’r hyn a gadwodd y ddyfais arall. Edrychwch arno, yna gwnewch eich newid eto os ydych ei eisiau o hyd.",
    next: HOME,
  },
  stale: {
    title: "Datglowch eich storfa eto",
    text: "Mae’r gwasanaeth am i chi fewngofnodi o’r newydd. Ni rannwyd dim byd.",
    next: AGAIN,
  },
  somebodyElse: {
    title: "Mae’r gwasanaeth yn disgwyl rhywun arall",
    text: "Mae’n eich adnabod drwy storfa wahanol i hon. Ni rannwyd dim byd.",
    next: AGAIN,
  },
  refused: {
    title: "Nid oedd modd cadw hyn",
    text: "Ni wnaeth gwasanaeth y storfa ei dderbyn. Nid oes dim wedi newid. Os bydd hyn yn digwydd eto, dywedwch wrth y cyngor.",
    next: HOME,
  },
  tooLarge: {
    title: "Mae hyn yn ormod i’w gadw ar unwaith",
    text: "Gwnewch yr hyn rydych wedi’i deipio yn fyrrach, yna rhowch gynnig arall arni.",
    next: AGAIN,
  },
  unsupported: {
    title: "Mae eich porwr yn rhy hen ar gyfer storfa",
    text: "Diweddarwch y porwr hwn, neu defnyddiwch un arall: fersiwn mwy newydd o Chrome, Edge, Firefox neu Safari. "
      + "Gallwch hefyd ddefnyddio cownter y cyngor neu’r ffôn.",
    next: AGAIN,
  },
  noPasskeys: {
    title: "Ni all y porwr hwn ddefnyddio allweddi mynediad",
    text: "Mae angen allwedd mynediad ar eich storfa. Rhowch gynnig ar borwr neu ddyfais arall, neu defnyddiwch eich cod adfer os "
      + "oes gennych un.",
    next: AGAIN,
  },
  passphrase: {
    title: "Ni allai’r porwr hwn ddefnyddio eich cyfrinymadrodd",
    text: "Efallai fod eich dyfais yn brin o gof. Caewch dabiau neu raglenni eraill, yna rhowch gynnig arall arni, neu defnyddiwch "
      + "borwr arall. Nid oes dim wedi newid.",
    next: AGAIN,
  },
  cookies: {
    title: "Mae’r porwr hwn yn gwrthod cwcis",
    text: "Mae angen un ar eich storfa i wybod mai chi sydd yno. Caniatewch gwcis ar gyfer y wefan hon, yna rhowch gynnig arall "
      + "arni. Neu defnyddiwch borwr arall, neu defnyddiwch y gwasanaeth dros y ffôn neu wrth gownter. Nid oes dim wedi newid.",
    next: AGAIN,
  },
  storage: {
    title: "Nid yw’r porwr hwn yn gadael i ni gadw eich storfa ar agor",
    text: "Diffoddwch bori preifat, neu gadewch i’r wefan hon storio data, yna rhowch gynnig arall arni. Gallwch hefyd barhau "
      + "fel ar gyfrifiadur y mae pobl eraill yn ei ddefnyddio: yna bydd eich storfa’n cloi ar ôl 5 munud, neu pan fydd y dudalen "
      + "hon yn cael ei chau neu ei llwytho eto.",
    next: AGAIN,
  },
  unexpected: {
    title: "Aeth rhywbeth o’i le",
    text: "Ni rannwyd dim byd. Llwythwch y dudalen hon eto. Os bydd hyn yn digwydd eto, dywedwch wrth y cyngor.",
    next: HOME,
  },
};
