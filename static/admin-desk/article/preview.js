// The public page of what the form holds now, beside it: redrawn while typing, without a flicker, at the section being edited.
import { addresses, form, post, SignedOut, typed, whenChanged } from "./form.js";

const part = document.getElementById("desk-part-preview");
const frame = part?.querySelector("iframe");
const state = part?.querySelector(".desk-preview-state");
const WIDTH = "desk-preview-width";
const WAIT = 250; // ms after the last key

let busy = false;
let stale = true;
let section = -1;
let write = typed; // who else edits the text, as the manuscript, says what to send

const visible = () => part.checkVisibility() && part.offsetWidth > 0;
const page = () => frame.contentDocument;

/** Let another view of the article say what the preview is made of; without one it is the form again. */
document.addEventListener("desk:preview-of", (event) => { write = event.detail ?? typed; changed(); });

function fit() {
  const width = Number(part.querySelector("[aria-pressed=true]").dataset.width);
  const room = frame.parentElement;
  const scale = Math.min(1, room.clientWidth / width);
  frame.style.width = `${width}px`;
  frame.style.height = `${room.clientHeight / scale}px`;
  frame.style.transform = `scale(${scale})`;
}

/** Show the section being edited; only the preview scrolls, not the form around it. */
function follow(behavior = "smooth") {
  const target = section < 0 ? page()?.body : page()?.getElementById(`s${section + 1}`);
  if (!target) return;
  const view = frame.contentWindow;
  view.scrollTo({ top: target.getBoundingClientRect().top + view.scrollY, behavior });
}

/** Take over what differs, part by part, so that pictures and the place on the page stay. */
function swap(next) {
  const old = page().querySelector("article.article");
  const fresh = next.querySelector("article.article");
  const before = [...old.children];
  [...fresh.children].forEach((child, number) => {
    const known = before[number];
    if (!known) old.append(page().importNode(child, true));
    else if (known.outerHTML !== child.outerHTML) known.replaceWith(page().importNode(child, true));
  });
  before.slice(fresh.children.length).forEach((child) => child.remove());
}

function draw(html) {
  if (page()?.querySelector("article.article")) {
    swap(new DOMParser().parseFromString(html, "text/html"));
    return;
  }
  frame.addEventListener("load", () => {
    page().addEventListener("click", (event) => { if (event.target.closest("a")) event.preventDefault(); });
    follow("instant");
  }, { once: true });
  frame.srcdoc = html;
}

async function update() {
  if (busy || !stale || !visible()) return;
  busy = true;
  stale = false;
  try {
    const answer = await post(addresses.preview, write());
    if (answer.ok) draw(await answer.text());
    state.textContent = answer.ok ? "" : gettext("The preview could not be made.");
  } catch (error) {
    stale = true;
    state.textContent = error instanceof SignedOut ? gettext("You are signed out.") : gettext("No connection.");
    setTimeout(update, 5000);
  }
  busy = false;
  if (stale && !state.textContent) update();
}

function changed() {
  stale = true;
  update();
}

function choose(button) {
  part.querySelectorAll("[data-width]").forEach((each) => each.setAttribute("aria-pressed", each === button));
  try { localStorage.setItem(WIDTH, button.dataset.width); } catch { /* nothing is remembered then */ }
  fit();
}

if (form && part) {
  let width = null;
  try { width = localStorage.getItem(WIDTH); } catch { /* the phone's, then */ }
  choose(part.querySelector(`[data-width="${width}"]`) ?? part.querySelector("[data-width]"));
  part.addEventListener("click", (event) => {
    const button = event.target.closest("[data-width]");
    if (button) choose(button);
  });
  whenChanged(changed, WAIT);
  document.addEventListener("desk:section", (event) => { section = event.detail; follow(); });
  new ResizeObserver(() => { fit(); update(); }).observe(frame.parentElement);
  update();
}
