// Marks beside the measured values while they are typed: a help for the eye; the server judges.
"use strict";
for (const line of document.querySelectorAll(".measure tbody tr")) {
  const field = line.querySelector("input:not([type=radio])");
  const mark = line.querySelector(".mark");
  const lower = line.dataset.lower === "" ? -Infinity : Number(line.dataset.lower);
  const upper = line.dataset.upper === "" ? Infinity : Number(line.dataset.upper);
  const judge = () => {
    const value = Number(field.value);
    const given = field.value.trim() !== "" && !Number.isNaN(value);
    const within = line.dataset.exclusive === "yes" ? value > lower && value < upper : value >= lower && value <= upper;
    mark.textContent = given ? (within ? "✓" : "✗") : "…";
    const needle = line.querySelector(".needle");
    if (!needle) return;
    const span = Number.isFinite(lower) && Number.isFinite(upper) ? upper - lower : Math.abs(Number.isFinite(lower) ? lower : upper) || 1;
    const from = Number.isFinite(lower) ? lower : upper - span;
    needle.style.display = given ? "block" : "none";
    needle.style.left = `${Math.min(98, Math.max(2, 20 + (60 * (value - from)) / span))}%`;
  };
  if (field) {
    field.addEventListener("input", judge);
    judge();
  }
  for (const choice of line.querySelectorAll("input[type=radio]")) {
    choice.addEventListener("change", () => { mark.textContent = choice.value === "yes" ? "✓" : "✗"; });
  }
}
