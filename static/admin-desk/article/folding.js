// Sections fold to one line: heading, question, numbers of sources and comments. One that holds an error is open.
import { form, fieldAt, rows, sections, whenChanged } from "./form.js";

const MANY = 5; // sections; an article with more of them opens folded
const button = (section) => section.querySelector(":scope > h3 .desk-fold");
const field = (row, name) => row.querySelector(`[name="${row.id}-${name}"]`);

function fold(section, folded) {
  section.classList.toggle("is-folded", folded);
  button(section).setAttribute("aria-expanded", !folded);
}

function describe(section, number) {
  const question = field(section, "question").value;
  const heading = field(section, "heading").value;
  section.querySelector(":scope > h3 b").textContent = interpolate(gettext("Section %s"), [number + 1]);
  section.querySelector(":scope > h3 .inline_label").textContent = heading || question || gettext("(no heading)");
  const sources = rows(`${section.id}-sources`).length;
  const comments = rows(`${section.id}-comments`).length;
  section.querySelector(":scope > h3 .desk-row-facts").textContent = [
    heading && question,
    interpolate(ngettext("%s source", "%s sources", sources), [sources]),
    interpolate(ngettext("%s comment", "%s comments", comments), [comments]),
  ].filter(Boolean).join(" · ");
}

const describeAll = () => sections().forEach(describe);
const foldAll = (folded) => sections().forEach((section) => fold(section, folded));

function reveal(target) {
  const section = target?.closest(".djn-group-root > fieldset > .djn-items > .djn-inline-form");
  if (section?.classList.contains("is-folded")) fold(section, false);
}

function toHash() {
  const place = decodeURIComponent(location.hash).match(/^#place=(.+)$/)?.[1];
  const target = place && fieldAt(place);
  if (!target) return;
  reveal(target);
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

if (form) {
  const wrong = (section) => section.matches(":has(.errorlist, .errors)");
  const many = sections().length > MANY;
  sections().forEach((section) => fold(section, many && !wrong(section)));
  describeAll();
  whenChanged(describeAll, 150);
  form.addEventListener("click", (event) => {
    const pressed = event.target.closest(".desk-fold");
    if (!pressed) return;
    const section = pressed.closest(".djn-inline-form");
    fold(section, !section.classList.contains("is-folded"));
  });
  document.addEventListener("desk:reveal", (event) => reveal(event.detail));
  document.addEventListener("desk:fold-all", () => foldAll(sections().some((each) => !each.classList.contains("is-folded"))));
  document.getElementById("desk-fold-all").addEventListener("click", () => foldAll(true));
  document.getElementById("desk-open-all").addEventListener("click", () => foldAll(false));
  const first = form.querySelector(".djn-inline-form .errorlist");
  if (first) first.scrollIntoView({ block: "center" });
  toHash();
  window.addEventListener("hashchange", toHash);
}
