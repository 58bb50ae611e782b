/** Every word of the screens in control.ts, in English. */

interface Words {
  readonly title: string; readonly text: string; readonly short: string; readonly options: Readonly<Record<string, string>>;
}

const onOff = { on: "On", off: "Off" };
const trust = {
  none: "Ask me as usual", trusted: "Trust: one tap for what I agreed to before",
  ask: "Always ask me about every detail", blocked: "Block: share nothing",
};

const switches: Readonly<Record<string, Words>> = {
  protection: { title: "Protect your address", short: "Address protection", options: onOff,
    text: "While this is on, no service gets your address, your postcode, where you lived, your landlord or a child’s school. "
      + "Services only see that you did not give it. Nobody is told that this is on." },
  quiet: { title: "Quiet mode", short: "Quiet mode", options: onOff,
    text: "Your home page shows nothing until you ask, the browser tab says nothing, your vault locks after 5 minutes, "
      + "and every page has a way out." },
  alike: { title: "What you do not share", short: "What you do not share looks as if you do not have it", options: onOff,
    text: "When you leave out a detail, services can see that you chose to. "
      + "With this on, it looks as if your vault does not have it." },
};

const names: Readonly<Record<string, Words>> = {
  "person.birth_name": { title: "Keep your name at birth to yourself", short: "Name at birth kept to yourself", options: onOff,
    text: "While this is on, no service gets your name at birth, whatever it asks." },
  "person.previous_names": { title: "Keep other names you have used to yourself",
    short: "Other names you have used kept to yourself", options: onOff,
    text: "While this is on, no service gets a name that you used before, whatever it asks." },
};

export const enControl = {
  title: "Your choices",
  text: "What you decide here holds for every request. Nothing is ever shared without your tap.",
  safety: "Privacy and safety",
  services: "Services",
  authorities: "Who runs services",
  details: "Your details",
  noServices: "Services that you have met are listed here.",
  noDetails: "Details that you add are listed here.",
  change: "Change",
  of: (name: string) => `for ${name}`,
  saved: "Your choice is saved.",
  protected: "Your address is protected.",
  save: "Save",
  switches,
  names,
  service: { title: (name: string) => `Your choice for ${name}`,
    text: "Where you chose for a service and for who runs it, the stricter choice counts.",
    options: trust },
  rule: { title: (name: string) => `Sharing your detail: ${name}`, text: "This counts for every service.",
    options: { none: "As I choose for each service", ask: "Always ask me",
      never: "Never share it", only: "Share it only with services that I name" } },
  named: { legend: "Which services?", missing: "Choose at least one service" },
  differ: (count: number) => (count === 1 ? "This would have stopped sharing in 1 answer of the last 90 days."
    : `This would have stopped sharing in ${count} answers of the last 90 days.`),
  words: { ...onOff, none: "As usual", trusted: "Trusted", ask: "Always ask", blocked: "Blocked", never: "Never share",
    only: "Only services you named" } as Readonly<Record<string, string>>,
  personas: {
    group: "Other ways to be known",
    groupText: "A service that you meet can know you by other details: another name, or an email address for work. Services that "
      + "know you in different ways cannot tell that you are one person.",
    none: "You have none.",
    nobody: "No service knows you so",
    add: "Add another way to be known",
    title: "Another way to be known",
    name: "What you call it",
    nameHint: "For example, Work. No service sees this.",
    nameWrong: "Enter a name of at most 100 characters",
    goOn: "Continue",
    valuesText: (name: string) => `Services that know you as “${name}” get these details in place of your own. What your vault `
      + "works out, such as whether you are over 18, then comes from these too.",
    lacksText: "What is not here is not shared with them, unless you tick your own detail when they ask. "
      + "Your own details can show who you are.",
    lacks: "None here: not shared, unless you tick your own",
    other: "Add something else",
    itself: "This way to be known",
    rename: "Change what you call it",
    save: "Save",
    drop: (name: string) => `Delete “${name}”`,
    remove: (name: string) => `Remove this from “${name}”`,
    sees: (name: string) => `A service that knows you as “${name}” gets this in place of your own, if you share it.`,
    stays: "Your address is protected. While it is, no service gets this.",
    known: (services: string) => `${services} knows you so. When you change a detail here, whoever can see it gets the new one, `
      + "unless you leave them out.",
  },
  knownAs: {
    group: (service: string) => `How ${service} knows you`,
    asMyself: (service: string) => `${service} knows you as yourself.`,
    as: (service: string, name: string) => `${service} knows you as “${name}”. It never sees that name.`,
    change: "Change how it knows you",
    title: (service: string) => `Change how ${service} knows you`,
    means: "What this does",
    keeps: (service: string) => `${service} keeps what it has under the way it knows you now. Your vault cannot take that back.`,
    somebody: "You will be somebody else to it. What it holds for you, such as an account or a permit, does not come with you.",
    tells: "If you give it a detail that it has already, it can tell that you are the same person.",
    endsNothing: "It does not see any of your details now, so nothing ends.",
    ends: "What you share with it now ends:",
    signIn: "When you sign in",
    signInEnds: "It knows that it is you again",
    legend: (service: string) => `How should ${service} know you from now on?`,
    met: "It has known you so before, and will recognise you.",
    unmet: "It has never known you so: you are a new person to it.",
    together: (services: string) => `${services} knows you so too: all of them will know that you are the same person.`,
    same: (labels: string) => `It has the same from you already: ${labels}. If you share this again, it can tell that you are the `
      + "same person.",
    confirm: "Change it",
    confirmEnding: "Stop sharing and change it",
    leave: "Leave it as it is",
  },
  protect: {
    who: "Who can see it now",
    nobody: "Nobody can see your address now.",
    whoText: "Decide for each of them. Your vault cannot take back what they have read already.",
    sees: (what: string) => `They see: ${what}`,
    cut: "Stop sharing everything with them",
    replace: "Keep sharing, without these details",
    keep: "Keep sharing as it is. They will not get a new address",
    missing: (service: string) => `Choose what happens with ${service}`,
    turnOn: "Protect my address",
  },
};
