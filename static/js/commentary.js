// Hides what commentators say, and remembers it on this device. Without this script, or where nothing can be
// remembered, the same link leads to the page without commentary.

const KEY = "commentary";
const HIDDEN = "hidden";
const root = document.documentElement;
const choice = document.querySelector("a[data-commentary]");
const notice = document.querySelector("[data-commentary-notice]");

function remembered() {
  try {
    return localStorage.getItem(KEY) === HIDDEN;
  } catch {
    return false; // a browser that keeps nothing
  }
}

function remember(hidden) {
  try {
    if (hidden) localStorage.setItem(KEY, HIDDEN);
    else localStorage.removeItem(KEY);
  } catch {
    // for this page it holds all the same
  }
}

function show(hidden) {
  root.toggleAttribute("data-without-commentary", hidden);
  choice.textContent = hidden ? choice.dataset.show : choice.dataset.hide;
  notice.hidden = !hidden;
}

function choose(event) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return; // a new tab, which shows the page it leads to
  event.preventDefault();
  const hidden = !root.hasAttribute("data-without-commentary");
  remember(hidden);
  show(hidden);
}

if (choice && notice) {
  if (remembered()) show(true);
  choice.addEventListener("click", choose);
  notice.querySelector("button").addEventListener("click", (event) => {
    choose(event);
    choice.focus();
  });
  // In another tab of this site the choice holds at once.
  addEventListener("storage", (event) => event.key === KEY && show(remembered()));
}
