// A manuscript that is pasted into the empty field is read at once.
const area = document.getElementById("id_manuscript");
area?.addEventListener("paste", () => {
  if (!area.value.trim()) setTimeout(() => area.form.elements.read.click());
});
