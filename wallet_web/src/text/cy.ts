/** Every word of the first screens, in Welsh: plain Welsh, with "chi". The store of a resident is "storfa". */
import { cyLabels } from "./cy_labels.ts";
import { cyTroubles } from "./cy_troubles.ts";
import type { Text } from "./index.ts";

const timeZone = "Europe/London";
// Not every browser knows Welsh: Chromium has no month of it.
const MONTHS = ["Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd",
  "Rhagfyr"];
const numbers = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "numeric", year: "numeric", timeZone });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", hour12: true, timeZone });

function long(date: Date): string {
  const part = Object.fromEntries(numbers.formatToParts(date).map(({ type, value }) => [type, value]));
  return `${Number(part["day"])} ${MONTHS[Number(part["month"]) - 1] ?? ""} ${part["year"] ?? ""}`;
}

/** A day of a moment, and its time. */
export const dayOf = (time: number): string => long(new Date(time * 1000));
export const timeOf = (time: number): string => clock.format(new Date(time * 1000)).replace(" ", "");

const day = (date: string): string => long(new Date(`${date}T12:00:00Z`));
/** A noun stands in the singular after a number, and softens after two. */
export const details = (count: number): string => `${count} ${count === 2 ? "fanylyn" : "manylyn"}`;

export const cy: Text = {
  language: "cy",
  day,
  moment: (time: number) => `${dayOf(time)} am ${timeOf(time)}`,
  page: {
    title: (authority: string) => `Eich storfa – ${authority}`,
    skip: "Neidio i’r prif gynnwys",
    menu: "Dewislen",
    language: "Iaith",
    home: "Hafan",
    details: "Eich manylion",
    who: "Pwy all weld fy manylion",
    preferences: "Eich dewisiadau",
    lock: "Cloi’r storfa",
    exit: "Gadael y dudalen hon",
    quietTitle: "Hafan",
    working: "Wrthi’n gweithio…",
    back: "Yn ôl",
    cancel: "Canslo",
    help: "Nid oes angen storfa arnoch i ddefnyddio gwasanaethau’r cyngor. Gallwch wneud cais dros y ffôn neu wrth gownter bob "
      + "amser.",
  },
  problem: { goOn: "Parhau heb gadw dim byd" },
  offline: {
    title: "Rydych chi all-lein",
    text: "Nid ydych wedi colli dim byd rydych wedi’i deipio. Byddwn yn parhau pan fyddwch wedi’ch cysylltu eto.",
  },
  unkept: {
    title: "Nid yw’r porwr hwn yn cadw dim byd",
    text: "Bydd eich storfa’n cloi ar ôl 5 munud, neu pan fydd y dudalen hon yn cael ei chau neu ei llwytho eto. Os anfonodd "
      + "gwasanaeth chi yma, ewch yn ôl ato wedyn a phwyswch ei fotwm eto.",
  },
  idle: {
    title: "Mae eich storfa ar fin cloi",
    text: "Nid ydych wedi’i defnyddio ers tro. Bydd yn cloi ymhen un funud i gadw eich manylion yn ddiogel.",
    stay: "Ei chadw ar agor",
  },
  counter: {
    title: "Rydych wedi sganio cod wrth ddesg",
    text: "Datglowch eich storfa i barhau. Bydd y cod yn aros am 5 munud.",
  },
  errors: { title: "Mae problem wedi codi", label: "Gwall:", important: "Pwysig", success: "Llwyddiant" },
  asker: {
    sentence: (service: string, authority: string) => `Mae ${service} (${authority}) wedi gofyn am rai o’ch manylion.`,
    signIn: (service: string, authority: string) => `Mae ${service} (${authority}) wedi gofyn pwy ydych chi.`,
    next: "Cewch weld yn union beth y mae’n gofyn amdano, a pham, cyn i chi benderfynu.",
    without: (service: string) => `Mynd yn ôl i wasanaeth ${service} heb rannu`,
  },
  start: {
    title: "Creu eich storfa",
    what: "Cadwch eich manylion mewn un lle. Pan fydd gwasanaeth yn gofyn amdanynt, chi sy’n penderfynu.",
    sealed: "Caiff eich manylion eu cloi ar y ddyfais hon cyn iddynt gael eu storio. Ni all y cyngor eu hagor.",
    passkey: "Byddwch yn ei datgloi ag allwedd mynediad (passkey): yr ôl bys, yr wyneb neu’r PIN sy’n datgloi’r ddyfais hon. "
      + "Dim cyfrinair.",
    shared: "Mae pobl eraill yn defnyddio’r cyfrifiadur hwn",
    sharedHint: "Er enghraifft mewn llyfrgell. Bydd eich storfa’n cloi ar ôl 5 munud, neu pan fydd y dudalen hon yn cael ei chau "
      + "neu ei llwytho eto, ac ni fydd yn gadael dim byd ar ei hôl.",
    create: "Creu storfa ag allwedd mynediad",
    phrase: "Creu storfa â chyfrinymadrodd",
    noPasskeys: "Nid oes allweddi mynediad gan y porwr hwn, felly byddwch yn datgloi eich storfa â chyfrinymadrodd: "
      + "geiriau y byddwch yn eu hysgrifennu.",
    have: "Mae gen i storfa’n barod",
  },
  locked: {
    title: "Datgloi eich storfa",
    text: "Defnyddiwch yr allwedd mynediad neu’r cyfrinymadrodd a wnaethoch ar gyfer eich storfa.",
    idle: "Cafodd eich storfa ei chloi am nad oedd yn cael ei defnyddio. Nid oes dim a gadwyd gennych wedi’i golli.",
    tab: "Cafodd eich storfa ei chloi mewn tab arall.",
    done: "Mae eich storfa wedi’i chloi.",
    other: "Mae eich storfa wedi’i chloi. Datglowch y llall i ateb.",
    session: "Mae angen i chi ddatgloi eich storfa eto i barhau.",
    unlock: "Datgloi ag allwedd mynediad",
    phrase: "Datgloi â chyfrinymadrodd",
    code: "Wedi colli eich allwedd mynediad neu’ch cyfrinymadrodd? Defnyddiwch eich cod adfer",
    create: "Creu storfa newydd",
    waiting: "Dilynwch y camau y mae eich dyfais yn eu dangos i chi.",
  },
  code: {
    title: "Cadw eich cod adfer",
    why: "Os byddwch yn colli eich dyfais neu’ch allwedd mynediad, y cod hwn yw’r unig ffordd yn ôl at eich manylion. "
      + "Ni all y cyngor agor eich storfa ar eich rhan.",
    required: (service: string) => `Mae ${service} yn gofyn am weld eich manylion fwy nag unwaith. `
      + "Cyn hynny, mae angen i ni wybod na fyddwch yn colli eich storfa.",
    label: "Eich cod adfer",
    store: "Argraffwch neu cadwch y cod, ac yna rhowch ef mewn man diogel a phreifat. Gall unrhyw un sydd â’r cod hwn agor eich "
      + "storfa.",
    inactive: "Ni fydd y cod yn gweithio tan ar ôl y cam nesaf, lle byddwch yn teipio rhan ohono.",
    print: "Argraffu",
    save: "Cadw fel ffeil",
    next: "Rwyf wedi ei gadw",
    later: "Gwneud hyn yn nes ymlaen",
    file: "cod-adfer.txt",
    makeTitle: "Cadwch god adfer yn gyntaf",
    make: "Dangos fy nghod adfer",
    makeText: "Byddwn yn gofyn am eich allwedd mynediad, ac yna’n dangos cod i chi ei argraffu neu ei gadw.",
    makeTextPhrase: "Byddwn yn gofyn am eich cyfrinymadrodd, ac yna’n dangos cod i chi ei argraffu neu ei gadw.",
  },
  confirm: {
    title: "Gwirio eich cod adfer",
    text: "Edrychwch ar y copi y gwnaethoch ei argraffu, ei gadw neu ei ysgrifennu. Teipiwch y ddwy ran hyn o’r 9.",
    part: (n: number) => `Rhan ${n} o’ch cod`,
    hint: (n: number) => `4 llythyren neu rif, wrth ymyl yr ${n} bach ar eich copi`,
    wrong: (n: number) => `Nid yw rhan ${n} yr un fath â’ch cod. Gwiriwch eich copi`,
    submit: "Cadarnhau fy nghod",
    again: "Dangos y cod eto",
    done: "Mae eich cod adfer wedi’i gadw ac yn gweithio.",
  },
  home: {
    title: "Eich storfa",
    waitingTitle: "Yn aros am eich ateb",
    waiting: (service: string) => `Mae ${service} wedi gofyn am rai o’ch manylion.`,
    answer: "Gweld beth y mae’n gofyn amdano",
    remindTitle: "Cadwch eich cod adfer",
    remind: "Hebddo, byddwch yn colli eich manylion os byddwch yn colli’r ddyfais hon neu’ch allwedd mynediad.",
    remindButton: "Cadw fy nghod adfer",
    show: "Dangos beth sydd yn eich storfa",
    offersTitle: "Cynigion i chi",
    offers: (count: number) => (count === 1
      ? "Mae gwasanaeth yn cynnig manylion i chi eu cadw, fel na fydd rhaid i chi eu teipio eto."
      : `Mae gwasanaethau’n cynnig manylion i chi eu cadw (${count} ${count === 2 ? "gynnig" : "cynnig"}), fel na fydd rhaid `
        + "i chi eu teipio eto."),
    offersButton: "Gweld y cynigion",
    nowTitle: "Pwy all weld eich manylion nawr",
    paused: "Rydych wedi oedi’r holl rannu.",
    resume: "Ailddechrau rhannu",
    nobody: "Ni all neb weld eich manylion. Pan fydd gwasanaeth yn gofyn, byddwch yn penderfynu yma.",
    sees: "Yn gweld",
    knows: "Yn eich adnabod pan fyddwch yn mewngofnodi. Nid yw’n gweld unrhyw fanylion.",
    until: "Tan",
    stop: "Stopio",
    stopFor: (service: string) => `rhannu gyda ${service}`,
    all: "Pwy all weld fy manylion",
    activity: "Beth sydd wedi digwydd i’ch manylion",
    detailsTitle: "Eich manylion",
    detailsText: "Gweld, ychwanegu neu newid yr hyn sydd yn eich storfa.",
    detailsLink: "Gweld a newid eich manylion",
    counterTitle: "Wrth gownter",
    code: "Defnyddio cod y mae desg yn ei ddangos i chi",
    counter: "Nid oes angen storfa arnoch i ddefnyddio gwasanaeth. Gallwch ofyn wrth gownter neu dros y ffôn bob amser.",
    waysTitle: "Ffyrdd o ddatgloi eich storfa",
    ways: "Allweddi mynediad, cyfrinymadrodd a chod adfer",
    passkeyAdded: "Mae eich allwedd mynediad newydd yn barod. Defnyddiwch hi y tro nesaf y byddwch yn datgloi eich storfa.",
    phraseAdded: "Mae eich cyfrinymadrodd yn barod. Defnyddiwch ef gydag enw eich storfa.",
    once: "Cânt edrych unwaith",
    go: "Mynd i’ch storfa",
  },
  asked: {
    title: (service: string) => `Mae ${service} yn gofyn am eich manylion`,
    who: "Pwy sy’n gofyn",
    service: "Gwasanaeth",
    runBy: "Pwy sy’n ei redeg",
    registered: "Daw’r enwau hyn o gofrestr y cyngor, sydd wedi’i llofnodi, ac nid o’r gwasanaeth ei hun.",
    sandbox: "Gwasanaeth prawf yw hwn. Peidiwch â rhannu manylion go iawn ag ef.",
    why: "Pam",
    law: "Y gyfraith",
    basis: {
      consent: "Dim ond os ydych yn cytuno. Gallwch newid eich meddwl yn nes ymlaen.",
      contract: "Mae angen hyn ar y gwasanaeth i ddarparu’r hyn y gwnaethoch ofyn amdano.",
      legal_obligation: "Mae’r gyfraith yn mynnu hyn.",
      vital_interests: "Mae hyn yn diogelu bywyd rhywun.",
      public_task: "Mae angen hyn ar y cyngor i wneud yr hyn y gwnaethoch ofyn amdano.",
      legitimate_interests: "Mae’r gwasanaeth yn dweud bod ganddo reswm teg. Gallwch wrthwynebu.",
    },
    what: "Beth fyddant yn ei weld",
    missing: "Bydd yr hyn y byddwch yn ei deipio yma yn cael ei gadw yn eich storfa, fel na fydd rhaid i chi ei deipio eto.",
    optionalTitle: "Hoffent gael hyn hefyd",
    optionalHint: "Nid oes rhaid i chi rannu’r rhain. Ticiwch yr hyn rydych am ei rannu.",
    change: "Newid",
    changeFor: lower,
    undo: "Cadw’r un sydd yn fy storfa",
    which: (label: string) => `${label}: pa un?`,
    once: "Defnyddio’r hyn rwy’n ei deipio yma unwaith. Peidio â’i gadw yn fy storfa.",
    others: (services: string) => `Bydd ${services} yn cael yr un newydd hefyd, oni bai eich bod yn ei ddefnyddio unwaith.`,
    howLong: "Am ba hyd",
    onceOnly: "Cânt edrych unwaith.",
    untilChoice: "Am ba hyd y cânt edrych?",
    until: (date: string) => `Tan ${date}`,
    shortest: "yr amser byrraf sy’n ddefnyddiol",
    asLong: "am gyhyd ag y maent wedi gofyn",
    fixed: (date: string) => `Cânt edrych tan ${date}. Os byddwch yn newid manylyn, byddant yn gweld yr un newydd. `
      + "Gallwch stopio hyn unrhyw bryd.",
    standing: "Os byddwch yn newid manylyn, byddant yn gweld yr un newydd. Gallwch stopio hyn unrhyw bryd.",
    keeps: (days: number) => (days === 0 ? "Nid ydynt yn cadw copi." : `Cânt gadw’r hyn y maent yn ei ddarllen am ${
      duration(days)}.`),
    sector: "Mae rhai gwasanaethau’n gwybod mai’r un person ydych chi: mae hwn yn rhannu ei gofnodion â gwasanaethau eraill "
      + "sy’n cael eu rhedeg gan yr un awdurdod.",
    ifNo: "Os byddwch yn gwrthod",
    before: (date: string) => `Gwnaethoch wrthod ar ${date}.`,
    share: (count: number, service: string) => (count === 0 ? `Mynd ymlaen gyda ${service} heb rannu dim`
      : `Rhannu ${details(count)} gyda ${service}`),
    refuse: "Peidio â rhannu",
    goBack: (service: string) => `Mynd yn ôl i wasanaeth ${service}`,
    recoveryFirst: "Cyn i chi rannu fwy nag unwaith, byddwch yn cadw cod adfer. Dyna’r cam nesaf. "
      + "Bydd yr hyn rydych wedi’i deipio yn aros yma.",
    expiring: (minutes: number) => `Mae gennych ${minutes} ${minutes === 2 ? "funud" : "munud"} ar ôl i ateb.`,
    more: "Rhoi mwy o amser i mi",
  },
  signIn: {
    title: (service: string) => `Mewngofnodi i wasanaeth ${service}`,
    first: "Byddant yn eich adnabod drwy god a wnaed ar eu cyfer nhw yn unig. "
      + "Ni fyddant yn gweld unrhyw rai o’ch manylion, a bydd gwasanaethau eraill yn eich adnabod drwy god arall.",
    again: "Maent yn eich adnabod o’r blaen. Ni fyddant yn gweld unrhyw rai o’ch manylion.",
    button: (service: string) => `Mewngofnodi i wasanaeth ${service}`,
    refuse: "Peidio â mewngofnodi",
  },
  shared: {
    title: (count: number, service: string) => (count === 0 ? `Nid ydych wedi rhannu dim gyda ${service}`
      : `Rydych wedi rhannu ${details(count)} gyda ${service}`),
    signedIn: (service: string) => `Rydych wedi mewngofnodi i wasanaeth ${service}`,
    what: "Yr hyn y gwnaethoch ei rannu",
    until: "Cânt edrych tan",
    once: "Cânt edrych unwaith.",
    stop: "I stopio, ewch i ‘Pwy all weld fy manylion’ yn eich storfa.",
    moving: (service: string) => `Rydym yn mynd â chi yn ôl i wasanaeth ${service}.`,
    go: (service: string) => `Parhau i wasanaeth ${service} nawr`,
    refused: (service: string) => `Ni wnaethoch rannu dim byd. Rydym yn mynd â chi yn ôl i wasanaeth ${service}.`,
  },
  details: {
    title: "Eich manylion",
    text: "Dim ond chi sy’n gallu gweld y rhain. Ni fydd gwasanaeth yn gweld manylyn oni bai eich bod yn ei rannu.",
    add: "Ychwanegu",
    change: "Newid",
    none: "Heb ei ychwanegu",
    typed: (date: string) => `Gwnaethoch deipio hwn ar ${date}`,
    derived: (date: string) => `Wedi’i gyfrifo o’ch manylion eraill ar ${date}`,
    saved: "Wedi’i gadw.",
    savedTold: (services: string) => `Wedi’i gadw. Bydd ${services} yn gweld yr un newydd.`,
    sent: (service: string) => `Bydd ${service} yn gweld yr un newydd.`,
    notTold: (services: string) => `Ni allem ddiweddaru ${services}. Mae’r hen un ganddynt o hyd.`,
    removed: "Wedi’i dynnu o’ch storfa.",
    thrown: "Wedi’i daflu. Ni chadwyd dim byd.",
  },
  edit: {
    receiversTitle: "Pwy fydd yn cael yr un newydd",
    receivers: (services: string) => `Pan fyddwch yn cadw, bydd ${services} yn gweld yr un newydd.`,
    nobody: "Nid oes neb yn gweld hwn nawr. Mae’n aros yn eich storfa.",
    leaveOut: "Ydych chi am adael unrhyw un allan?",
    leaveOutHint: "Ticiwch unrhyw wasanaeth a ddylai gadw’r hyn sydd ganddo nawr.",
    save: "Cadw",
    remove: "Tynnu o’m storfa",
    same: "Dyma sydd yn eich storfa’n barod. Newidiwch ef, neu ewch yn ôl.",
  },
  fields: {
    day: "Diwrnod",
    month: "Mis",
    year: "Blwyddyn",
    dateHint: "Er enghraifft, 31 3 1980",
    line1: "Llinell gyfeiriad 1",
    line2: "Llinell gyfeiriad 2 (dewisol)",
    town: "Tref neu ddinas",
    postcode: "Cod post",
    show: "Dangos",
    hidden: "Wedi’i guddio",
    none: "Dim",
    yes: "Ie",
    no: "Na",
    empty: (label: string) => `Llenwch “${label}”`,
    select: (label: string) => `Dewiswch ateb i “${label}”`,
    tooLong: (label: string) => `Mae “${label}” yn rhy hir`,
    wrong: (label: string) => `Gwiriwch “${label}”. Nid yw’n edrych yn gywir`,
    line1Empty: "Rhowch linell gyntaf y cyfeiriad, er enghraifft rhif eich tŷ a’ch stryd",
    postcodeWrong: "Rhowch god post llawn yn y Deyrnas Unedig, er enghraifft AN1 2AB",
    dateReal: (label: string) => `Rhaid i “${label}” fod yn ddyddiad go iawn`,
    dateIncomplete: (label: string) => `Rhaid i “${label}” gynnwys diwrnod, mis a blwyddyn`,
    number: (label: string) => `Rhaid i “${label}” fod yn rhif cyfan`,
    hints: {
      "contact.email": "Byddwn yn ei ddefnyddio dim ond lle byddwch yn ei rannu",
      "contact.mobile": "Er enghraifft, 07700 900 123",
      "vehicle.registration": "Er enghraifft, AB51 ABC",
      "person.full_name": "Fel y dymunwch i wasanaethau ei ysgrifennu",
    },
    wrongFor: {
      "contact.email": "Rhowch gyfeiriad e-bost yn y fformat cywir, fel enw@example.com",
      "contact.mobile": "Rhowch rif ffôn symudol, fel 07700 900 123 neu +44 7700 900 123",
      "vehicle.registration": "Rhowch rif cofrestru cerbyd, fel AB51 ABC",
    },
  },
  groups: {
    person: "Amdanoch chi",
    contact: "Sut i gysylltu â chi",
    address: "Ble rydych chi’n byw",
    vehicle: "Cerbyd",
    accommodation: "Eich cartref",
    household: "Eich aelwyd",
    account: "Cyfrifon y cyngor",
    disability: "Anabledd",
    health: "Iechyd",
    care: "Gofal",
    benefit: "Budd-daliadau",
    income: "Arian",
    child: "Plant",
    employment: "Gwaith",
    document: "Dogfennau",
  },
  labels: cyLabels,
  and: (names: readonly string[]) => {
    const last = names[names.length - 1] ?? "";
    return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${/^[aeiouyâêîôûŷ]/i.test(last) ? "ac" : "a"} ${last}`;
  },
  troubles: cyTroubles,
};

function lower(label: string): string {
  return /^\p{Lu}\p{Ll}/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

/** In years where it is about whole years. */
export function duration(days: number): string {
  const years = Math.round(days / 365);
  if (days >= 365 && Math.abs(days - years * 365) <= years) return `${years} ${yearsWord(years)}`;
  return `${days} ${days === 2 ? "ddiwrnod" : "diwrnod"}`;
}

function yearsWord(years: number): string {
  if (years === 1) return "flwyddyn";
  if (years === 2) return "flynedd";
  return [3, 4, 6].includes(years) ? "blynedd" : "mlynedd";
}
