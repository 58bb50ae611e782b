/** Every word that a person reads, in English. Another language is an object of the type `Text`. */
import { enTroubles } from "./en_troubles.ts";

const timeZone = "Europe/London";
const long = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", hour12: true, timeZone });

/** A day of a moment, and its time. */
export const dayOf = (time: number): string => long.format(new Date(time * 1000));
export const timeOf = (time: number): string => clock.format(new Date(time * 1000)).replace(" ", "");

const day = (date: string): string => long.format(new Date(`${date}T12:00:00Z`));
const details = (count: number): string => (count === 1 ? "1 detail" : `${count} details`);

export const en = {
  language: "en",
  day,
  moment: (time: number) => `${dayOf(time)} at ${timeOf(time)}`,
  page: {
    title: (authority: string) => `Your vault – ${authority}`,
    skip: "Skip to main content",
    menu: "Menu",
    language: "Language",
    home: "Home",
    details: "Your details",
    who: "Who can see my details",
    preferences: "Your choices",
    lock: "Lock vault",
    exit: "Exit this page",
    quietTitle: "Home",
    working: "Working…",
    back: "Back",
    cancel: "Cancel",
    help: "You do not need a vault to use council services. You can always apply by phone or at a counter.",
  },
  problem: { goOn: "Go on without keeping anything" },
  offline: {
    title: "You are offline",
    text: "Nothing that you typed is lost. We will carry on when you are connected again.",
  },
  unkept: {
    title: "This browser keeps nothing",
    text: "Your vault locks after 5 minutes, or when this page is closed or loaded again. If a service sent you here, "
      + "go back to it after that and press its button again.",
  },
  idle: {
    title: "Your vault is about to lock",
    text: "You have not used it for a while. It locks in one minute to keep your details safe.",
    stay: "Stay unlocked",
  },
  counter: {
    title: "You scanned a code at a desk",
    text: "Unlock your vault to go on. The code waits for 5 minutes.",
  },
  errors: { title: "There is a problem", label: "Error:", important: "Important", success: "Success" },
  asker: {
    sentence: (service: string, authority: string) => `${service}, run by ${authority}, has asked for some of your details.`,
    signIn: (service: string, authority: string) => `${service}, run by ${authority}, has asked who you are.`,
    next: "You will see exactly what it asks for, and why, before you decide.",
    without: (service: string) => `Go back to ${service} without sharing`,
  },
  start: {
    title: "Create your vault",
    what: "Keep your details in one place. When a service asks for them, you decide.",
    sealed: "Your details are locked on this device before they are stored. The council cannot open them.",
    passkey: "You unlock it with a passkey: the fingerprint, face or PIN that unlocks this device. No password.",
    shared: "This is a shared computer",
    sharedHint: "For example in a library. Your vault locks after 5 minutes, or when this page is closed "
      + "or loaded again, and leaves nothing behind.",
    create: "Create a vault with a passkey",
    phrase: "Create a vault with a passphrase",
    noPasskeys: "This browser has no passkeys, so you unlock your vault with a passphrase: "
      + "words that you write down.",
    have: "I already have a vault",
  },
  locked: {
    title: "Unlock your vault",
    text: "Use the passkey or passphrase that you made for your vault.",
    idle: "Your vault locked because it was not used for a while. Nothing you saved is lost.",
    tab: "Your vault was locked in another tab.",
    done: "Your vault is locked.",
    other: "Your vault is locked. Unlock the other one to answer.",
    session: "You need to unlock your vault again to carry on.",
    unlock: "Unlock with a passkey",
    phrase: "Unlock with a passphrase",
    code: "Lost your passkey or passphrase? Use your recovery code",
    create: "Create a new vault",
    waiting: "Follow the steps that your device shows you.",
  },
  code: {
    title: "Save your recovery code",
    why: "If you lose your device or passkey, this code is the only way back to your details. "
      + "The council cannot open your vault for you.",
    required: (service: string) => `${service} asks to see your details for longer than once. `
      + "Before that, we need to know that you will not lose your vault.",
    label: "Your recovery code",
    store: "Print it or save it, then keep it somewhere safe and private. Anyone who has this code can open your vault.",
    inactive: "The code works only after the next step, where you type part of it.",
    print: "Print",
    save: "Save as a file",
    next: "I have saved it",
    later: "Do this later",
    file: "recovery-code.txt",
    makeTitle: "Save a recovery code first",
    make: "Show my recovery code",
    makeText: "We will ask for your passkey, then show you a code to print or save.",
    makeTextPhrase: "We will ask for your passphrase, then show you a code to print or save.",
  },
  confirm: {
    title: "Check your recovery code",
    text: "Look at the copy that you printed, saved or wrote down. Type these two of its 9 parts.",
    part: (n: number) => `Part ${n} of your code`,
    hint: (n: number) => `4 letters or numbers, next to the small ${n} on your copy`,
    wrong: (n: number) => `Part ${n} does not match your code. Check your copy`,
    submit: "Confirm my code",
    again: "Show the code again",
    done: "Your recovery code is saved and works.",
  },
  home: {
    title: "Your vault",
    waitingTitle: "Waiting for your answer",
    waiting: (service: string) => `${service} has asked for some of your details.`,
    answer: "See what it asks",
    remindTitle: "Save your recovery code",
    remind: "Without it, you lose your details if you lose this device or your passkey.",
    remindButton: "Save my recovery code",
    show: "Show what is in your vault",
    offersTitle: "Offered to you",
    offers: (count: number) => (count === 1 ? "A service offers you details to keep, so that you do not type them again."
      : `Services offer you details to keep, ${count} times, so that you do not type them again.`),
    offersButton: "See what is offered",
    nowTitle: "Who can see your details now",
    paused: "You have paused all sharing.",
    resume: "Resume sharing",
    nobody: "Nobody can see your details. When a service asks, you decide here.",
    sees: "Sees",
    knows: "Knows you when you sign in. Sees no details.",
    until: "Until",
    stop: "Stop",
    stopFor: (service: string) => `sharing with ${service}`,
    all: "Who can see my details",
    activity: "What has happened with your details",
    detailsTitle: "Your details",
    detailsText: "See, add or change what your vault holds.",
    detailsLink: "See and change your details",
    counterTitle: "At a counter",
    code: "Use a code that a desk shows you",
    counter: "You do not need a vault to use a service. You can always ask at a counter or by phone.",
    waysTitle: "Ways to unlock your vault",
    ways: "Passkeys, passphrase and recovery code",
    passkeyAdded: "Your new passkey is ready. Use it the next time you unlock your vault.",
    phraseAdded: "Your passphrase is ready. Use it with your vault’s name.",
    once: "They can look once",
    go: "Go to your vault",
  },
  asked: {
    title: (service: string) => `${service} asks for your details`,
    who: "Who is asking",
    service: "Service",
    runBy: "Run by",
    registered: "These names come from the council’s signed register, not from the service itself.",
    sandbox: "This is a test service. Do not share real details with it.",
    why: "Why",
    law: "Law",
    basis: {
      consent: "Only if you agree. You can change your mind later.",
      contract: "The service needs this to provide what you asked for.",
      legal_obligation: "This is required by law.",
      vital_interests: "This protects someone’s life.",
      public_task: "The council needs this to do what you asked.",
      legitimate_interests: "The service says that it has a fair reason. You can object.",
    },
    what: "What they will see",
    missing: "What you type here is kept in your vault, so that you do not type it again.",
    optionalTitle: "They would also like",
    optionalHint: "You do not have to share these. Tick what you want to share.",
    change: "Change",
    changeFor: (label: string) => label.toLowerCase(),
    undo: "Keep the one in my vault",
    which: (label: string) => `${label}: which one?`,
    once: "Use what I type here once. Do not keep it in my vault.",
    others: (services: string) => `${services} will get the new one too, unless you use it once.`,
    howLong: "How long",
    onceOnly: "They can look once.",
    untilChoice: "How long can they look?",
    until: (date: string) => `Until ${date}`,
    shortest: "the shortest time that is useful",
    asLong: "as long as they asked for",
    fixed: (date: string) => `They can look until ${date}. If you change a detail, they see the new one. `
      + "You can stop this at any time.",
    standing: "If you change a detail, they see the new one. You can stop this at any time.",
    keeps: (days: number) => (days === 0 ? "They do not keep a copy." : `They may keep what they read for ${duration(days)}.`),
    sector: "Some services know you as the same person: this one shares its records with others run by the same authority.",
    ifNo: "If you say no",
    before: (date: string) => `You said no on ${date}.`,
    share: (count: number, service: string) => (count === 0 ? `Go on with ${service} and share nothing`
      : `Share ${details(count)} with ${service}`),
    refuse: "Do not share",
    goBack: (service: string) => `Go back to ${service}`,
    recoveryFirst: "Before you share for longer than once, you save a recovery code. That is the next step. "
      + "What you typed stays here.",
    expiring: (minutes: number) => `You have ${minutes === 1 ? "1 minute" : `${minutes} minutes`} left to answer.`,
    more: "Give me more time",
  },
  signIn: {
    title: (service: string) => `Sign in to ${service}`,
    first: "They will know you only by a code made for them. "
      + "They see none of your details, and other services know you by another code.",
    again: "They know you from before. They see none of your details.",
    button: (service: string) => `Sign in to ${service}`,
    refuse: "Do not sign in",
  },
  shared: {
    title: (count: number, service: string) => (count === 0 ? `You shared nothing with ${service}`
      : `You shared ${details(count)} with ${service}`),
    signedIn: (service: string) => `You are signed in to ${service}`,
    what: "What you shared",
    until: "They can look until",
    once: "They can look once.",
    stop: "To stop, go to ‘Who can see my details’ in your vault.",
    moving: (service: string) => `We are taking you back to ${service}.`,
    go: (service: string) => `Continue to ${service} now`,
    refused: (service: string) => `You did not share anything. We are taking you back to ${service}.`,
  },
  details: {
    title: "Your details",
    text: "Only you can see these. A service sees a detail only if you share it.",
    add: "Add",
    change: "Change",
    none: "Not added",
    typed: (date: string) => `You typed this on ${date}`,
    derived: (date: string) => `Worked out from your other details on ${date}`,
    saved: "Saved.",
    savedTold: (services: string) => `Saved. ${services} will see the new one.`,
    sent: (service: string) => `${service} will see the new one.`,
    notTold: (services: string) => `We could not update ${services}. They still have the old one.`,
    removed: "Removed from your vault.",
    thrown: "Thrown away. Nothing was kept.",
  },
  edit: {
    receiversTitle: "Who will get the new one",
    receivers: (services: string) => `When you save, ${services} will see the new one.`,
    nobody: "Nobody sees this now. It stays in your vault.",
    leaveOut: "Do you want to leave anyone out?",
    leaveOutHint: "Tick any service that should keep what it has now.",
    save: "Save",
    remove: "Remove from my vault",
    same: "This is what your vault has already. Change it, or go back.",
  },
  fields: {
    day: "Day",
    month: "Month",
    year: "Year",
    dateHint: "For example, 31 3 1980",
    line1: "Address line 1",
    line2: "Address line 2 (optional)",
    town: "Town or city",
    postcode: "Postcode",
    show: "Show",
    hidden: "Hidden",
    none: "None",
    yes: "Yes",
    no: "No",
    empty: (label: string) => `Enter your ${lower(label)}`,
    select: (label: string) => `Select your ${lower(label)}`,
    tooLong: (label: string) => `${label} is too long`,
    wrong: (label: string) => `Check your ${lower(label)}. It does not look right`,
    line1Empty: "Enter address line 1, for example your house number and street",
    postcodeWrong: "Enter a full UK postcode, for example AN1 2AB",
    dateReal: (label: string) => `${label} must be a real date`,
    dateIncomplete: (label: string) => `${label} must include a day, month and year`,
    number: (label: string) => `${label} must be a whole number`,
    hints: words({
      "contact.email": "We use it only where you share it",
      "contact.mobile": "For example, 07700 900 123",
      "vehicle.registration": "For example, AB51 ABC",
      "person.full_name": "As you want services to write it",
    }),
    wrongFor: words({
      "contact.email": "Enter an email address in the correct format, like name@example.com",
      "contact.mobile": "Enter a mobile phone number, like 07700 900 123 or +44 7700 900 123",
      "vehicle.registration": "Enter a vehicle registration number, like AB51 ABC",
    }),
  },
  groups: words({
    person: "About you",
    contact: "How to reach you",
    address: "Where you live",
    vehicle: "Vehicle",
    accommodation: "Your home",
    household: "Your household",
    account: "Council accounts",
    disability: "Disability",
    health: "Health",
    care: "Care",
    benefit: "Benefits",
    income: "Money",
    child: "Children",
    employment: "Work",
    document: "Documents",
  }),
  labels: {} as Readonly<Record<string, string>>,
  and: (names: readonly string[]) => (names.length < 2 ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1] ?? ""}`),
  troubles: enTroubles,
};

function lower(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

/** In years where it is about whole years. */
export function duration(days: number): string {
  const years = Math.round(days / 365);
  if (days >= 365 && Math.abs(days - years * 365) <= years) return years === 1 ? "1 year" : `${years} years`;
  return days === 1 ? "1 day" : `${days} days`;
}

/** Words for some of many keys. */
function words(table: Record<string, string>): Readonly<Record<string, string>> {
  return table;
}
