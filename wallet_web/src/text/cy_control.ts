/** Every word of the screens in control.ts, in Welsh. */
import type { ControlText } from "./control.ts";

const onOff = { on: "Ymlaen", off: "I ffwrdd" };
const trust = {
  none: "Gofyn i mi fel arfer", trusted: "Ymddiried: un tap ar gyfer yr hyn y cytunais iddo o’r blaen",
  ask: "Gofyn i mi bob amser am bob manylyn", blocked: "Blocio: rhannu dim byd",
};

export const cyControl: ControlText = {
  title: "Eich dewisiadau",
  text: "Mae’r hyn rydych yn ei benderfynu yma yn cyfrif ar gyfer pob cais. Ni fydd dim byd byth yn cael ei rannu heb i chi dapio.",
  safety: "Preifatrwydd a diogelwch",
  services: "Gwasanaethau",
  authorities: "Pwy sy’n rhedeg gwasanaethau",
  details: "Eich manylion",
  noServices: "Bydd gwasanaethau rydych wedi dod ar eu traws yn cael eu rhestru yma.",
  noDetails: "Bydd manylion y byddwch yn eu hychwanegu yn cael eu rhestru yma.",
  change: "Newid",
  of: (name: string) => `ar gyfer ${name}`,
  saved: "Mae eich dewis wedi’i gadw.",
  protected: "Mae eich cyfeiriad wedi’i ddiogelu.",
  save: "Cadw",
  switches: {
    protection: { title: "Diogelu eich cyfeiriad", short: "Diogelu cyfeiriad", options: onOff,
      text: "Tra bydd hyn ymlaen, ni fydd unrhyw wasanaeth yn cael eich cyfeiriad, eich cod post, ble’r oeddech yn byw, eich "
        + "landlord nac ysgol plentyn. Bydd gwasanaethau’n gweld dim ond na wnaethoch ei roi. Ni fydd neb yn cael gwybod bod hyn "
        + "ymlaen." },
    quiet: { title: "Modd tawel", short: "Modd tawel", options: onOff,
      text: "Ni fydd eich hafan yn dangos dim byd nes i chi ofyn, ni fydd tab y porwr yn dweud dim byd, bydd eich storfa’n cloi ar "
        + "ôl 5 munud, a bydd ffordd allan ar bob tudalen." },
    alike: { title: "Yr hyn nad ydych yn ei rannu", short: "Mae’r hyn nad ydych yn ei rannu yn edrych fel pe na bai gennych",
      options: onOff,
      text: "Pan fyddwch yn gadael manylyn allan, gall gwasanaethau weld mai chi ddewisodd hynny. "
        + "Gyda hyn ymlaen, bydd yn edrych fel pe na bai yn eich storfa." },
  },
  names: {
    "person.birth_name": { title: "Cadw eich enw adeg geni i chi’ch hun",
      short: "Cadw’r enw adeg geni i chi’ch hun", options: onOff,
      text: "Tra bydd hyn ymlaen, ni fydd unrhyw wasanaeth yn cael eich enw adeg geni, beth bynnag y mae’n gofyn amdano." },
    "person.previous_names": { title: "Cadw enwau eraill rydych wedi’u defnyddio i chi’ch hun",
      short: "Cadw enwau eraill rydych wedi’u defnyddio i chi’ch hun", options: onOff,
      text: "Tra bydd hyn ymlaen, ni fydd unrhyw wasanaeth yn cael enw y gwnaethoch ei ddefnyddio o’r blaen, beth bynnag y mae’n "
        + "gofyn amdano." },
  },
  service: { title: (name: string) => `Eich dewis ar gyfer ${name}`,
    text: "Lle rydych wedi dewis ar gyfer gwasanaeth ac ar gyfer pwy sy’n ei redeg, y dewis llymaf sy’n cyfrif.",
    options: trust },
  rule: { title: (name: string) => `Rhannu eich manylyn: ${name}`, text: "Mae hyn yn cyfrif ar gyfer pob gwasanaeth.",
    options: { none: "Fel rwy’n dewis ar gyfer pob gwasanaeth", ask: "Gofyn i mi bob amser",
      never: "Peidio byth â’i rannu", only: "Ei rannu dim ond â gwasanaethau rwy’n eu henwi" } },
  named: { legend: "Pa wasanaethau?", missing: "Dewiswch o leiaf un gwasanaeth" },
  differ: (count: number) => `Byddai hyn wedi stopio rhannu mewn ${count} ateb yn y 90 diwrnod diwethaf.`,
  words: { ...onOff, none: "Fel arfer", trusted: "Yn ymddiried", ask: "Gofyn bob amser", blocked: "Wedi’i flocio",
    never: "Peidio byth â rhannu", only: "Dim ond gwasanaethau a enwoch" },
  personas: {
    group: "Ffyrdd eraill o gael eich adnabod",
    groupText: "Gall gwasanaeth rydych yn dod ar ei draws eich adnabod drwy fanylion eraill: enw arall, neu gyfeiriad e-bost ar "
      + "gyfer gwaith. Ni all gwasanaethau sy’n eich adnabod mewn ffyrdd gwahanol ddweud mai un person ydych chi.",
    none: "Nid oes gennych rai.",
    nobody: "Nid oes unrhyw wasanaeth yn eich adnabod felly",
    add: "Ychwanegu ffordd arall o gael eich adnabod",
    title: "Ffordd arall o gael eich adnabod",
    name: "Beth rydych chi’n ei galw",
    nameHint: "Er enghraifft, Gwaith. Nid oes unrhyw wasanaeth yn gweld hyn.",
    valuesText: "Llenwch yr hyn sydd i fod yn wahanol yn unig. Gadewch y lleill yn wag.",
    save: "Cadw",
    drop: "Dileu hon",
    known: (services: string) => `Mae ${services} yn eich adnabod felly. Bydd yr hyn rydych yn ei newid yma yn mynd i `
      + "wasanaethau o’ch ateb nesaf ymlaen.",
    wrong: { "name": "Rhowch enw", "person.full_name": "Rhowch enw o 200 nod ar y mwyaf",
      "contact.email": "Rhowch gyfeiriad e-bost yn y fformat cywir, fel enw@example.com",
      "contact.mobile": "Rhowch rif ffôn, fel 07700 900 982" },
  },
  protect: {
    who: "Pwy all ei weld nawr",
    nobody: "Ni all neb weld eich cyfeiriad nawr.",
    whoText: "Penderfynwch ar gyfer pob un ohonynt. Ni all eich storfa gymryd yn ôl yr hyn y maent wedi’i ddarllen yn barod.",
    sees: (what: string) => `Maent yn gweld: ${what}`,
    cut: "Stopio rhannu popeth â nhw",
    replace: "Dal i rannu, heb y manylion hyn",
    keep: "Dal i rannu fel y mae. Ni fyddant yn cael cyfeiriad newydd",
    missing: (service: string) => `Dewiswch beth fydd yn digwydd gyda ${service}`,
    turnOn: "Diogelu fy nghyfeiriad",
  },
};
