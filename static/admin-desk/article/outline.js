// The outline beside the form: a line for each section, with what is wrong in it, and where the editor is.
import { form, reveal, sections, whenChanged, written } from "./form.js";

const outline = document.getElementById("desk-outline");
const list = outline?.querySelector("ol");
const marks = new Map(); // by source: {place: count}
const field = (row, name) => row.querySelector(`[name="${row.id}-${name}"]`);

function marksOf(number) {
  let count = 0;
  for (const counts of marks.values()) {
    for (const [place, many] of Object.entries(counts)) {
      if (place === `sections[${number}]` || place.startsWith(`sections[${number}].`)) count += many;
    }
  }
  return count;
}

function entry(section, number) { // -1 where it says nothing yet
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#${section.id}`;
  link.dataset.section = section.id;
  link.textContent = field(section, "heading").value || field(section, "question").value || gettext("(no heading)");
  item.append(link);
  const wrong = section.querySelectorAll(".errorlist").length;
  const found = marksOf(number);
  const add = (text, name, label) => {
    const badge = document.createElement("span");
    badge.className = `desk-mark ${name}`;
    badge.textContent = text;
    badge.title = label;
    badge.setAttribute("aria-label", label);
    badge.setAttribute("role", "img");
    link.append(" ", badge);
  };
  if (wrong) add(`!${wrong}`, "is-error", interpolate(ngettext("%s error", "%s errors", wrong), [wrong]));
  if (found) add(found, "is-finding", interpolate(ngettext("%s remark", "%s remarks", found), [found]));
  return item;
}

function current() {
  const here = sections().filter((section) => section.getBoundingClientRect().top < window.innerHeight / 3).pop();
  const focused = document.activeElement?.closest?.(".djn-group-root > fieldset > .djn-items > .djn-inline-form");
  return (focused && sections().includes(focused) && document.activeElement.matches("input, textarea, select") ? focused : here)?.id;
}

let shown = -1; // number of the section in the Document
function highlight() {
  const id = current() ?? "";
  list.querySelectorAll("a").forEach((link) => {
    if (link.dataset.section === id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  const number = written().findIndex((each) => each.id === id);
  if (number !== shown) document.dispatchEvent(new CustomEvent("desk:section", { detail: number }));
  shown = number;
}

function draw() {
  const all = written();
  list.replaceChildren(...sections().map((each) => entry(each, all.indexOf(each))));
  highlight();
}

if (form && outline) {
  draw();
  whenChanged(draw, 200);
  document.addEventListener("desk:marks", (event) => {
    const { source = "", counts = event.detail } = event.detail;
    marks.set(source, counts);
    draw();
  });
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; highlight(); });
  };
  document.addEventListener("scroll", soon, { passive: true });
  form.addEventListener("focusin", soon);
  list.addEventListener("click", (event) => {
    const section = sections().find((each) => each.id === event.target.closest("a")?.dataset.section);
    if (!section) return;
    event.preventDefault();
    reveal(field(section, "heading"));
    section.scrollIntoView({ block: "start" });
  });
}
