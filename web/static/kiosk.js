// The kiosk's help for eye and hand: marks beside measured values, what keeps the signature waiting, a gauge's reading in
// the field that waits for it, scanned badges, gauges and run cards. It judges nothing: signing decides, the server judges.
import { at, fill, language, make, MARK, pair, panel, say, sound, watch, wedgeOptions, whyLost } from "./screen.js";
import { showDevices, worst } from "./devices.js";
import { listen, outbox } from "./wedge.js";

const root = at("kiosk");
const { station, csrf } = root.dataset;
const words = JSON.parse(root.dataset.words);
const places = { devices: at("devices"), panel: at("devices-panel"), unknown: at("unknown"), verify: at("verify") };
const all = (choose, inside) => Array.from((inside || document).querySelectorAll(choose));

// What was answered, and after a refusal what may be scanned here.
const tell = (words_, tone, next) => {
  const line = at("said");
  line.hidden = false;
  line.className = tone === "good" ? "flash good" : "flash";
  pair(line, next ? { zh: `${words_.zh} ${next.zh}`, en: `${words_.en} ${next.en}` } : words_);
  if (tone) sound(tone);
};

// --- marks beside the values -----------------------------------------------------------------------------------------

const limitsOf = (line) => ({
  lower: line.dataset.lower === "" ? -Infinity : Number(line.dataset.lower),
  upper: line.dataset.upper === "" ? Infinity : Number(line.dataset.upper),
});

const verdictOf = (line, text) => {
  const { lower, upper } = limitsOf(line);
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) return "…";
  const within = line.dataset.exclusive === "yes" ? value > lower && value < upper : value >= lower && value <= upper;
  return within ? "✓" : "✗";
};

const drawNeedle = (line, text) => {
  const needle = line.querySelector(".needle");
  if (!needle) return;
  const { lower, upper } = limitsOf(line);
  const one = Number.isFinite(lower) ? lower : upper;
  const span = Number.isFinite(lower) && Number.isFinite(upper) ? upper - lower : Math.abs(one) || 1;
  const from = Number.isFinite(lower) ? lower : upper - span;
  needle.style.display = text.trim() === "" || Number.isNaN(Number(text)) ? "none" : "block";
  needle.style.left = `${Math.min(98, Math.max(2, 20 + (60 * (Number(text) - from)) / span))}%`;
};

const verdicts = (line) => {
  if (line.dataset.kind === "measure") return all(".value input", line).map((field) => verdictOf(line, field.value));
  return all(".segmented", line).map((group) => {
    const chosen = group.querySelector("input:checked");
    return chosen ? (chosen.value === "yes" ? "✓" : "✗") : "…";
  });
};

// Every piece of a first article has to be measured; elsewhere one of each characteristic.
const inspection = at("inspection");
const stage = inspection ? inspection.dataset.stage : "";
const markOf = (marks) => {
  if (marks.indexOf("✗") >= 0) return "✗";
  return (stage === "first_article" ? marks.indexOf("…") < 0 : marks.indexOf("✓") >= 0) ? "✓" : "…";
};
const lines = all(".measure tbody tr");

const judge = () => {
  const found = lines.map((line) => {
    const mark = markOf(verdicts(line));
    line.querySelector("td.mark").textContent = mark;
    const first = line.querySelector(".value input");
    if (first) drawNeedle(line, first.value);
    return mark;
  });
  const list = (mark) => lines.filter((_, i) => found[i] === mark).map((line) => line.dataset.number).join(say("、", ", "));
  const pass = document.querySelector(".verdict input[value=pass]");
  if (!pass || stage !== "first_article") return;
  const bad = list("✗");
  const open = list("…");
  pass.disabled = Boolean(bad || open);
  if (pass.disabled) pass.checked = false;
  const why = bad ? say(`第 ${bad} 项超差`, `item ${bad} out of limits`) : open ? say(`第 ${open} 项未测完`, `item ${open} not all measured`) : "";
  pass.parentElement.querySelector(".why").textContent = why;
};

// What the signature will say stands on its button; without a verdict there is nothing to sign.
const nameVerdict = () => {
  const button = at("sign");
  if (!button) return;
  const asked = all(".verdict input");
  const chosen = asked.filter((one) => one.checked)[0];
  const numbers = all(".split input.quantity").map((field) => field.value || "0");
  const said = chosen ? chosen.dataset.said : numbers.length ? say(`合格 ${numbers[0]}，不合格 ${numbers[1]}`, `${numbers[0]} accepted, ${numbers[1]} nonconforming`) : "";
  const split = document.querySelector(".split");
  const odd = split && Number(numbers[0]) + Number(numbers[1]) !== Number(split.dataset.waiting);
  button.disabled = Boolean((asked.length && !chosen) || odd);
  const missing = odd ? say(`合计须为 ${split.dataset.waiting}`, `they must add up to ${split.dataset.waiting}`) : say("先选判定", "choose the verdict first");
  const verdict = button.disabled ? missing : said;
  fill(button, `✓ ${say(button.dataset.zh, button.dataset.en)}${verdict ? say("：", ": ") : ""}${verdict}`);
};

const addUp = () => {
  const split = document.querySelector(".split");
  if (!split) return;
  const numbers = all("input.quantity", split).map((field) => Number(field.value));
  const sum = numbers[0] + numbers[1];
  const fits = sum === Number(split.dataset.waiting);
  split.querySelector(".sum").textContent = `${fits ? "✓" : "✗"} ${numbers.join(" + ")} = ${sum} / ${split.dataset.waiting}`;
};

const settleForm = () => { judge(); addUp(); nameVerdict(); };
document.addEventListener("input", settleForm);
document.addEventListener("change", settleForm);
settleForm();

// --- a gauge's reading -----------------------------------------------------------------------------------------------

let lastReading;

const waitingField = () => {
  const fields = all(".measure .value input");
  const focused = document.activeElement;
  return fields.indexOf(focused) >= 0 ? focused : fields.filter((field) => field.value.trim() === "")[0] || null;
};

// Choose the gauge that sent the value; null when all is well, else why this gauge cannot be used for this line.
const chooseGauge = (line, device) => {
  const choices = all("input[type=radio][data-list]", line);
  const name = `gauge-${line.dataset.number}`;
  if (!choices.length) {
    const noted = line.querySelector(`input[name="${name}"]`) || line.querySelector(".values").appendChild(make("input"));
    noted.type = "hidden";
    noted.name = name;
    noted.value = device;
    return null;
  }
  const found = choices.filter((one) => one.value === device)[0];
  if (!found) return { zh: `量具 ${device} 不能用于此项。`, en: `Gauge ${device} is not one of those for this item.` };
  if (found.closest(".off")) return { zh: `量具 ${device} 已过检定期。`, en: `Gauge ${device} is out of calibration.` };
  found.checked = true;
  return null;
};

const wrongUnit = (reading, line) => ({
  zh: `量具 ${reading.device} 发来 ${reading.value} ${reading.unit || "（无单位）"}，此项要 ${line.dataset.unit}。`,
  en: `Gauge ${reading.device} sent ${reading.value} ${reading.unit || "(no unit)"}; this item wants ${line.dataset.unit}.`,
});

const takeReading = (reading) => {
  const field = waitingField();
  if (!field) {
    tell({ zh: `${reading.device}：${reading.value} ${reading.unit}，没有等待的测量项。`, en: `${reading.device}: ${reading.value} ${reading.unit}, but no field waits for a value.` }, "attention");
    return;
  }
  const line = field.closest("tr");
  const fits = reading.unit.toLowerCase() === line.dataset.unit.toLowerCase();
  const why = fits ? chooseGauge(line, reading.device) : wrongUnit(reading, line);
  if (why) {
    tell(why, "bad");
    return;
  }
  field.value = reading.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const from = line.querySelector(".from") || line.querySelector("td.values").appendChild(make("small", "from line"));
  from.textContent = `← ${reading.device} ${reading.value} ${reading.unit}`;
  sound("good");
  const fields = all(".measure .value input");
  const next = fields.slice(fields.indexOf(field) + 1).filter((one) => one.value.trim() === "")[0];
  if (next) next.focus();
};

const hearReading = (reading) => {
  const id = reading ? reading.id : "";
  if (lastReading !== undefined && id !== lastReading && id) takeReading(reading);
  lastReading = id; // what the gauge sent before this page was opened belongs to other pieces
};

// --- scans -----------------------------------------------------------------------------------------------------------

const badgeField = () => document.querySelector(".sign input[name=badge]");

const signOn = (badge) => {
  const field = badgeField();
  if (!field) return false;
  field.value = badge;
  document.querySelector(".sign input[name=pin]").focus();
  return true;
};

const gaugeScanned = (code) => {
  const found = all("input[type=radio][data-list]").filter((one) => code === one.value || code.indexOf(`ZE.${one.value}`) === 0);
  for (const one of found) one.checked = true;
  return found.length > 0;
};

// Whatever stands on a label of goods or work: the page says what waits there, or that nothing does. Words, machines and
// rolls (Z…), quantities and orders are the terminal's to answer.
const openCode = (code, text) => {
  if (/^(Z|Q[0-9]|K|1H)/.test(code)) return false;
  location.href = `?code=${encodeURIComponent(text)}`;
  return true;
};

// What a scan means on this page; false for what only the terminal behind it can answer.
const means = (text) => {
  const code = text.replace(/^\][A-Za-z][0-9]/, "");
  if (code.indexOf("1H") === 0 && signOn(code.slice(2))) return true;
  return gaugeScanned(code) || openCode(code, text);
};

let heard = null; // ids of the replies that were shown
const followSerial = (recent, task) => {
  const last = recent[0];
  if (heard !== null && last && heard.indexOf(last.id) < 0) {
    tell({ zh: `${MARK[last.result]} ${last.headline.zh}`, en: `${MARK[last.result]} ${last.headline.en}` }, last.result === "refused" ? "bad" : "good", last.result === "refused" && last.expects);
    const goods = !/^(\]..)?(Z|1H)/.test(last.code);
    if (last.result !== "refused") means(goods && task.state.opened ? task.state.opened : last.code);
  }
  heard = recent.map((reply) => reply.id).concat(heard || []).slice(0, 50);
};

const box = outbox((scan) => fetch(`/terminal/${station}/scans`, {
  method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
  body: JSON.stringify({ id: scan.id, code: scan.code, waited_s: scan.waited_s, ago_s: scan.ago_s }),
}), {
  answered: (scan, status, reply) => {
    if (status !== 200) {
      tell({ zh: `服务器不接受此码（${status}）。`, en: `The server does not take this code (${status}).` }, "bad");
      return;
    }
    heard = [reply.id].concat(heard || []);
    tell(reply.headline, reply.tone, reply.result === "refused" && reply.expects);
  },
  waiting: (count, why) => {
    const { zh, en } = why ? { zh: `${why.zh}。`, en: `${why.en}. ` } : { zh: "", en: "" };
    if (count) tell({ zh: `${zh}未确认的扫描：${count}，请不要关闭此页。`, en: `${en}Scans not confirmed: ${count}. Keep this page open, a browser keeps nothing after closing.` }, "attention");
  },
});

if (root.dataset.wedge === "yes") {
  listen(document, wedgeOptions(root), {
    scan: (code, when) => means(code) || box.add(code, when), refused: (why) => tell(why, "bad"),
  });
}

// --- what the server and the devices say -----------------------------------------------------------------------------

const settle = async (job, cameOut) => {
  const answer = await fetch(`/terminal/${station}/jobs/${job}`, {
    method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf }, body: JSON.stringify({ came_out: cameOut }),
  });
  const said = await answer.json();
  tell(said.headline, said.accepted ? "good" : "bad");
};

let unable = null; // why the server can keep nothing now, in its own words

const connected = (yes, status, why) => {
  at("line").textContent = yes ? say("已连接", "connected") : whyLost(status, why) + (status && !why ? "" : say("，请先不要签字", ": do not sign yet"));
  at("line").classList.toggle("bad", !yes);
};

// Who is gone signs nothing: badge and PIN leave the form with the person, and after some minutes without a hand on it.
const GONE_MS = 5 * 60 * 1000;
let person = null;
let day = null;
let touched = performance.now();
const forget = () => { for (const field of all(".sign input")) field.value = ""; };
for (const kind of ["input", "keydown", "click"]) document.addEventListener(kind, () => { touched = performance.now(); });
setInterval(() => { if (performance.now() - touched > GONE_MS) forget(); }, 15000);

const show = (state) => {
  if (person && !state.person) forget();
  person = state.person;
  if (day && day !== state.day) for (const line of all(".flash")) line.hidden = true; // yesterday's answers go
  day = state.day;
  at("person").hidden = !state.person;
  at("person").textContent = state.person ? `${state.person[language]} ${state.person.badge}` : "";
  const trouble = worst(state, words);
  at("trouble").hidden = !trouble;
  at("trouble").textContent = trouble;
  showDevices(state, words, places, root.dataset.wedge === "yes" ? settle : null);
  followSerial(state.recent, state.task);
  hearReading(state.reading);
  unable = state.database;
  at("line").setAttribute("data-heard", "yes");
};

const askPanel = panel(station);
const lost = async (status, why) => {
  connected(false, status, why);
  const said = await askPanel();
  if (!said) return;
  at("trouble").hidden = !said.waiting;
  at("trouble").textContent = say(`已保存在工位，未确认：${said.waiting}`, `kept at the station, not yet confirmed: ${said.waiting}`);
};

watch(station, (state) => {
  if (state) show(state);
  connected(!unable, 200, unable);
}, lost);

// New work appears without touching what is being typed.
setInterval(async () => {
  try {
    const answer = await fetch(root.dataset.page);
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("lists");
    if (fresh) fill(at("lists"), ...Array.from(fresh.childNodes));
  } catch (_) { /* the next time */ }
}, 15000);
