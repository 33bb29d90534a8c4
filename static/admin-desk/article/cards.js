// A pasted address fills its source card. What the page says of itself goes into empty fields only; where an editor wrote
// something else, it is offered. Everything stays to be edited, and nothing is asked before an address is typed or pasted.
import { addresses, form, post, SignedOut, tellChanged } from "./form.js";

const ADDRESS = /^sections-\d+-sources-\d+-url$/;
const FIELDS = ["caption", "site_name", "published_on"];
const WAITS = [800, 1000, 1500, 2000, 3000, 4000, 5000, 5000, 5000, 8000, 8000, 8000]; // ms between two looks
const pause = (time) => new Promise((done) => { setTimeout(done, time); });

const asked = new WeakMap(); // the field of an address → the address that was asked for last

const fieldOf = (source, name) => source.form.elements[source.name.replace(/url$/, name)];
const stillAsked = (source, url) => source.isConnected && source.value.trim() === url && asked.get(source) === url;
const labelOf = (field) => form.querySelector(`label[for="${field.id}"]`)?.textContent.replace(/[:：]\s*$/, "").trim() ?? "";

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** The lines below the address; a screen reader tells what changes there. */
function noteOf(source) {
  const row = source.closest(".form-row");
  let note = row.querySelector(".desk-card");
  if (!note) {
    note = element("div", "", "desk-card");
    note.setAttribute("aria-live", "polite");
    row.append(note);
  }
  return note;
}

function say(source, text, ...more) {
  noteOf(source).replaceChildren(element("p", text), ...more);
}

/** Fill a field, and mark it until the editor changes it. */
function fill(field, value) {
  field.value = value;
  field.dataset.filled = value;
  const box = field.closest(".flex-container") ?? field.parentElement;
  if (!box.querySelector(".desk-filled")) box.append(element("span", gettext("From the page"), "desk-filled"));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  tellChanged();
}

function unmark(field) {
  delete field.dataset.filled;
  (field.closest(".flex-container") ?? field.parentElement).querySelector(".desk-filled")?.remove();
}

/** A button that puts what the page says where the editor wrote something else. */
function offer(field, value) {
  const button = element("button", interpolate(gettext("Use “%(value)s”"), { value }, true));
  button.type = "button";
  button.addEventListener("click", () => {
    fill(field, value);
    button.closest("li").remove();
    field.focus();
  });
  const item = element("li", `${labelOf(field)}: `);
  item.append(button);
  return item;
}

function picture(url) {
  const link = element("a", gettext("Open the page’s picture"));
  Object.assign(link, { href: url, target: "_blank", rel: "noopener noreferrer" });
  const item = element("li", `${gettext("Picture")}: `);
  item.append(link, element("span", ` ${gettext("It is not taken over by itself: ask for permission first.")}`));
  return item;
}

function take(source, card) {
  const filled = [];
  const offers = [];
  FIELDS.forEach((name) => {
    const field = fieldOf(source, name);
    const value = card[name];
    if (!field || !value || field.value === value) return;
    if (field.value.trim() && field.dataset.filled !== field.value) { offers.push(offer(field, value)); return; }
    fill(field, value);
    filled.push(labelOf(field));
  });
  if (card.canonical && card.canonical !== source.value.trim()) offers.push(offer(source, card.canonical));
  if (card.image) offers.push(picture(card.image));
  const told = filled.length
    ? interpolate(gettext("Filled in from the page: %(fields)s. Please look it over."), { fields: filled.join("、") }, true)
    : gettext("The page was read. It has nothing for the empty fields.");
  if (!offers.length) { say(source, told); return; }
  const list = element("ul", "");
  list.append(...offers);
  say(source, told, list);
}

function failed(source, reason) {
  const again = element("button", gettext("Try again"));
  again.type = "button";
  again.addEventListener("click", () => { asked.delete(source); ask(source); });
  say(source, [reason, gettext("Fill in the card by hand.")].filter(Boolean).join(" "), again);
}

async function look(url, poll) {
  const data = new FormData();
  data.set("url", url);
  if (poll) data.set("poll", "1");
  const answer = await post(addresses.card, data);
  return answer.json();
}

async function ask(source) {
  const url = source.value.trim();
  if (!/^https?:\/\/[^\s/]+/.test(url) || asked.get(source) === url) return;
  asked.set(source, url);
  say(source, gettext("Reading the page…"));
  try {
    let found = await look(url, false);
    for (const wait of WAITS) {
      if (found.state !== "waiting" || !stillAsked(source, url)) break;
      await pause(wait); // eslint-disable-line no-await-in-loop
      found = await look(url, true); // eslint-disable-line no-await-in-loop
    }
    if (!stillAsked(source, url)) return;
    if (found.state === "read") take(source, found.card);
    else if (found.state === "waiting") failed(source, gettext("The page has not been read yet."));
    else failed(source, found.error);
  } catch (error) {
    if (stillAsked(source, url)) failed(source, error instanceof SignedOut ? gettext("You are signed out.") : gettext("The desk cannot be reached."));
  }
}

if (form && addresses.card) {
  form.addEventListener("change", (event) => { if (ADDRESS.test(event.target.name)) ask(event.target); });
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (event.isTrusted && field.dataset?.filled !== undefined) unmark(field);
    if (ADDRESS.test(field.name) && event.inputType === "insertFromPaste") ask(field);
  });
}
