/** Every word of the screens at a counter, in English. */

const details = (count: number): string => (count === 1 ? "1 detail" : `${count} details`);

export const enCounter = {
  find: {
    title: "At a counter",
    text: "The screen at the desk shows a picture and a code. Use either.",
    scan: "Scan the picture",
    label: "Or type the code",
    hint: "8 letters and numbers, for example 7KQM-2XHR",
    submit: "Continue",
    empty: "Enter the code that the desk’s screen shows",
    wrong: "The code must have 8 letters and numbers. Check it against the desk’s screen",
    elsewhere: "This is not a code of your vault’s own desks. Do not use it, and tell the staff",
    unknown: "No desk shows this code now. Check it against the desk’s screen, or ask for a new one",
  },
  scan: {
    title: "Point your camera at the picture",
    text: "Hold your phone so that the whole picture is in the frame.",
    camera: "What your camera sees",
    starting: "Starting your camera…",
    looking: "Looking for the picture…",
    type: "Type the code instead",
    refusedTitle: "Your camera cannot be used here",
    elsewhere: "That picture is not from one of your vault’s own desks. We did not open it. "
      + "If it is where you expected a desk’s picture, tell the staff.",
    refused: "Type the code instead, or point your phone’s own camera app at the picture.",
  },
  here: {
    title: (place: string) => `Are you at ${place} now?`,
    who: (service: string, authority: string) => `${service}, run by ${authority}, showed this code.`,
    registered: "These names come from the council’s signed register.",
    check: "Go on only if you stand at this desk. If you got the code in a message, on a poster or from someone who called you, "
      + "it is a trick.",
    yes: (place: string) => `Yes, I am at ${place}`,
    no: "No, stop",
  },
  digits: {
    title: "Read these numbers to the staff",
    label: (digits: string) => `The numbers are ${digits.split("").join(" ")}`,
    text: (place: string) => `The staff at ${place} type them. Then you see what they ask for, before anything is shared.`,
    waiting: "Waiting for the staff to type the numbers…",
    wrong: "The staff typed other numbers. Read them out again.",
    stop: "Stop",
  },
  done: {
    shared: (count: number, service: string) => (count === 0 ? `You shared nothing with ${service}`
      : `You shared ${details(count)} with ${service}`),
    refused: "You did not share anything",
    look: "The screen at the desk shows it now. You can put your phone away.",
    tell: "The screen at the desk says so. The staff can help you in another way.",
    what: "What you shared",
    stop: "To see what you shared, or to say that this was not you, go to ‘Who can see my details’ in your vault.",
    home: "Go to your vault",
  },
  over: {
    expired: {
      title: "The time for this code is over",
      text: "Nothing was shared. Ask the staff for a new code." },
    digits: {
      title: "The numbers did not match three times",
      text: "Nothing was shared. If you are at the desk, ask the staff for a new code. If you are not, someone may be trying "
        + "to trick you: do not use their code again." },
    cancelled: {
      title: "The staff stopped this",
      text: "Nothing was shared. Ask them what to do next." },
    left: {
      title: "You stopped this",
      text: "Nothing was shared. The staff can help you without your vault." },
    notHere: {
      title: "You stopped this",
      text: "Nothing was shared. If you found this code in a message or on a poster, tell the council: somebody may be using "
        + "it to trick people." },
    stopped: {
      title: "This desk has been stopped",
      text: "Nothing was shared. The staff can help you without your vault." },
    taken: {
      title: "Someone else has opened this code",
      text: "Nothing of yours was shared. Ask the staff for a new code, and let nobody photograph the screen." },
    unknown: {
      title: "We do not know this code",
      text: "Nothing was shared. Ask the staff for a new code." },
    otherDesk: {
      title: "This desk is not the one that it said it was",
      text: "Nothing was shared, and we stopped it. Tell the staff and the council." },
    answered: {
      title: "You have answered this already",
      text: "The screen at the desk shows your answer." },
    again: "Use another code",
    home: "Go to your vault",
  },
  report: {
    title: "Was this not you?",
    asked: (service: string, place: string) => `${service} got these details at ${place}:`,
    text: "If you were not at that desk, or did not agree to this, tell us. We stop their access at once, "
      + "and a supervisor is told. They are not told who you are.",
    confirm: "This was not me: stop it and tell a supervisor",
    keep: "Go back",
    doneTitle: "Thank you. We have told a supervisor",
    done: "They can no longer look at what was shared there. If somebody else can unlock your vault, make a new recovery code "
      + "and tell the council.",
    home: "Go to your vault",
  },
};
