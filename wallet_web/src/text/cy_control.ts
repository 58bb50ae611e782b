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
    nameWrong: "Rhowch enw o 100 nod ar y mwyaf",
    goOn: "Parhau",
    valuesText: (name: string) => `Mae gwasanaethau sy’n eich adnabod fel “${name}” yn cael y manylion hyn yn lle eich rhai chi `
      + "eich hun. Bydd yr hyn y mae eich storfa’n ei gyfrifo, fel a ydych dros 18 oed, hefyd yn dod o’r rhain wedyn.",
    lacksText: "Nid yw’r hyn nad yw yma yn cael ei rannu â nhw, oni bai eich bod yn ticio eich manylyn eich hun pan fyddant yn "
      + "gofyn. Gall eich manylion eich hun ddangos pwy ydych chi.",
    lacks: "Dim un yma: nid yw’n cael ei rannu, oni bai eich bod yn ticio eich un chi",
    other: "Ychwanegu rhywbeth arall",
    itself: "Y ffordd hon o gael eich adnabod",
    rename: "Newid beth rydych chi’n ei galw",
    save: "Cadw",
    drop: (name: string) => `Dileu “${name}”`,
    remove: (name: string) => `Tynnu hwn o “${name}”`,
    sees: (name: string) => `Mae gwasanaeth sy’n eich adnabod fel “${name}” yn cael hwn yn lle eich un chi, os rhannwch ef.`,
    stays: "Mae eich cyfeiriad wedi’i ddiogelu. Tra bydd felly, ni fydd unrhyw wasanaeth yn cael hwn.",
    known: (services: string) => `Mae ${services} yn eich adnabod felly. Pan fyddwch yn newid manylyn yma, bydd pwy bynnag `
      + "sy’n gallu ei weld yn cael yr un newydd, oni bai eich bod yn eu gadael allan.",
  },
  knownAs: {
    group: (service: string) => `Sut mae ${service} yn eich adnabod`,
    asMyself: (service: string) => `Mae ${service} yn eich adnabod fel chi eich hun.`,
    as: (service: string, name: string) => `Mae ${service} yn eich adnabod fel “${name}”. Nid yw byth yn gweld yr enw hwnnw.`,
    change: "Newid sut mae’n eich adnabod",
    title: (service: string) => `Newid sut mae ${service} yn eich adnabod`,
    means: "Beth mae hyn yn ei wneud",
    keeps: (service: string) => `Mae ${service} yn cadw’r hyn sydd ganddo dan y ffordd y mae’n eich adnabod nawr. Ni all eich `
      + "storfa gymryd hynny’n ôl.",
    somebody: "Byddwch yn rhywun arall iddo. Ni fydd yr hyn sydd ganddo ar eich cyfer, fel cyfrif neu drwydded, yn dod gyda chi.",
    tells: "Os byddwch yn rhoi manylyn iddo sydd ganddo’n barod, gall ddweud mai’r un person ydych chi.",
    endsNothing: "Nid yw’n gweld dim o’ch manylion nawr, felly nid oes dim yn dod i ben.",
    ends: "Mae’r hyn rydych yn ei rannu ag ef nawr yn dod i ben:",
    signIn: "Pan fyddwch yn mewngofnodi",
    signInEnds: "Mae’n gwybod mai chi sydd yno eto",
    legend: (service: string) => `Sut ddylai ${service} eich adnabod o hyn ymlaen?`,
    met: "Mae wedi eich adnabod felly o’r blaen, a bydd yn eich adnabod eto.",
    unmet: "Nid yw erioed wedi eich adnabod felly: rydych yn berson newydd iddo.",
    together: (services: string) => `Mae ${services} yn eich adnabod felly hefyd, a byddant i gyd yn gwybod `
      + "mai’r un person ydych chi.",
    same: (labels: string) => `Mae ganddo’r un peth gennych chi’n barod: ${labels}. Os byddwch yn rhannu hyn eto, gall ddweud `
      + "mai’r un person ydych chi.",
    confirm: "Ei newid",
    confirmEnding: "Stopio rhannu a’i newid",
    leave: "Ei adael fel y mae",
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
