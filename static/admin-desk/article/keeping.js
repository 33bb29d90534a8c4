// Keeps what is typed, every few seconds: at the desk or, where that cannot be reached, in this browser; tells who is here.
import { addresses, beforeSending, form, isUnsaved, pk, post, SignedOut, tell, typed, whenChanged } from "./form.js";

const REST = 2000; // ms without a key after which the text is kept
const LONGEST = 10_000; // ms of typing after which it is kept all the same
const PATIENCE = 3000; // ms that a save waits for what is being kept
const HEARTBEAT = 15_000; // ms between two signs that the page is open

const state = document.getElementById("desk-bar-kept");
const people = document.getElementById("desk-bar-people");
const offer = document.getElementById("desk-kept-here");
const LOCAL = `desk-unsaved-${pk}`;

let changed = false; // since it was last kept
let since = 0;
let rest; // the timer until the text is kept
let busy = null; // what is being kept at the moment
let sending = false;

const now = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

function keepHere() {
  const fields = [...typed()].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  try {
    localStorage.setItem(LOCAL, JSON.stringify({ at: new Date().toISOString(), fields }));
    state.textContent = interpolate(gettext("Kept in this browser only, %s"), [now()]);
  } catch {
    state.textContent = gettext("Cannot be kept. Save soon.");
  }
}

function forgetHere() {
  try { localStorage.removeItem(LOCAL); } catch { /* nothing was there */ }
}

function showPeople(others) {
  const text = others.length ? interpolate(gettext("Also here: %s"), [others.join("、")]) : "";
  if (people.textContent === text) return;
  people.textContent = text;
  if (text) tell(text);
}

async function sayHere() {
  const data = changed || isUnsaved() ? typed() : new FormData();
  data.set("_unsaved", isUnsaved() ? "1" : "0");
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return post(addresses.keep, data);
}

function keep() {
  if (!sending) busy ??= keepNow().finally(() => { busy = null; });
  return busy;
}

/** A text that is kept after its save would be offered as unsaved: a save waits for it, and nothing is kept any more. */
async function endKeeping() {
  clearTimeout(rest);
  sending = true;
  setTimeout(() => { sending = false; }, HEARTBEAT); // should the page still be there
  await Promise.race([busy, new Promise((resolve) => { setTimeout(resolve, PATIENCE); })]);
}

async function keepNow() {
  const sent = changed;
  changed = false;
  since = 0;
  try {
    const answer = await sayHere();
    if (!answer.ok && answer.status !== 409) throw new TypeError(String(answer.status));
    const told = await answer.json();
    showPeople(told.others);
    if (told.error) {
      state.textContent = told.error;
      if (sent) keepHere();
    } else if (told.kept) {
      state.textContent = interpolate(gettext("Kept at %s"), [told.kept]);
      forgetHere();
    }
  } catch (error) {
    if (isUnsaved()) keepHere();
    if (!(error instanceof SignedOut) && !(error instanceof TypeError)) throw error;
  }
}

/** What the browser kept because the desk could not be reached is offered; a form of it is sent to be shown. */
function offerLocal() {
  if (document.querySelector(".messagelist .success")) forgetHere(); // what it kept was just saved
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(LOCAL)); } catch { /* nothing that can be read */ }
  if (!kept || isUnsaved()) return;
  offer.querySelector("span").textContent = new Date(kept.at).toLocaleString();
  offer.hidden = false;
  offer.querySelector("form").addEventListener("submit", (event) => {
    for (const [name, value] of kept.fields) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      event.target.append(input);
    }
    forgetHere();
  });
  offer.querySelector(":scope > button").addEventListener("click", () => {
    forgetHere();
    offer.hidden = true;
  });
}

if (form && addresses.keep && form.elements.token) {
  offerLocal();
  whenChanged(() => {
    changed = true;
    since ||= Date.now();
    clearTimeout(rest);
    rest = setTimeout(keep, Math.max(0, Math.min(REST, since + LONGEST - Date.now())));
  });
  keep();
  setInterval(keep, HEARTBEAT);
  document.addEventListener("desk:signed-in", keep);
  window.addEventListener("online", keep);
  window.addEventListener("pagehide", () => {
    if (changed && isUnsaved()) keepHere();
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("_closed", "1");
    navigator.sendBeacon(addresses.keep, data);
  });
  beforeSending.push(endKeeping);
  form.addEventListener("submit", () => { clearTimeout(rest); changed = false; });
}
