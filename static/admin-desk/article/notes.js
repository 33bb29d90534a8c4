// Notes beside the form: written, settled and reopened without leaving it. Where no script runs, a page of its own does.
import { form as article, addresses, mark, post, reveal, sections, whenChanged } from "./form.js";

const part = document.getElementById("desk-notes");
const list = document.getElementById("desk-notes-list");

const numberOf = (row) => row.querySelector(`[name="${row.id}-id"]`)?.value ?? "";
const rowOf = (number) => sections().find((row) => numberOf(row) === number);

/** Show how many notes are open: on the tab, and in the outline beside each section. */
function tellMarks() {
  document.getElementById("desk-notes-count").textContent = list.querySelectorAll(".desk-note:not(.is-settled)").length || "";
  const open = (number) => list.querySelectorAll(`.desk-note:not(.is-settled)[data-section="${CSS.escape(number)}"]`).length;
  mark("notes", Object.fromEntries(sections().map((row, place) => [`sections[${place}]`, numberOf(row) ? open(numberOf(row)) : 0])));
}

function tell(said) { part.querySelector(".desk-notes-told").textContent = said; }

/** Send a small form of the list; the answer is the list as it is now. What was typed stays where it was refused. */
async function send(small) {
  const text = list.querySelector("textarea");
  const typing = small.contains(text) ? null : { text: text?.value, section: list.querySelector("select")?.value };
  const answer = await post(small.action, new FormData(small));
  if (answer.status !== 200 && answer.status !== 409) throw new Error(String(answer.status));
  const open = list.querySelector("details")?.open;
  list.innerHTML = await answer.text();
  if (list.querySelector("details")) list.querySelector("details").open = open ?? false;
  if (typing?.text) {
    list.querySelector("textarea").value = typing.text;
    list.querySelector("select").value = typing.section;
  }
  tell(answer.status === 409 ? list.querySelector(".errorlist")?.textContent ?? "" : gettext("The notes are up to date."));
  (answer.status === 409 ? list.querySelector("textarea") : list.querySelector("button"))?.focus();
  tellMarks();
}

/** Go to the section a note is about. */
function jump(number) {
  const row = rowOf(number);
  if (row) reveal(row.querySelector(`[name="${row.id}-heading"]`) ?? row);
  return Boolean(row);
}

/** A new note is offered for the section that was edited last. */
function follow(event) {
  const row = event.target.closest?.("#sections-group > fieldset > .djn-items > .djn-item");
  const choice = list.querySelector(".desk-note-form select");
  const number = row ? numberOf(row) : "";
  if (!choice || choice.value === number || list.querySelector("textarea")?.value) return;
  if ([...choice.options].some((option) => option.value === number)) choice.value = number;
}

if (part && addresses.notes) {
  part.querySelector(".desk-notes-page").hidden = true;
  list.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    send(event.target).catch(() => {
      if (button) button.disabled = false;
      tell(gettext("The note could not be saved. What you wrote still stands here; try again in a moment."));
    });
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-jump]");
    if (link && jump(link.dataset.jump)) event.preventDefault();
  });
  article?.addEventListener("focusin", follow);
  if (article) whenChanged(tellMarks, 300);
  tellMarks();
}
