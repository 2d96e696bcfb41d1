// The devices of a station on its screen: the scanner, every printer with its paper and faults, rolls that are missing,
// jobs whose outcome a person has to tell, labels that must still be scanned back. Shows what the record says.
import { both, fill, language, make, say, word } from "./screen.js";

const paperOf = (printer, words) => {
  const size = printer.width_mm ? ` ${printer.width_mm}${printer.height_mm ? ` × ${printer.height_mm}` : ""} mm` : "";
  return word(words.stock, printer.stock) + size;
};

const printerLine = (printer, words) => {
  const faults = (printer.faults || []).map((one) => word(words.fault, one));
  const line = make("li", faults.length ? "device bad" : printer.doubt ? "device doubt" : "device");
  line.append(make("strong", "code", printer.code), make("span", `swatch ${printer.stock}`, paperOf(printer, words)));
  if (faults.length) line.append(make("span", "says", `✗ ${faults.join(say("、", ", "))}${printer.failed ? say("，修好后扫「重试」", "; scan RETRY when it is mended") : ""}`));
  if (printer.doubt) {
    line.append(make("span", "says", `? ${say("请扫标签卷确认", "scan the roll to confirm")}${say("（", " (")}${word(words.fault, printer.doubt)}${say("）", ")")}`));
  }
  if (!faults.length && !printer.doubt) line.append(make("span", "says", "✓"));
  if (printer.waiting) line.append(make("span", "soft", say(`待打 ${printer.waiting}`, `${printer.waiting} waiting`)));
  return line;
};

const missingLine = (roll, words) => {
  const [zh, en] = words.stock[roll.stock] || [roll.stock, roll.stock];
  const line = make("li", "device bad", make("span", "says", both(`请装${zh}标签`, `Load ${en.toUpperCase()} labels`)));
  const sizes = (roll.sizes || []).length ? `${roll.sizes.join(say(" 或 ", " or "))} mm · ` : "";
  line.append(make("span", "soft", sizes + say(`${roll.waiting} 张等待`, `${roll.waiting} waiting`)));
  return line;
};

// A job that perhaps printed: only a person who looks at the printer can tell.
const unknownJob = (job, words, settle) => {
  const box = make("section", "panel question", make("h2", "", both("打出来了吗？", "Did it come out?")));
  const why = (job[language] || job.reason || "").split(/[,;] */).map((one) => word(words.fault, one)).join(say("、", ", "));
  box.append(make("p", "", job.title, why ? ` · ${why}` : ""));
  if (!settle) return box;
  const yes = make("button", "", "✓ ", both("出来了", "It came out"));
  const no = make("button", "", "✗ ", both("没出来", "It did not"));
  yes.onclick = () => settle(job.id, true);
  no.onclick = () => settle(job.id, false);
  box.append(make("div", "pairs", yes, no));
  return box;
};

const failedLine = (job) => make("li", "device bad", make("span", "says", "✗ ", both("打不出", "Cannot be made")), ` ${job.title} · ${job[language] || job.reason}`);

const unverifiedLine = (label) => make("li", "", make("span", "code", label.serial), ` ${label.title}`);

// How far the station's own clock is off, by its last heartbeat: what it dates ahead of the server is refused.
const span = (seconds) => (seconds < 120 ? say(`${seconds} 秒`, `${seconds} s`) : seconds < 7200 ? say(`${Math.round(seconds / 60)} 分钟`, `${Math.round(seconds / 60)} min`) : say(`${Math.round(seconds / 3600)} 小时`, `${Math.round(seconds / 3600)} h`));
const clockSays = (state) => {
  const off = span(Math.abs(state.skew_s));
  if (!state.clock_wrong) return say(`工位时钟 ±${off}`, `station clock ±${off}`);
  return state.skew_s > 0 ? say(`工位时钟快 ${off}，请校时`, `station clock ${off} fast: set it`) : say(`工位时钟慢 ${off}，请校时`, `station clock ${off} slow: set it`);
};
const clockLine = (state) => make("li", state.clock_wrong ? "device bad" : "device", make("span", "says", `${state.clock_wrong ? "✗" : "✓"} ${clockSays(state)}`));

// `places` are the elements to fill; `settle(job, cameOut)` is missing where nobody may answer.
export const showDevices = (state, words, places, settle) => {
  const missing = state.missing || [];
  const scanner = state.scanner;
  const lines = [];
  if (scanner && !scanner.connected) lines.push(make("li", "device bad", make("span", "says", "✗ ", both("扫描枪未连接", "Scanner not connected"))));
  if (state.silent) lines.push(make("li", "device bad", make("span", "says", "✗ ", both("工位程序无应答", "Station program silent"))));
  if (state.skew_s !== null && state.skew_s !== undefined) lines.push(clockLine(state));
  for (const roll of missing) lines.push(missingLine(roll, words));
  for (const printer of state.printers || []) if (printer.code) lines.push(printerLine(printer, words));
  for (const job of state.failed_jobs || []) lines.push(failedLine(job));
  fill(places.devices, ...lines);
  places.panel.hidden = !lines.length;
  fill(places.unknown, ...(state.unknown_jobs || []).map((job) => unknownJob(job, words, settle)));
  const unverified = state.unverified || [];
  places.verify.hidden = !unverified.length;
  fill(places.verify, make("h2", "", both("贴好后请回扫标签", "Scan these labels back")), make("ul", "", ...unverified.slice(0, 6).map(unverifiedLine)));
};

// One line for the top of the screen: the worst of what the devices say, empty when all is well.
export const worst = (state, words) => {
  if (state.scanner && !state.scanner.connected) return say("✗ 扫描枪未连接", "✗ scanner not connected");
  const missing = (state.missing || []).map((one) => word(words.stock, one.stock));
  if (missing.length) return say(`✗ 请装${missing.join("、")}标签`, `✗ load ${missing.join(", ").toUpperCase()} labels`);
  const ill = (state.printers || []).filter((one) => one.faults && one.faults.length)[0];
  if (ill) return `✗ ${ill.code} ${word(words.fault, ill.faults[0])}`;
  if (state.silent) return say("✗ 工位程序无应答", "✗ station program silent");
  if (state.clock_wrong) return `✗ ${clockSays(state)}`;
  const doubtful = (state.printers || []).filter((one) => one.doubt)[0];
  return doubtful ? `? ${doubtful.code} ${say("请确认标签卷", "confirm the roll")}` : "";
};
