// The session ended while somebody was typing: sign in again on the page, and go on.
import { addresses, beforeSending, form, setUnsaved, tell } from "./form.js";

const dialog = document.getElementById("desk-signing");
const config = JSON.parse(document.getElementById("desk-config")?.textContent ?? "{}");
const wrong = dialog?.querySelector("[role=alert]");
const second = document.getElementById("desk-signing-second");
let waiting = null; // the button that was pressed when the session was found to have ended

/** Who is signed in, or null; the forms of the page get the token that is valid now. Throws without a connection. */
async function who() {
  const answer = await fetch(addresses.who, { redirect: "manual", cache: "no-store" });
  if (answer.status >= 500) throw new TypeError(String(answer.status)); // the desk cannot be reached, whoever asks
  if (!answer.ok) return null;
  const told = await answer.json();
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((input) => { input.value = told.token; });
  return told.user;
}

/** Send the form of that page with these values, as if it had been opened. */
async function sendForm(address, values) {
  const page = new DOMParser().parseFromString(await (await fetch(address, { cache: "no-store" })).text(), "text/html");
  const data = new FormData();
  data.set("csrfmiddlewaretoken", page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  await fetch(address, { method: "POST", body: data, redirect: "manual" });
}

/** Who signed in, or null; a right password that a code has to follow shows the field for it. */
async function signIn(username, password, code) {
  if (second.hidden) {
    await sendForm(addresses.login, { username, password });
    const user = await who();
    if (user) return user;
    second.hidden = !(await fetch(addresses.code, { redirect: "manual", cache: "no-store" })).ok;
    if (!second.hidden) second.querySelector("input").focus();
    return null;
  }
  await sendForm(addresses.code, { code });
  return who();
}

function send(button) {
  sure = true;
  form.requestSubmit(button ?? undefined);
}

let sure = false;
/** Before anything is sent, see that there is somebody to send it; a broken connection is for the browser to tell. */
async function check(event) {
  if (sure) { sure = false; return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  let user = "?";
  try { user = await who(); } catch {
    tell(gettext("No connection."));
    document.getElementById("desk-bar-kept").textContent = gettext("No connection. Try again in a moment.");
    return;
  }
  if (user) {
    await Promise.allSettled(beforeSending.map((end) => end()));
    send(button);
    return;
  }
  waiting = button;
  ask();
}

function ask() {
  if (!dialog.open) dialog.showModal();
}

if (form && dialog && addresses.who) {
  form.addEventListener("submit", check, { capture: true });
  document.addEventListener("desk:signed-out", async () => {
    let user = null;
    try { user = await who(); } catch { return; }
    // Whoever signed in meanwhile in another window only changed the token of the forms.
    if (user) document.dispatchEvent(new CustomEvent("desk:signed-in"));
    else ask();
  });
  dialog.querySelector("#desk-signing-name").value = config.user ?? "";
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { username, password } = event.target.elements;
    const code = second.querySelector("input");
    wrong.hidden = true;
    let user = null;
    const asked = !second.hidden;
    try { user = await signIn(username.value, password.value, code.value); } catch { /* told below */ }
    if (!user && !asked && !second.hidden) return;
    if (!user) {
      second.hidden = true;
      code.value = "";
      wrong.textContent = gettext("That did not work. Check name and password.");
      wrong.hidden = false;
      return;
    }
    password.value = code.value = "";
    second.hidden = true;
    dialog.close();
    setUnsaved(true);
    if (user !== config.user) tell(interpolate(gettext("You are signed in as %s now."), [user]));
    document.dispatchEvent(new CustomEvent("desk:signed-in"));
    if (waiting) send(waiting);
    waiting = null;
  });
}
