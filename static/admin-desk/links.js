// Draft links: a button beside each address that copies it. Without scripts the address is there to be selected.

const said = document.getElementById("desk-said");

for (const button of document.querySelectorAll(".desk-link-address button")) {
  const address = button.parentElement.querySelector("input");
  const words = button.textContent;
  address.addEventListener("focus", () => address.select());
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address.value);
    } catch { // no permission, or a page without TLS: the old way
      address.select();
      document.execCommand("copy");
    }
    button.textContent = said.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; said.textContent = ""; }, 3000);
  });
}
