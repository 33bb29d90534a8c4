// Keys for whoever writes without a mouse.
import { form, rows, sections } from "./form.js";
import { move } from "./ordering.js";

const dialog = document.getElementById("desk-keys");
const rowOf = (target) => target.closest?.(".djn-inline-form:not(.djn-empty-form)");
const sectionOf = (target) => sections().find((section) => section.contains(target)) ?? sections().at(-1);

/** Press the button that adds a row to a set, and put the cursor into the new row. */
function add(prefix, field) {
  const handlers = document.querySelectorAll(`#${prefix}-group .djn-add-handler`);
  [...handlers].find((each) => each.closest(".djn-group").id === `${prefix}-group`)?.click();
  const row = rows(prefix).at(-1);
  const target = row?.querySelector(`[name="${row.id}-${field}"]`);
  target?.scrollIntoView({ block: "center" });
  target?.focus({ preventScroll: true });
}

function addComment(target) {
  const section = sections().find((each) => each.contains(target));
  add(section ? `${section.id}-comments` : "comments", section ? "placement" : "commentator");
}

function addSource(target) {
  const section = sectionOf(target);
  if (section) {
    document.dispatchEvent(new CustomEvent("desk:reveal", { detail: section }));
    add(`${section.id}-sources`, "caption");
  }
}

const press = (name) => form.querySelector(`[name=${name}]`)?.click();
const KEYS = {
  KeyN: () => add("sections", "heading"),
  KeyD: addSource,
  KeyC: addComment,
  KeyF: () => document.dispatchEvent(new CustomEvent("desk:fold-all")),
  KeyP: () => press("_publish"),
  KeyH: () => dialog.showModal(),
  ArrowUp: (target) => rowOf(target) && move(rowOf(target), -1),
  ArrowDown: (target) => rowOf(target) && move(rowOf(target), 1),
};

const ONE_LINE = "input[type=text], input[type=url], input[type=number], input[type=date], input:not([type])";

function nextField(field) {
  const fields = [...form.querySelectorAll("input, textarea, select")]
    .filter((each) => each.type !== "hidden" && !each.closest(".djn-empty-form, [hidden]") && each.offsetParent);
  fields[fields.indexOf(field) + 1]?.focus();
}

if (form) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.code === "KeyS") {
      event.preventDefault();
      press("_continue");
    } else if (event.altKey && event.shiftKey && KEYS[event.code]) {
      event.preventDefault();
      KEYS[event.code](event.target);
    } else if (event.key === "Enter" && event.target.form === form && event.target.matches(ONE_LINE) && !event.defaultPrevented) {
      event.preventDefault(); // in a form of sixty fields Enter means "go on", not "send"
      nextField(event.target);
    }
  });
  document.getElementById("desk-keys-open").addEventListener("click", () => dialog.showModal());
}
