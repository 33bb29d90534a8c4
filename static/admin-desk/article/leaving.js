// Asks before unsaved text is left behind.
import { form, isUnsaved, setUnsaved, whenChanged } from "./form.js";

if (form?.querySelector(".errornote")) setUnsaved(true);
if (form) {
  whenChanged(() => setUnsaved(true));
  form.addEventListener("submit", () => setUnsaved(false));
  window.addEventListener("beforeunload", (event) => { if (isUnsaved()) event.preventDefault(); });
}
