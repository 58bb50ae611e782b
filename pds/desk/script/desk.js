// The desk's own script: passkeys, the live screen, copying, and a guard against barcode scanners that type.
// No markup is ever made from text: everything that arrives is set as text (Trusted Types are on, with no policy).

const by = (id) => document.getElementById(id);

// --- a scanner that types ------------------------------------------------------------------------------------------

// A barcode scanner types a whole card number faster than any hand, and then presses Enter or Tab for the clerk. What
// has the focus must not take that for a decision: no button is pressed, no digits are tried.
const HAND_MS = 50;
const SCANNED = 4;
let lastKey = -Infinity;
let fast = 0;

addEventListener("keydown", (event) => {
  if (event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const quick = event.timeStamp - lastKey < HAND_MS;
  lastKey = event.timeStamp;
  const ends = event.key === "Enter" || event.key === "Tab";
  if (quick && fast >= SCANNED && (ends || event.key === " ")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (ends) scanned(event.target);
    return;
  }
  if (event.key.length === 1) fast = quick ? fast + 1 : 1;
}, true);

function scanned(target) {
  fast = 0;
  if (target === by("digits")) {
    target.value = "";
    say("digits-error", "That came from a scanner. Type the four digits that the resident reads out.");
  }
}

// --- talking to the desk's process -----------------------------------------------------------------------------------

async function post(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST", credentials: "same-origin", cache: "no-store", redirect: "error",
      headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
  } catch {
    throw new Trouble("The desk cannot be reached. Check the network and try again.");
  }
  if (answer.status === 401) location.assign("/sign-in");
  if (!answer.ok) throw new Trouble("");
  return answer.json();
}

class Trouble extends Error {}

function say(id, text) {
  const place = by(id);
  if (place === null) return;
  (place.querySelector("p") ?? place).textContent = text;
  if (place.hasAttribute("hidden") || place.classList.contains("summary")) place.hidden = text === "";
}

/** Runs what a button does, once at a time; `otherwise` is said where the desk refused without words. */
function act(button, otherwise, work) {
  button?.addEventListener("click", async () => {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    say("trouble", "");
    try {
      await work();
    } catch (error) {
      say("trouble", (error instanceof Trouble && error.message) || otherwise);
    } finally {
      button.ariaDisabled = null;
    }
  });
}

// --- passkeys --------------------------------------------------------------------------------------------------------

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

act(by("sign-in"), "This did not sign you in. Use a passkey of this desk, or ask your supervisor for a link.", async () => {
  const options = await post("/sign-in/options", {});
  const used = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: [] },
  });
  const { next } = await post("/sign-in", {
    id: text(used.rawId),
    authenticator_data: text(used.response.authenticatorData),
    client_data_json: text(used.response.clientDataJSON),
    signature: text(used.response.signature),
    user_handle: text(used.response.userHandle ?? new ArrayBuffer(0)),
  });
  location.replace(next);
});

// The token is in the fragment: it reaches no server's log, and leaves the address bar at once.
let token = "";
if (by("enrol") !== null) {
  token = location.hash.slice(1);
  history.replaceState(null, "", "/enrol");
}

act(by("enrol"), "The link has been used, or is too old. Ask your supervisor for a new one.", async () => {
  const options = await post("/enrol/options", { token });
  const made = await navigator.credentials.create({
    publicKey: {
      ...options, challenge: bytes(options.challenge), excludeCredentials: [],
      user: { ...options.user, id: bytes(options.user.id) },
    },
  });
  const { next } = await post("/enrol", {
    token,
    credential: {
      id: text(made.rawId),
      attestation_object: text(made.response.attestationObject),
      client_data_json: text(made.response.clientDataJSON),
    },
  });
  location.replace(next);
});

// --- the live screen -------------------------------------------------------------------------------------------------

let shown = "";
let copied = false;

if (by("says") !== null) {
  const events = new EventSource("/task/events");
  events.addEventListener("message", (event) => { draw(JSON.parse(event.data)); });
  events.addEventListener("error", () => {
    // Closed for good: the sign-in is over. Else the browser connects again by itself, and says what it has seen.
    if (events.readyState === EventSource.CLOSED) location.reload();
    else say("trouble", "The connection to the desk is interrupted. It goes on by itself.");
  });
  events.addEventListener("open", () => { say("trouble", ""); });
  addEventListener("pagehide", () => { by("lines").replaceChildren(); });
  by("digits-form").addEventListener("submit", check);
  by("lines").addEventListener("keydown", step);
  // What ends now is no lost line.
  for (const form of [by("done").form, by("again")]) form.addEventListener("submit", () => { events.close(); });
  by("done").form.addEventListener("submit", () => {
    // What was copied for this task does not wait in the clipboard for the next one.
    if (copied) void navigator.clipboard.writeText("").catch(() => undefined);
  });
}

function draw(task) {
  const fresh = task.state !== shown;
  shown = task.state;
  say("says", task.says);
  say("next", task.next);
  by("note").hidden = task.note === "";
  by("note").textContent = task.note;
  by("alarm").hidden = task.alarm === "";
  by("alarm").querySelector("p").textContent = task.alarm;
  document.title = document.title.replace(/^[^-]*/, `${task.says} `);
  by("invite").hidden = task.state !== "waiting";
  by("digits-form").hidden = task.state !== "claimed";
  by("values").hidden = task.state !== "shared";
  by("again").hidden = !task.again;
  by("done").textContent = task.over || task.state === "shared" ? "Done" : "Stop";
  lines(task.state === "shared" ? task.lines : []);
  if (fresh && task.state === "claimed") by("digits").focus();
  else if (fresh && task.state === "shared") (by("lines").querySelector("button") ?? by("done")).focus();
  else if (fresh && task.over) by("says").focus();
}

/** The details, each with a button that copies it; made once, and gone when the desk no longer sends them. */
function lines(all) {
  const list = by("lines");
  if (all.length === 0) list.replaceChildren();
  if (list.childElementCount > 0 || all.length === 0) return;
  list.replaceChildren(...all.map(({ label, shown, copied: value, vouched }) => {
    const row = document.createElement("div");
    const name = element("dt", label);
    const what = element("dd", "");
    what.append(element("span", shown, value === "" ? "none" : "value"), element("span", vouched, "hint"));
    row.append(name, what);
    if (value !== "") {
      const act = document.createElement("dd");
      const button = element("button", "Copy", "second");
      button.type = "button";
      button.append(element("span", ` ${label}`, "unseen"));
      button.addEventListener("click", () => { void copy(button, label, value); });
      act.append(button);
      row.append(act);
    }
    return row;
  }));
}

function element(name, words, kind = "") {
  const made = document.createElement(name);
  made.textContent = words;
  made.className = kind;
  return made;
}

async function copy(button, label, value) {
  try {
    await navigator.clipboard.writeText(value);
    copied = true;
    say("copied", `Copied: ${label}`);
    for (const other of by("lines").querySelectorAll("button.copied")) other.classList.remove("copied");
    button.classList.add("copied");
  } catch {
    say("copied", `${label} could not be copied. Select it, and copy it by hand`);
  }
}

/** Up and down from one copy button to the next. */
function step(event) {
  const buttons = [...by("lines").querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  const to = event.key === "ArrowDown" ? at + 1 : event.key === "ArrowUp" ? at - 1 : -1;
  if (at === -1 || buttons[to] === undefined) return;
  event.preventDefault();
  buttons[to].focus();
}

let checking = false;

async function check(event) {
  event.preventDefault();
  const box = by("digits");
  const typed = box.value.replace(/\s/g, "");
  if (checking) return;
  if (!/^[0-9]{4}$/.test(typed)) {
    // Costs no try: it cannot have been what stands on the phone.
    say("digits-error", "Enter the four digits on the resident’s phone");
    box.setAttribute("aria-invalid", "true");
    return;
  }
  checking = true;
  say("digits-error", "");
  try {
    const { problem } = await post("/task/digits", { digits: typed });
    box.value = "";
    say("digits-error", problem);
    box.setAttribute("aria-invalid", String(problem !== ""));
    if (problem !== "") box.focus();
  } catch (error) {
    say("digits-error", (error instanceof Trouble && error.message) || "This could not be checked. Try again.");
  } finally {
    checking = false;
  }
}
