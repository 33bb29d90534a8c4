// Chooses a source's picture from the library, or brings a new one: from a file, dropped or pasted. What is chosen stands in
// a hidden field; words and credit that the library knows go into empty fields only.
import { addresses, form, post, SignedOut, tell, tellChanged, whenChanged } from "./form.js";

const FILES = "[type=file][name$='-image']";
const WAIT = 250; // ms after the last key of a search

const make = (name, more = {}) => Object.assign(document.createElement(name), more);
const dialog = make("dialog", { id: "desk-pictures", className: "desk-pictures" });
const search = make("input", { type: "search", id: "desk-pictures-search", autocomplete: "off" });
const found = make("ul");
const told = make("p", { className: "desk-pictures-told" });
const file = make("input", { type: "file", id: "desk-pictures-file" });

let input = null; // the file field whose picture is being chosen
let asked = 0;
let timer;

const prefix = () => input.name.slice(0, -"-image".length);
const fieldOf = (name) => form.elements[`${prefix()}-${name}`];
const sourceOf = (target) => target.closest?.(".djn-inline-form")?.querySelector(FILES);

/** Show what is chosen beside the field, where the browser shows the name of a file. */
function show(picture) {
  const box = input.closest(".flex-container") ?? input.parentElement;
  let shown = box.querySelector(".desk-picture-chosen");
  if (!shown) {
    shown = make("span", { className: "desk-picture-chosen" });
    shown.append(make("img", { alt: "" }), make("span"));
    box.append(shown);
  }
  shown.querySelector("img").src = picture.thumbnail;
  shown.querySelector("span").textContent = picture.alt || gettext("Chosen from the library");
}

function take(picture) {
  fieldOf("picture").value = picture.file;
  input.value = "";
  for (const [name, words] of [["image_alt", picture.alt], ["image_credit", picture.credit]]) {
    const field = fieldOf(name);
    if (field && !field.value.trim() && words) field.value = words;
  }
  show(picture);
  tell(gettext("The picture was chosen."));
  dialog.close();
  tellChanged();
}

function entry(picture) {
  const item = make("li");
  const button = make("button", { type: "button" });
  button.append(make("img", { src: picture.thumbnail, alt: "", loading: "lazy" }), make("span", { textContent: picture.label }));
  button.addEventListener("click", () => take(picture));
  item.append(button);
  return item;
}

async function look() {
  const question = ++asked;
  try {
    const answer = await fetch(`${addresses.pictures}?q=${encodeURIComponent(search.value)}`, { redirect: "manual" });
    if (!answer.ok || question !== asked) return;
    const { pictures } = await answer.json();
    found.replaceChildren(...pictures.map(entry));
    told.textContent = pictures.length ? "" : gettext("The library has no such picture.");
  } catch { told.textContent = gettext("No connection. Try again in a moment."); }
}

async function bring(upload) {
  told.textContent = gettext("Sending…");
  const data = new FormData();
  data.set("file", upload);
  try {
    const answer = await post(addresses.bring, data);
    const kept = answer.ok || answer.status === 400 ? await answer.json() : { error: gettext("That did not work. Try again in a moment.") };
    if (kept.error) told.textContent = kept.error;
    else take(kept);
  } catch (error) {
    if (!(error instanceof SignedOut)) told.textContent = gettext("No connection. Try again in a moment.");
  }
}

function open(field) {
  input = field;
  search.value = "";
  file.value = "";
  told.textContent = "";
  dialog.showModal();
  search.focus();
  look();
}

function label(field, text) {
  return make("label", { htmlFor: field.id, textContent: text });
}

function build() {
  told.setAttribute("role", "status");
  file.accept = form.querySelector(FILES)?.accept ?? "image/*";
  const close = make("form", { method: "dialog" });
  close.append(make("button", { className: "button", textContent: gettext("Close") }));
  const title = make("h2", { id: "desk-pictures-title", textContent: gettext("Choose a picture") });
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(title, label(search, gettext("Search the library")), search, found, label(file, gettext("Or bring a new one: choose, drop or paste it")), file, told, close);
  document.body.append(dialog);
}

/** A button beside each field of a picture that has none yet. */
function decorate() {
  form.querySelectorAll(FILES).forEach((field) => {
    if (field.dataset.choice || field.name.includes("__prefix__") || field.closest(".djn-empty-form")) return;
    field.dataset.choice = "1";
    const button = make("button", { type: "button", className: "desk-picture-choose", textContent: gettext("Choose a picture…") });
    button.addEventListener("click", () => open(field));
    (field.closest(".file-upload") ?? field).after(button);
  });
}

if (form && addresses.pictures) {
  build();
  decorate();
  whenChanged(decorate);
  search.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, WAIT); });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  file.addEventListener("change", () => { if (file.files.length) bring(file.files[0]); });
  dialog.addEventListener("dragover", (event) => event.preventDefault());
  dialog.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) bring(event.dataTransfer.files[0]);
  });
  document.addEventListener("paste", (event) => {
    const [pasted] = event.clipboardData?.files ?? [];
    const field = dialog.open ? input : sourceOf(event.target);
    if (!pasted?.type.startsWith("image/") || !field) return;
    event.preventDefault();
    if (!dialog.open) open(field);
    bring(pasted);
  });
}
