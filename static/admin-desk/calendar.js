// Drags a scheduled edition to another day. Without this script the form of each entry does the same.
const move = document.getElementById("desk-move");
let dragged = null;

const dayOf = (event) => event.target.closest?.("td[data-day]");

function over(event) {
  const day = dayOf(event);
  if (!dragged || !day) return;
  event.preventDefault();
  document.querySelectorAll("td.is-target").forEach((each) => each.classList.toggle("is-target", each === day));
  day.classList.add("is-target");
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-edition]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.textContent.trim());
});
document.addEventListener("dragover", over);
document.addEventListener("dragend", () => {
  dragged = null;
  document.querySelectorAll("td.is-target").forEach((each) => each.classList.remove("is-target"));
});
document.addEventListener("drop", (event) => {
  const day = dayOf(event);
  if (!dragged || !day) return;
  event.preventDefault();
  if (day.contains(dragged)) return;
  move.elements.edition.value = dragged.dataset.edition;
  move.elements.was.value = dragged.dataset.was;
  move.elements.day.value = day.dataset.day;
  move.submit();
});
