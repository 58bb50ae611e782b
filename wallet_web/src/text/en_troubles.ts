/** What went wrong and what to do next, for each kind of trouble in state/troubles.ts. */
export const enTroubles = {
  network: {
    title: "We could not connect",
    text: "Check your internet connection. Nothing that you typed is lost.",
    next: "Try again",
  },
  server: {
    title: "Something went wrong",
    text: "The vault service did not answer as it should. Nothing that you typed is lost. Wait a moment, then try again.",
    next: "Try again",
  },
  busy: {
    title: "Too many tries",
    text: "Wait a minute, then try again. Nothing that you typed is lost.",
    next: "Try again",
  },
  declined: {
    title: "Your device did not use a passkey",
    text: "You closed the passkey window, or this device has no passkey for your vault. Nothing has changed.",
    next: "Try again",
  },
  passkeyTimeout: {
    title: "Your passkey took too long",
    text: "The time to use your passkey ran out. Nothing has changed.",
    next: "Try again",
  },
  passkeyFailed: {
    title: "Your passkey did not work",
    text: "Your device could not use the passkey. Try again, or use your recovery code.",
    next: "Try again",
  },
  passkeyUnknown: {
    title: "This passkey does not open a vault here",
    text: "Your device offered a passkey that we do not know. Try again and choose another passkey, or use your recovery code.",
    next: "Try again",
  },
  wrongKey: {
    title: "This does not open your vault",
    text: "Your passkey or code worked, but it cannot open the details stored here. Nothing was shared. Tell the council.",
    next: "Try again",
  },
  weakened: {
    title: "The vault service asked for a weaker lock",
    text: "It wanted this device to use your passphrase in a way that is easier to guess. This device refused. "
      + "Your passphrase and all that is made from it stayed here. Do not try again here. Tell the council.",
    next: "Go to your vault",
  },
  older: {
    title: "This vault is older than the one this device last saw",
    text: "Something you saved may be missing. Your vault stays locked, and nothing is shared. Tell the council.",
    next: "Try again",
  },
  forked: {
    title: "This is not the same vault that this device last saw",
    text: "Two different versions of your vault exist. Your vault stays locked, and nothing is shared. Tell the council.",
    next: "Try again",
  },
  incomplete: {
    title: "Something is missing from your vault",
    text: "The vault service did not give back everything that you saved. "
      + "Your vault stays locked, so that nothing gets lost. Try again later. If it happens again, tell the council.",
    next: "Try again",
  },
  altered: {
    title: "Your vault was changed, but not by you",
    text: "Something stored for you is not what you saved. Your vault stays locked, and nothing is shared. Tell the council.",
    next: "Try again",
  },
  register: {
    title: "We could not check who is asking",
    text: "The council’s register of services did not pass our checks. Do not share anything for now. "
      + "Try again later, or use the service in another way.",
    next: "Try again",
  },
  registerOld: {
    title: "The register of services is out of date",
    text: "We cannot check who is asking until the council renews its register. Nothing was shared. "
      + "Try again later, or use the service in another way.",
    next: "Try again",
  },
  unlisted: {
    title: "This service is not on the council’s register",
    text: "Whoever sent this request may not ask for your details. Nothing was shared.",
    next: "Go to your vault",
  },
  badRequest: {
    title: "This request is not allowed",
    text: "The service asked in a way, or for something, that its registration does not allow. Nothing was shared. "
      + "You can use the service in another way.",
    next: "Go to your vault",
  },
  requestOver: {
    title: "The time to answer is over",
    text: "This request ended. Nothing was shared. Go back to the service and press its button again.",
    next: "Go to your vault",
  },
  requestUnknown: {
    title: "We cannot find this request",
    text: "It was made in another browser, or it ended. Go back to the service and press its button again.",
    next: "Go to your vault",
  },
  requestDecided: {
    title: "You have answered this request already",
    text: "To share again, go back to the service and press its button again.",
    next: "Go to your vault",
  },
  conflict: {
    title: "You changed this on another device too",
    text: "We kept what the other device saved. Look at it, then make your change again if you still want it.",
    next: "Go to your vault",
  },
  stale: {
    title: "Unlock your vault again",
    text: "The service wants you to sign in afresh. Nothing was shared.",
    next: "Try again",
  },
  somebodyElse: {
    title: "The service expects somebody else",
    text: "It knows you by another vault than this one. Nothing was shared.",
    next: "Try again",
  },
  refused: {
    title: "This could not be saved",
    text: "The vault service did not accept it. Nothing has changed. If it happens again, tell the council.",
    next: "Go to your vault",
  },
  tooLarge: {
    title: "This is too much to save at once",
    text: "Make what you typed shorter, then try again.",
    next: "Try again",
  },
  unsupported: {
    title: "Your browser is too old for a vault",
    text: "Update this browser, or use another one: a newer version of Chrome, Edge, Firefox or Safari. "
      + "You can also use a council counter or the phone.",
    next: "Try again",
  },
  noPasskeys: {
    title: "This browser cannot use passkeys",
    text: "Your vault needs a passkey. Try another browser or device, or use your recovery code if you have one.",
    next: "Try again",
  },
  passphrase: {
    title: "This browser could not use your passphrase",
    text: "Your device may be short of memory. Close other tabs or programs, then try again, or use another browser. "
      + "Nothing has changed.",
    next: "Try again",
  },
  cookies: {
    title: "This browser refuses cookies",
    text: "Your vault needs one to know that it is you. Allow cookies for this site, then try again. Or use another browser, "
      + "or use the service by phone or at a counter. Nothing has changed.",
    next: "Try again",
  },
  storage: {
    title: "This browser does not let us keep your vault unlocked",
    text: "Turn off private browsing, or let this site store data, then try again. You can also go on as on a shared computer: "
      + "then your vault locks after 5 minutes, or when this page is closed or loaded again.",
    next: "Try again",
  },
  unexpected: {
    title: "Something went wrong",
    text: "Nothing was shared. Load this page again. If it happens again, tell the council.",
    next: "Go to your vault",
  },
};
