/** Every word of the screens in activity.ts, in Welsh. */
import type { ActivityText } from "./activity.ts";
import { dayOf, timeOf } from "./cy.ts";

export const cyActivity: ActivityText = {
  title: "Beth sydd wedi digwydd i’ch manylion",
  text: "Mae manylion yn cael eu henwi yma. Nid yw’r hyn y maent yn ei ddweud i’w weld.",
  show: "Dangos beth sydd wedi digwydd",
  dayOf,
  timeOf,
  event: {
    shared: (service: string) => `Gwnaethoch rannu manylion gyda ${service}`,
    signedIn: (service: string) => `Gwnaethoch fewngofnodi i wasanaeth ${service}`,
    read: (service: string) => `Edrychodd ${service} ar eich manylion`,
    unchanged: (service: string) => `Edrychodd ${service} am newidiadau. Nid oedd rhai`,
    published: (service: string) => `Rhoddodd eich storfa fanylion mwy newydd i wasanaeth ${service}`,
    paused: (service: string) => `Gwnaethoch oedi rhannu gyda ${service}`,
    resumed: (service: string) => `Gwnaethoch ailddechrau rhannu gyda ${service}`,
    revoked: (service: string) => `Gwnaethoch stopio rhannu gyda ${service}`,
    replaced: (service: string) => `Cymerodd ateb mwy newydd i wasanaeth ${service} le un hŷn`,
    expired: (service: string) => `Ni all ${service} edrych mwyach: mae’r amser a roddwyd gennych ar ben`,
    finished: (service: string) => `Ni all ${service} edrych mwyach: gallai edrych unwaith`,
    relinquished: (service: string) => `Stopiodd ${service} edrych ohono’i hun`,
    refused: (service: string) => `Gwnaethoch wrthod rhannu gyda ${service}`,
    kept: (service: string) => `Gwnaethoch gadw’r hyn a gynigiodd ${service}`,
    thrown: (service: string) => `Gwnaethoch daflu’r hyn a gynigiodd ${service}`,
  },
  signInEnded: (service: string) => `Gwnaethoch stopio mewngofnodi i wasanaeth ${service}`,
  at: (place: string) => `Gofynnwyd yma: ${place}.`,
  picked: (moment: string) => `Fe’u casglwyd ar ${moment}.`,
  unpicked: "Nid ydynt wedi edrych ers hynny.",
  notMe: "Nid fi oedd hwn",
  notMeOf: (sentence: string, time: string) => `${sentence}, ${time}`,
  nothing: "Nid oes dim wedi digwydd eto. Pan fyddwch yn rhannu manylion neu’n mewngofnodi i wasanaeth, byddwch yn ei weld yma.",
  filter: { label: "Pa wasanaeth?", all: "Pob gwasanaeth", show: "Dangos" },
  shown: (shown: number, all: number) => `Yn dangos ${shown} o ${all}.`,
  older: "Dangos rhai hŷn",
  good: (count: number) => `Mae’r ddyfais hon wedi gwirio ${count === 1 ? "cofnod 1 ateb" : `cofnodion ${count} ateb`} `
    + "a roddwyd gennych i wasanaethau, o’r dechrau. "
    + "Nid oes bwlch ynddynt, ac mae pob edrychiad wedi’i brofi gan bwy bynnag a edrychodd.",
  unchecked: (services: string) => `Ni allem wirio cofnod ${services} nawr.`,
  again: "Rhoi cynnig arall arni",
  faultTitle: "Mae cofnod nad yw’n gywir",
  faultText: "Dywedwch wrth y cyngor. Dim ond yr hyn y mae eich storfa ei hun yn ei gofio sydd isod am y gwasanaethau hyn.",
  fault: (service: string, what: string, rule: string) => `${service}: ${what} (${rule})`,
  planted: (service: string) => `Mae’r gweinydd yn rhestru mynediad ar gyfer ${service} na wnaethoch ei roi. `
    + "Ni all agor eich manylion. Dywedwch wrth y cyngor.",
  rules: {
    "missing": "nid oes gan wasanaeth y storfa gofnod o’r hyn a ddigwyddodd",
    "revived": "gwnaethoch ddod â hyn i ben, ac mae gwasanaeth y storfa yn dal i’w restru fel un agored",
    "log/malformed": "ni ellir darllen un o’r cofnodion",
    "log/gap": "mae cofnodion ar goll",
    "log/chain": "nid hwn yw’r cofnod a welodd eich storfa o’r blaen, neu mae cofnodion wedi’u newid",
    "log/time": "mae amserau ei gofnodion yn mynd yn ôl",
    "log/head": "nid yw’n gorffen lle mae gwasanaeth y storfa yn dweud ei fod yn gorffen",
    "log/rolled-back": "mae’n fyrrach na phan wnaeth eich storfa ei wirio ddiwethaf",
    "log/record": "nid yw’n dechrau gyda’r ateb a lofnodwyd gennych",
    "log/proof": "mae edrychiad nad yw wedi’i brofi gan bwy bynnag a edrychodd",
    "log/key": "edrychodd rhywun ag allwedd nad yw’n perthyn i’r gwasanaeth",
    "log/end": "nid yw’n dweud sut y daeth hyn i ben, neu mae’n dweud rhywbeth na wnaethoch ei lofnodi",
    "log/after-end": "edrychodd rhywun ar ôl i hyn ddod i ben",
    "log/pause": "nid yw’n cytuno â phryd y gwnaethoch oedi ac ailddechrau rhannu",
  },
  otherRule: "mae’n torri un o’r rheolau ar gyfer cofnod o’r fath",
  copyTitle: "Cadw copi",
  copy: "Mae’r hyn sydd wedi’i restru yma yn y ffeil, y pethau hŷn hefyd, a phob cofnod ohono gyda’i brofion, i rywun arall eu "
    + "gwirio. Nid yw’r hyn y mae eich manylion yn ei ddweud ynddi. Cyn ei chadw byddwch yn dangos eto mai chi sydd yno.",
  copyAll: "Copi o bob gwasanaeth fyddai hwn. Gall pwy bynnag sy’n ei ddarllen weld pa wasanaethau sy’n eich adnabod, ac fel pwy. "
    + "Lle maent yn eich adnabod mewn ffyrdd gwahanol, mae’n dangos mai un person ydych chi. "
    + "Os yw ar gyfer un gwasanaeth, dewiswch y gwasanaeth hwnnw uchod yn gyntaf.",
  copyLinked: (service: string) => `Mae ${service} wedi eich adnabod fel mwy nag un person. Gall pwy bynnag sy’n darllen y copi `
    + "hwn weld mai chi yw pob un ohonynt.",
  saveAll: "Cadw ffeil o bob gwasanaeth",
  saveOf: (service: string) => `Cadw ffeil o ${service} yn unig`,
  savedAll: "Wedi’i chadw. Gall unrhyw un sydd â’r ffeil weld pa wasanaethau sy’n eich adnabod, ac fel pwy.",
  savedOf: (service: string) => "Wedi’i chadw. Gall unrhyw un sydd â’r ffeil weld beth sydd wedi digwydd rhyngoch "
    + `chi a ${service}. Nid oes unrhyw wasanaeth arall ynddi.`,
  notMePage: {
    title: (service: string) => `Nid chi a rannodd gyda ${service}?`,
    signInTitle: (service: string) => `Nid chi a fewngofnododd i wasanaeth ${service}?`,
    live: "Yna efallai fod rhywun arall wedi defnyddio eich storfa. Rydym yn ei stopio nawr, fel na allant edrych mwyach. "
      + "Cânt gadw’r hyn y maent wedi’i ddarllen yn barod. Ar ôl hynny byddwch yn gweld ble rydych wedi mewngofnodi.",
    signInLive: "Yna efallai fod rhywun arall wedi defnyddio eich storfa. Rydym yn ei stopio nawr. "
      + "Ar ôl hynny byddwch yn gweld ble rydych wedi mewngofnodi.",
    over: "Yna efallai fod rhywun arall wedi defnyddio eich storfa. Mae hyn wedi dod i ben yn barod. "
      + "Gallwch weld ble rydych wedi mewngofnodi, a dod â hynny i ben.",
    replaced: "Yna efallai fod rhywun arall wedi defnyddio eich storfa. Mae ateb mwy newydd wedi cymryd lle’r un hwn, ac mae "
      + "hwnnw’n parhau. Nesaf byddwch yn gweld yr hyn y gallant edrych arno drwyddo, a gallwch stopio hynny hefyd. "
      + "Byddwch hefyd yn gweld ble rydych wedi mewngofnodi.",
    confirm: "Nid fi oedd hwn. Stopio hyn",
    confirmOver: "Nid fi oedd hwn",
    keep: "Fi oedd hwn. Mynd yn ôl",
    doneTitle: (service: string) => `Ni all ${service} weld eich manylion mwyach`,
    signInDoneTitle: (service: string) => `Mae’r mewngofnodi hwnnw i wasanaeth ${service} wedi dod i ben`,
    endedTitle: "Mae hyn wedi dod i ben",
    still: (service: string) => `Mae ${service} yn dal i allu gweld`,
    newer: "Yr ateb mwy newydd sy’n dod gyntaf. Cymerodd le’r un nad chi a’i rhoddodd.",
    signIn: "Mewngofnodi",
    itIsYou: "Dim ond mai chi sydd yno eto",
    stop: "Stopio hyn hefyd",
    next: "Gwnewch y rhain nesaf",
    sessions: "Gweld ble rydych wedi mewngofnodi, a dod â’r hyn nad ydych yn ei adnabod i ben",
    ways: "Gwirio’r ffyrdd o ddatgloi eich storfa",
    who: "Gweld pwy all weld eich manylion nawr",
    tell: (service: string) => `Gallwch hefyd ddweud wrth ${service} mai rhywun arall oedd yno.`,
  },
  late: {
    title: (service: string) => `Anfon eich manylion newydd at ${service}?`,
    text: "Gwnaethoch eu gadael allan pan wnaethoch newid hyn. Maent yn dal i weld yr hyn a oedd gennych o’r blaen:",
    then: "Byddant yn gweld yr un newydd pan fyddant yn edrych nesaf, a phob newid ar ôl hynny. "
      + "Cânt gadw’r hyn y maent wedi’i ddarllen yn barod.",
    confirm: "Anfon yr un newydd",
    keep: "Ei adael fel y mae",
  },
};
