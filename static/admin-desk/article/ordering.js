// Sections, sources and comments move up and down by buttons and keys. (Dragging is nested_admin's own.)
import { form, rows, tell, tellChanged } from "./form.js";

/** Move a row one place up (-1) or down (1) among its like; the focus stays where it was. */
export function move(row, step) {
  const all = rows(row.id.replace(/-\d+$/, ""));
  const place = all.indexOf(row) + step;
  if (place < 0 || place >= all.length) {
    tell(step < 0 ? gettext("It stands first already.") : gettext("It stands last already."));
    return;
  }
  const focused = document.activeElement;
  if (step < 0) all[place].before(row);
  else all[place].after(row);
  focused?.focus();
  row.scrollIntoView({ block: "nearest" });
  tell(interpolate(gettext("Now in place %s of %s."), [place + 1, all.length]));
  tellChanged();
}

form?.addEventListener("click", (event) => {
  const pressed = event.target.closest(".desk-up, .desk-down");
  if (pressed) move(pressed.closest(".djn-inline-form"), pressed.matches(".desk-up") ? -1 : 1);
});
