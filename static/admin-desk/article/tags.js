// Suggests tags below their field while they are typed; whatever is typed and not suggested becomes a new tag.
import { form, tell, tellChanged } from "./form.js";

const field = form?.querySelector("[data-suggest]");
const BETWEEN = /[、，､,\n]/;
const WAIT = 150; // ms after the last key

const list = document.createElement("ul");
let asked = 0; // answers to older questions are not shown
let timer;

/** The name in which the cursor stands: where it begins and ends in the field, and what of it is typed. */
function part() {
  const { value, selectionStart: at } = field;
  let begin = at;
  while (begin && !BETWEEN.test(value[begin - 1])) begin -= 1;
  let end = at;
  while (end < value.length && !BETWEEN.test(value[end])) end += 1;
  return { begin, end, typed: value.slice(begin, at).trim() };
}

const options = () => [...list.children];
const isOpen = () => !list.hidden;

function close() {
  asked += 1;
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function choose(option) {
  options().forEach((each) => each.setAttribute("aria-selected", String(each === option)));
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

const chosen = () => options().find((each) => each.getAttribute("aria-selected") === "true");

function take(option) {
  const { begin, end } = part();
  const rest = field.value.slice(end);
  const before = `${field.value.slice(0, begin)}${begin && field.value[begin - 1] !== "、" ? " " : ""}${option.dataset.name}`;
  field.value = before + (rest || "、");
  field.setSelectionRange(before.length + 1, before.length + 1);
  close();
  tellChanged();
}

function entry(name, isNew, number) {
  const option = document.createElement("li");
  option.id = `desk-tag-${number}`;
  option.dataset.name = name;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.textContent = isNew ? interpolate(gettext("New tag “%s”"), [name]) : name;
  option.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
  return option;
}

async function suggest() {
  const { typed } = part();
  if (!typed) { close(); return; }
  const question = ++asked;
  let names;
  try {
    const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`, { redirect: "manual" });
    if (!answer.ok) return;
    names = (await answer.json()).tags;
  } catch { return; /* without suggestions the field is a field */ }
  if (question !== asked || document.activeElement !== field) return;
  const written = new Set(field.value.split(BETWEEN).map((each) => each.trim().toLowerCase()));
  const known = names.filter((name) => name.toLowerCase() === typed.toLowerCase() || !written.has(name.toLowerCase()));
  const isKnown = names.some((name) => name.toLowerCase() === typed.toLowerCase());
  list.replaceChildren(...known.map((name, number) => entry(name, false, number)), ...(isKnown ? [] : [entry(typed, true, known.length)]));
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  field.removeAttribute("aria-activedescendant");
  tell(interpolate(ngettext("%s tag fits", "%s tags fit", known.length), [known.length]));
}

function step(by) {
  const all = options();
  const now = all.indexOf(chosen());
  choose(all[(now + by + all.length + (now < 0 && by < 0 ? 1 : 0)) % all.length]);
}

const KEYS = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: () => take(chosen() ?? options()[0]),
  Escape: close,
};

if (field) {
  list.id = "desk-tags-found";
  list.className = "desk-suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", gettext("Tags"));
  field.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false", autocomplete: "off" })) field.setAttribute(name, value);
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, WAIT); });
  field.addEventListener("blur", () => { clearTimeout(timer); close(); });
  // Before the keys of the page, for which Enter goes on to the next field.
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || !isOpen() || !KEYS[event.key]) return;
    if (event.key === "Enter" && !chosen() && options()[0].dataset.name !== part().typed) { close(); return; }
    event.preventDefault();
    event.stopPropagation();
    KEYS[event.key]();
  });
}
