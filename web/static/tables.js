// Small tables that stand whole on their page: a click on a heading sorts, a few letters find rows. Tables with pages are
// sorted and searched by the server. Without this script all of them are simply tables.

const textOf = (row, column) => row.cells[column].textContent.trim();
const isNumber = (text) => /^-?[0-9]+(\.[0-9]+)?$/.test(text);
const order = new Intl.Collator(document.documentElement.lang, { numeric: true });

// Numbers by their size, all else as people of this language sort it; empty cells always last.
const compare = (one, other) => {
  if (!one || !other) return one ? -1 : other ? 1 : 0;
  return isNumber(one) && isNumber(other) ? Number(one) - Number(other) : order.compare(one, other);
};

const sortBy = (table, column) => {
  const heading = table.tHead.rows[0].cells[column];
  const down = heading.getAttribute("aria-sort") === "ascending";
  for (const one of Array.from(table.tHead.rows[0].cells)) one.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows).map((row) => ({ row, text: textOf(row, column) }));
  rows.sort((one, other) => (one.text && other.text && down ? -compare(one.text, other.text) : compare(one.text, other.text)));
  for (const one of rows) body.append(one.row);
};

const makeSortable = (table) => {
  Array.from(table.tHead.rows[0].cells).forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...Array.from(heading.childNodes));
    button.onclick = () => sortBy(table, column);
    heading.append(button);
  });
};

const makeSearchable = (panel, table) => {
  const field = document.createElement("input");
  field.type = "search";
  field.className = "field narrow find no-print";
  field.placeholder = panel.dataset.find;
  field.setAttribute("aria-label", panel.dataset.find);
  const count = panel.querySelector(".count");
  const rows = Array.from(table.tBodies[0].rows);
  field.oninput = () => {
    const wanted = field.value.trim().toLowerCase();
    for (const row of rows) row.hidden = row.textContent.toLowerCase().indexOf(wanted) < 0;
    const left = rows.filter((row) => !row.hidden).length;
    count.textContent = wanted ? `${left} / ${rows.length}` : rows.length;
  };
  panel.querySelector("h2").append(field);
};

for (const panel of Array.from(document.querySelectorAll(".grid[data-find]"))) {
  const table = panel.querySelector("table");
  if (table) {
    makeSortable(table);
    makeSearchable(panel, table);
  }
}

// Choosing a filter applies it at once; the button beside the fields does the same without this script.
for (const form of Array.from(document.querySelectorAll("form.filters"))) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) form.requestSubmit();
  });
  // What is empty need not stand in the address.
  form.addEventListener("submit", () => {
    for (const field of Array.from(form.elements)) field.disabled = field.name !== "" && field.value === "";
  });
}

// A page that was left keeps its fields for the way back.
window.addEventListener("pageshow", () => {
  for (const field of Array.from(document.querySelectorAll("form.filters [disabled]"))) field.disabled = false;
});
