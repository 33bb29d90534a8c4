// The article as a manuscript: what the parser is unsure of, a moment after each change, line by line.
import { addresses, form, post, tell, typed, whenChanged } from "./form.js";

const area = document.getElementById("desk-manuscript");
const list = document.getElementById("desk-remarks");
const sum = document.querySelector(".desk-reading-sum");
const WAIT = 300; // ms after the last key

/** Put the cursor on a line, from 1. */
function goTo(line) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + lines[line - 1].length);
  area.scrollTop = ((line - 4) / lines.length) * area.scrollHeight;
}

function entry(remark) {
  const item = document.createElement("li");
  item.className = `desk-doubt${remark.lost ? " is-lost" : ""}`;
  if (remark.line) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = interpolate(gettext("Line %s"), [remark.line]);
    button.addEventListener("click", () => goTo(remark.line));
    item.append(button, " ");
  }
  item.append(remark.text);
  return item;
}

let busy = false;
let again = false;
let before = -1;
async function read() {
  again = busy;
  if (busy) return;
  busy = true;
  try {
    const answer = await post(addresses.read, typed());
    if (answer.ok) {
      const found = await answer.json();
      list.replaceChildren(...found.remarks.map(entry));
      const sections = found.sections.length;
      sum.textContent = [
        interpolate(ngettext("%s section", "%s sections", sections), [sections]),
        interpolate(ngettext("%s source", "%s sources", found.sources), [found.sources]),
        interpolate(ngettext("%s takeaway", "%s takeaways", found.takeaways), [found.takeaways]),
      ].join(" · ");
      if (found.remarks.length !== before && before >= 0) {
        tell(interpolate(ngettext("%s remark on the text", "%s remarks on the text", found.remarks.length), [found.remarks.length]));
      }
      before = found.remarks.length;
    } else {
      sum.textContent = gettext("The text is longer than a manuscript can be. Split it into its articles.");
    }
  } catch { /* without a connection the text is read when it is sent */ }
  busy = false;
  if (again) read();
}

if (form && area) {
  whenChanged(read, WAIT);
  read();
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.code !== "KeyS" || event.isComposing) return;
    event.preventDefault();
    form.querySelector("[name=_continue]").click();
  });
}
