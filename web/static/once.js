// What is shown once: copied by one touch, and a code that came along behind # in an address typed into its field.
// On plain HTTP there is no clipboard interface: then the text is selected and copied as if by hand.

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    await copy(field);
    button.textContent = `✓ ${button.dataset.done}`;
  });
}

const code = decodeURIComponent(location.hash.slice(1));
const entry = document.querySelector("input[name=code]");
if (code && entry) {
  entry.value = code;
  history.replaceState(null, "", location.pathname); // the code stays in no history
}
