// What the checks find in the text as it stands: a list beside the form, marks in the outline and at the fields.
import { addresses, fields, form, mark, post, reveal, tellChanged, typed, whenChanged } from "./form.js";

const part = document.getElementById("desk-part-checks");
const list = part?.querySelector("ol");
const sum = part?.querySelector(".desk-checks-sum");
const WAIT = 700; // ms after the last key

/** The field of a place; of a whole section, its heading. */
function target(place, all = fields()) {
  return all.get(place) ?? all.get(`${place}.heading`) ?? all.get(`${place}.caption`) ?? all.get(`${place}.text`);
}

function press(text, action) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", action);
  return button;
}

function entry(finding, all) {
  const item = document.createElement("li");
  item.className = finding.required ? "is-required" : "";
  const field = target(finding.place, all);
  if (field) item.append(press(finding.where, () => reveal(target(finding.place) ?? field)), " ");
  else if (finding.where) item.append(Object.assign(document.createElement("b"), { textContent: finding.where }), " ");
  if (finding.required) item.append(Object.assign(document.createElement("strong"), { textContent: gettext("Stops publication.") }), " ");
  item.append(finding.message);
  if (finding.fix !== null && field && "value" in field) {
    item.append(" ", press(gettext("Put it right"), () => {
      const now = target(finding.place);
      now.focus();
      now.select?.();
      // As if it were typed, so that it can be undone with Ctrl+Z.
      if (!document.execCommand("insertText", false, finding.fix)) now.value = finding.fix;
      tellChanged();
    }));
  }
  return item;
}

const remarks = []; // what stands below which field
function markFields(found, all) {
  form.querySelectorAll(".has-finding, .has-required-finding").forEach((each) => each.classList.remove("has-finding", "has-required-finding"));
  for (const { field, remark } of remarks.splice(0)) {
    tellOf(field, remark.id, false);
    remark.remove();
  }
  [...found.entries()].reverse().forEach(([number, finding]) => { // each goes right below its field, before those there are
    const field = target(finding.place, all);
    if (!field) return;
    field.classList.add(finding.required ? "has-required-finding" : "has-finding");
    const remark = Object.assign(document.createElement("p"), { className: "desk-remark", id: `desk-remark-${number}`, textContent: finding.message });
    if (finding.required) remark.classList.add("is-required");
    (field.closest(".flex-container") ?? field).after(remark);
    tellOf(field, remark.id, true);
    remarks.push({ field, remark });
  });
}

/** Let a field name a remark among its descriptions, or name it no more. */
function tellOf(field, id, add) {
  const named = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== id);
  if (add) named.push(id);
  if (named.length) field.setAttribute("aria-describedby", named.join(" "));
  else field.removeAttribute("aria-describedby");
}

function show(found) {
  const stopping = found.filter((each) => each.required).length;
  const all = fields();
  list.replaceChildren(...found.map((each) => entry(each, all)));
  sum.textContent = found.length
    ? [
      interpolate(ngettext("%s remark", "%s remarks", found.length), [found.length]),
      stopping ? interpolate(ngettext("%s stops publication", "%s stop publication", stopping), [stopping]) : "",
    ].filter(Boolean).join(" · ")
    : gettext("The checks found nothing.");
  const tab = document.getElementById("desk-part-checks-tab");
  if (tab) tab.textContent = found.length ? `${gettext("Checks")} ${found.length}` : gettext("Checks");
  const counts = {};
  for (const each of found) counts[each.place] = (counts[each.place] ?? 0) + 1;
  mark("checks", counts);
  markFields(found, all);
}

let busy = false;
let again = false;
async function check() {
  again = busy;
  if (busy) return;
  busy = true;
  try {
    const answer = await post(addresses.check, typed());
    if (answer.ok) show((await answer.json()).findings);
  } catch { /* told by whatever keeps the text */ }
  busy = false;
  if (again) check();
}

if (form && part && addresses.check) {
  whenChanged(check, WAIT);
  check();
}
