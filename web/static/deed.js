// An office form: search as one types, by keys or by touch; a scan fills the field that has the focus with what its code
// names, and goes on to the next field. Without this script the form is simply a form: the server reads codes too.

const WAIT_MS = 200;
const form = document.getElementById("deed");
const typable = "input:not([type=hidden]):not([readonly]), select, textarea";

const fieldsOf = () => Array.from(form.querySelectorAll(typable));

const goOn = (field) => {
  const fields = fieldsOf();
  const next = fields[fields.indexOf(field) + 1];
  (next || form.querySelector("button.primary")).focus();
};

class Finder {
  constructor(field) {
    this.field = field;
    this.list = document.getElementById(field.getAttribute("aria-controls"));
    this.asked = 0;
    this.chosen = -1;
    field.addEventListener("input", () => this.soon());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.left());
    this.list.addEventListener("pointerdown", (event) => this.touched(event));
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), WAIT_MS);
  }

  // Answers may come out of order: only the newest question's counts.
  async ask() {
    const mine = ++this.asked;
    const text = this.field.value.trim();
    if (!text) return null;
    try {
      const answer = await fetch(`/api/v1/find/${this.field.dataset.find}?q=${encodeURIComponent(text)}`);
      const found = answer.ok ? await answer.json() : null;
      return mine === this.asked && text === this.field.value.trim() ? found : null;
    } catch {
      return null; // no server: what was typed stays, the form says the rest
    }
  }

  async look() {
    const found = await this.ask();
    this.show(found && document.activeElement === this.field ? found.rows : []);
  }

  show(rows) {
    const zh = document.documentElement.lang.startsWith("zh");
    this.chosen = -1;
    this.list.textContent = "";
    rows.forEach((row, number) => this.list.append(this.line(row.code, zh ? row.zh : row.en, number)));
    this.list.hidden = rows.length === 0;
    this.field.setAttribute("aria-expanded", String(rows.length > 0));
    this.field.removeAttribute("aria-activedescendant");
  }

  line(code, name, number) {
    const line = document.createElement("li");
    line.id = `${this.list.id}-${number}`;
    line.setAttribute("role", "option");
    line.dataset.code = code;
    const shown = document.createElement("span");
    shown.className = "code";
    shown.textContent = code;
    line.append(shown, ` ${name}`);
    return line;
  }

  mark(step) {
    const lines = this.list.children;
    if (this.list.hidden || lines.length === 0) return;
    if (this.chosen >= 0) lines[this.chosen].removeAttribute("aria-selected");
    this.chosen = (this.chosen + step + lines.length) % lines.length;
    lines[this.chosen].setAttribute("aria-selected", "true");
    lines[this.chosen].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", lines[this.chosen].id);
  }

  take(code) {
    clearTimeout(this.timer);
    this.asked += 1;
    this.field.value = code;
    this.show([]);
    goOn(this.field);
  }

  touched(event) {
    const line = event.target.closest("li");
    if (!line) return;
    event.preventDefault();
    this.take(line.dataset.code);
  }

  key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.mark(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      this.show([]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.chosen >= 0) this.take(this.list.children[this.chosen].dataset.code);
      else this.settle().then(() => goOn(this.field));
    }
  }

  left() {
    clearTimeout(this.timer);
    this.show([]);
    this.settle();
  }

  // What was scanned becomes what it names: 1TR261027-01 is lot R261027-01.
  async settle() {
    clearTimeout(this.timer);
    const found = await this.ask();
    if (found && found.read) this.field.value = found.read;
    this.show([]);
  }
}

// The Enter at the end of a scan never sends a form: it goes on to the next field.
form.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key === "Enter" && field.matches("input") && !field.dataset.find && field.type !== "password") {
    event.preventDefault();
    goOn(field);
  }
});
for (const field of form.querySelectorAll("input[data-find]")) new Finder(field);
const first = form.querySelector(".wrong input, .wrong select") || fieldsOf().find((field) => !field.value);
if (first) first.focus();
document.documentElement.dataset.deed = "ready";
