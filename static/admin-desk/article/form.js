// The form of an article, for the modules beside this one: its parts, its places in the Document, and how to hear of
// changes. Every module imports from here and from nowhere else; each does one thing and works without the others.

const config = JSON.parse(document.getElementById("desk-config")?.textContent ?? "{}");
/** The form; null for somebody who may read the article and not write it. */
export const form = config.readonly ? null : document.getElementById("article_form");

/** Number of the article, 0 where it was never saved. */
export const pk = config.pk ?? 0;
/** Addresses of the desk that belong to this page, by name. */
export const addresses = config.addresses ?? {};

const LIVING = ":scope > .djn-item:not(.djn-no-drag):not(.djn-empty-form):not(.grp-predelete)";

/** Rows of a set ("sections", "sections-0-sources", …) in the order of the page, without those being removed. */
export function rows(prefix) {
  const items = document.querySelector(`#${prefix}-group > fieldset > .djn-items`);
  return items ? [...items.querySelectorAll(LIVING)] : [];
}

/** The sections in the order of the page. */
export const sections = () => rows("sections");

const named = (row, name) => row.querySelector(`[name="${row.id}-${name}"]`);

const isWritten = (field) => field.value.trim() !== "" && !["checkbox", "file"].includes(field.type) && (field.type !== "hidden" || field.name.endsWith("-picture"));

/** Whether a row says anything: a Document leaves out those that do not, and counts on without them. */
function saysSomething(row) {
  if (row.id.replace(/-\d+$/, "").endsWith("comments")) return Boolean(named(row, "text")?.value.trim());
  return [...row.querySelectorAll("input, textarea")].some(isWritten);
}

/** The sections that the Document has, in its order. */
export const written = () => sections().filter(saysSomething);

const placementOf = (comment) => named(comment, "placement")?.value ?? "closing";

/** All fields of what stands in the Document, by their places in it, in one pass over the form. */
export function fields() {
  const found = new Map();
  const put = (row, place) => row.querySelectorAll(`[name^="${row.id}-"]`).forEach((field) => {
    const name = field.name.slice(row.id.length + 1);
    if (!name.includes("-") && field.type !== "hidden") found.set(`${place}.${name}`, field);
  });
  for (const field of form.elements) if (field.name && field.type !== "hidden" && !field.name.includes("-")) found.set(field.name, field);
  written().forEach((section, number) => {
    put(section, `sections[${number}]`);
    rows(`${section.id}-sources`).filter(saysSomething).forEach((row, at) => put(row, `sections[${number}].sources[${at}]`));
    const counts = { opening: 0, closing: 0 };
    rows(`${section.id}-comments`).filter(saysSomething).forEach((row) => {
      const placement = placementOf(row);
      put(row, `sections[${number}].${placement}[${counts[placement]++}]`);
    });
  });
  rows("comments").filter(saysSomething).forEach((row, number) => put(row, `closing[${number}]`));
  return found;
}

/** The field at a place of the Document, or null. */
export const fieldAt = (wanted) => fields().get(wanted) ?? null;

/** The form as it stands, as the browser would send it; rows carry the position they have on the page. */
export function typed() {
  const data = new FormData(form);
  const number = (prefix) => rows(prefix).forEach((row, position) => {
    data.set(`${row.id}-position`, position);
    if (prefix === "sections") ["sources", "comments"].forEach((inner) => number(`${row.id}-${inner}`));
  });
  ["sections", "comments"].forEach(number);
  return data;
}

let unsaved = Boolean(config.unsaved);
/** Whether the form holds text that was not saved. */
export const isUnsaved = () => unsaved;
/** Say whether it does. */
export function setUnsaved(value) { unsaved = value; }

/** What has to end before the form is sent: functions that return promises. */
export const beforeSending = [];

/** Tell those who listen to the page. */
export function tell(text) { document.getElementById("desk-news").textContent = text; }

/**
 * Mark places of the Document in the outline: `counts` says how many marks of this kind stand where
 * ({"sections[0].sources[1].caption": 2}); a later call of the same `source` replaces its earlier marks.
 */
export function mark(source, counts) {
  document.dispatchEvent(new CustomEvent("desk:marks", { detail: { source, counts } }));
}

/** Bring a field into view, opening the section it stands in, and put the cursor there. */
export function reveal(field) {
  document.dispatchEvent(new CustomEvent("desk:reveal", { detail: field }));
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
}

/** Say that the form changed by other means than typing. */
export const tellChanged = () => form.dispatchEvent(new Event("input", { bubbles: true }));

/** Call back after each change of text or rows, once nothing changed for so many milliseconds. */
export function whenChanged(callback, wait = 0) {
  let timer;
  const soon = () => { clearTimeout(timer); timer = setTimeout(callback, wait); };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  // nested_admin tells nobody when a row is added, dragged, or marked for removal.
  const removed = (change) => change.attributeName && (change.oldValue ?? "").includes("grp-predelete") !== change.target.classList.contains("grp-predelete");
  new MutationObserver((changes) => { if (changes.some((each) => removed(each) || (each.type === "childList" && each.target.matches?.(".djn-items")))) soon(); })
    .observe(form, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"], attributeOldValue: true });
}

export class SignedOut extends Error {}

/**
 * Send form data to an address of the desk. Where the session has ended, the page is told by the event
 * "desk:signed-out" and SignedOut is thrown; a broken connection throws TypeError, as fetch does.
 */
export async function post(address, data) {
  const answer = await fetch(address, {
    method: "POST",
    body: data,
    headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value, "X-Requested-With": "XMLHttpRequest" },
    redirect: "manual",
  });
  if (answer.type === "opaqueredirect" || answer.status === 403) {
    document.dispatchEvent(new CustomEvent("desk:signed-out"));
    throw new SignedOut();
  }
  return answer;
}
