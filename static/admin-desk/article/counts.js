// How long each text is, beside its label, and how long the whole takes to read.
import { form, whenChanged } from "./form.js";

const A_MINUTE = 600; // characters that a reader of Japanese reads
// From and to how many characters a text usually has; beyond that the count says so.
const USUAL = { title: [10, 40], lead_heading: [0, 30], lead: [60, 250], heading: [0, 30], question: [0, 40], answer: [0, 60], body: [80, 800] };
const COUNTED = [...Object.keys(USUAL), "takeaways", "key_points", "caption", "text"];

const length = (text) => [...text.replace(/\s/g, "")].length;
const named = (field) => field.name.split("-").pop();
const counted = () => [...form.querySelectorAll("textarea, input[type=text]")]
  .filter((field) => COUNTED.includes(named(field)) && !field.closest(".djn-empty-form"));

function show(field) {
  const count = length(field.value);
  const box = field.closest(".flex-container, .fieldBox, .form-row")?.querySelector("label");
  if (!box) return count;
  let badge = box.querySelector(".desk-count");
  if (!badge) {
    badge = document.createElement("span");
    badge.className = "desk-count";
    box.append(" ", badge);
  }
  const [least, most] = USUAL[named(field)] ?? [0, Infinity];
  const odd = count > most ? interpolate(gettext("usually up to %s"), [most]) : count && count < least ? interpolate(gettext("usually from %s"), [least]) : "";
  badge.classList.toggle("is-odd", Boolean(odd));
  badge.textContent = count ? interpolate(ngettext("%s character", "%s characters", count), [count]) + (odd ? ` (${odd})` : "") : "";
  return count;
}

function showAll() {
  const whole = counted().map(show).reduce((sum, count) => sum + count, 0);
  const minutes = Math.max(1, Math.round(whole / A_MINUTE));
  document.getElementById("desk-bar-length").textContent = whole
    ? interpolate(gettext("%(minutes)s min to read, %(count)s characters"), { minutes, count: whole.toLocaleString() }, true) : "";
}

if (form) {
  showAll();
  whenChanged(showAll, 250);
}
