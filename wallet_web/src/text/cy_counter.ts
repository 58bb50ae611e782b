/** Every word of the screens at a counter, in Welsh. */
import { details } from "./cy.ts";
import type { CounterText } from "./counter.ts";

export const cyCounter: CounterText = {
  find: {
    title: "Wrth gownter",
    text: "Mae’r sgrin wrth y ddesg yn dangos llun a chod. Defnyddiwch y naill neu’r llall.",
    scan: "Sganio’r llun",
    label: "Neu teipiwch y cod",
    hint: "8 llythyren neu rif, er enghraifft 7KQM-2XHR",
    submit: "Parhau",
    empty: "Rhowch y cod y mae sgrin y ddesg yn ei ddangos",
    wrong: "Rhaid i’r cod fod yn 8 llythyren neu rif. Gwiriwch ef yn erbyn sgrin y ddesg",
    elsewhere: "Nid yw hwn yn god o un o ddesgiau eich storfa. Peidiwch â’i ddefnyddio, a dywedwch wrth y staff",
    unknown: "Nid oes desg yn dangos y cod hwn nawr. Gwiriwch ef yn erbyn sgrin y ddesg, neu gofynnwch am un newydd",
  },
  scan: {
    title: "Pwyntiwch eich camera at y llun",
    text: "Daliwch eich ffôn fel bod y llun cyfan yn y ffrâm.",
    camera: "Yr hyn y mae eich camera yn ei weld",
    starting: "Yn cychwyn eich camera…",
    looking: "Yn chwilio am y llun…",
    type: "Teipio’r cod yn lle hynny",
    refusedTitle: "Nid oes modd defnyddio eich camera yma",
    elsewhere: "Nid yw’r llun hwnnw o un o ddesgiau eich storfa. Ni wnaethom ei agor. "
      + "Os yw yn y man lle’r oeddech yn disgwyl llun desg, dywedwch wrth y staff.",
    refused: "Teipiwch y cod yn lle hynny, neu pwyntiwch ap camera eich ffôn at y llun.",
  },
  here: {
    title: (place: string) => `Ydych chi yma nawr: ${place}?`,
    who: (service: string, authority: string) => `${service} (${authority}) a ddangosodd y cod hwn.`,
    registered: "Daw’r enwau hyn o gofrestr y cyngor, sydd wedi’i llofnodi.",
    check: "Ewch ymlaen dim ond os ydych yn sefyll wrth y ddesg hon. Os cawsoch y cod mewn neges, ar boster neu gan rywun a’ch "
      + "ffoniodd, twyll ydyw.",
    yes: (place: string) => `Ydw, rwyf yma: ${place}`,
    no: "Nac ydw, stopio",
  },
  digits: {
    title: "Darllenwch y rhifau hyn i’r staff",
    label: (digits: string) => `Y rhifau yw ${digits.split("").join(" ")}`,
    text: (place: string) => `Bydd y staff (${place}) yn eu teipio. Yna cewch weld beth y maent yn gofyn amdano, cyn i unrhyw beth `
      + "gael ei rannu.",
    waiting: "Yn aros i’r staff deipio’r rhifau…",
    wrong: "Teipiodd y staff rifau eraill. Darllenwch nhw’n uchel eto.",
    stop: "Stopio",
  },
  done: {
    shared: (count: number, service: string) => (count === 0 ? `Nid ydych wedi rhannu dim gyda ${service}`
      : `Rydych wedi rhannu ${details(count)} gyda ${service}`),
    refused: "Ni wnaethoch rannu dim byd",
    look: "Mae’r sgrin wrth y ddesg yn ei ddangos nawr. Gallwch roi eich ffôn i gadw.",
    tell: "Mae’r sgrin wrth y ddesg yn dweud hynny. Gall y staff eich helpu mewn ffordd arall.",
    what: "Yr hyn y gwnaethoch ei rannu",
    stop: "I weld yr hyn y gwnaethoch ei rannu, neu i ddweud nad chi oedd hwn, ewch i ‘Pwy all weld fy manylion’ yn eich storfa.",
    home: "Mynd i’ch storfa",
  },
  over: {
    expired: {
      title: "Mae’r amser ar gyfer y cod hwn wedi dod i ben",
      text: "Ni rannwyd dim byd. Gofynnwch i’r staff am god newydd." },
    digits: {
      title: "Roedd y rhifau’n anghywir dair gwaith",
      text: "Ni rannwyd dim byd. Os ydych wrth y ddesg, gofynnwch i’r staff am god newydd. Os nad ydych, efallai fod rhywun yn "
        + "ceisio eich twyllo: peidiwch â defnyddio eu cod eto." },
    cancelled: {
      title: "Mae’r staff wedi stopio hyn",
      text: "Ni rannwyd dim byd. Gofynnwch iddynt beth i’w wneud nesaf." },
    left: {
      title: "Rydych wedi stopio hyn",
      text: "Ni rannwyd dim byd. Gall y staff eich helpu heb eich storfa." },
    notHere: {
      title: "Rydych wedi stopio hyn",
      text: "Ni rannwyd dim byd. Os daethoch o hyd i’r cod hwn mewn neges neu ar boster, dywedwch wrth y cyngor: efallai fod "
        + "rhywun yn ei ddefnyddio i dwyllo pobl." },
    stopped: {
      title: "Mae’r ddesg hon wedi’i stopio",
      text: "Ni rannwyd dim byd. Gall y staff eich helpu heb eich storfa." },
    taken: {
      title: "Mae rhywun arall wedi agor y cod hwn",
      text: "Ni rannwyd dim o’ch manylion chi. Gofynnwch i’r staff am god newydd, a pheidiwch â gadael i neb dynnu llun o’r "
        + "sgrin." },
    unknown: {
      title: "Nid ydym yn adnabod y cod hwn",
      text: "Ni rannwyd dim byd. Gofynnwch i’r staff am god newydd." },
    otherDesk: {
      title: "Nid y ddesg hon yw’r un y dywedodd ei bod",
      text: "Ni rannwyd dim byd, ac rydym wedi ei stopio. Dywedwch wrth y staff a’r cyngor." },
    answered: {
      title: "Rydych wedi ateb hyn yn barod",
      text: "Mae’r sgrin wrth y ddesg yn dangos eich ateb." },
    again: "Defnyddio cod arall",
    home: "Mynd i’ch storfa",
  },
  report: {
    title: "Nid chi oedd hwn?",
    asked: (service: string, place: string) => `Cafodd ${service} y manylion hyn (${place}):`,
    text: "Os nad oeddech wrth y ddesg honno, neu os na wnaethoch gytuno i hyn, dywedwch wrthym. Byddwn yn stopio eu mynediad ar "
      + "unwaith, a bydd goruchwyliwr yn cael gwybod. Ni fydd yn cael gwybod pwy ydych chi.",
    confirm: "Nid fi oedd hwn: stopio a dweud wrth oruchwyliwr",
    keep: "Mynd yn ôl",
    doneTitle: "Diolch. Rydym wedi dweud wrth oruchwyliwr",
    done: "Ni allant edrych mwyach ar yr hyn a rannwyd yno. Os gall rhywun arall ddatgloi eich storfa, gwnewch god adfer newydd "
      + "a dywedwch wrth y cyngor.",
    home: "Mynd i’ch storfa",
  },
};
