// The regions around the form: what stands beside it becomes tabs, and on a narrow screen outline and side fold away.
const side = document.getElementById("desk-side");
const CHOSEN = "desk-side-part";

function drawer(button, region, className) {
  if (!button || !region) return;
  const show = (open) => {
    document.body.classList.toggle(className, open);
    button.setAttribute("aria-expanded", open);
  };
  button.addEventListener("click", () => show(!document.body.classList.contains(className)));
  region.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !document.body.classList.contains(className)) return;
    show(false);
    button.focus();
  });
  region.addEventListener("click", (event) => { if (event.target.closest("a")) show(false); });
}

function tabs(parts) {
  const list = document.createElement("div");
  list.className = "desk-tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", side.getAttribute("aria-label"));
  const buttons = parts.map((part) => {
    const heading = part.querySelector("h2");
    const button = document.createElement("button");
    button.type = "button";
    button.id = `${part.id}-tab`;
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", part.id);
    button.append(...heading.childNodes);
    heading.replaceChildren(button.textContent);
    heading.classList.add("visually-hidden");
    part.setAttribute("role", "tabpanel");
    part.setAttribute("aria-labelledby", button.id);
    list.append(button);
    return button;
  });
  const choose = (chosen, focus) => {
    buttons.forEach((button, number) => {
      const here = button === chosen;
      button.setAttribute("aria-selected", here);
      button.tabIndex = here ? 0 : -1;
      parts[number].hidden = !here;
    });
    try { localStorage.setItem(CHOSEN, chosen.id); } catch { /* nothing is remembered then */ }
    if (focus) chosen.focus();
    document.dispatchEvent(new CustomEvent("desk:side", { detail: chosen.getAttribute("aria-controls") }));
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[role=tab]");
    if (button) choose(button);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    choose(buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length], true);
  });
  side.prepend(list);
  let before = null;
  try { before = localStorage.getItem(CHOSEN); } catch { /* the first one, then */ }
  const preview = buttons.find((button) => button.id === "desk-part-preview-tab");
  choose(buttons.find((button) => button.id === before) ?? preview ?? buttons[0]);
}

document.documentElement.classList.add("has-desk-script");
drawer(document.getElementById("desk-outline-toggle"), document.getElementById("desk-outline"), "is-outline-open");
drawer(document.getElementById("desk-side-toggle"), side, "is-side-open");
const parts = side ? [...side.querySelectorAll(":scope > .desk-part")] : [];
if (parts.length) tabs(parts);
