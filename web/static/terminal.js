// The terminal's screen: shows the last reply, sounds good or bad once per scan, and says what the station's devices say.
// Keyboard-wedge scanners and typed codes enter here where this browser is the station's own screen.
import { at, fill, make, MARK, minutesSince, pair, panel, language, say, sound, watch, wedgeOptions, whyLost } from "./screen.js";
import { showDevices, worst } from "./devices.js";
import { button, overrideForm, touching } from "./touch.js";
import { listen, outbox } from "./wedge.js";

const root = at("terminal");
const { station, csrf } = root.dataset;
const own = root.dataset.wedge === "yes";
const words = JSON.parse(root.dataset.words);
const askPanel = panel(station);
const places = { devices: at("devices"), panel: at("devices-panel"), unknown: at("unknown"), verify: at("verify") };
const SIDE = ["work", "instruction-panel", "loaded-panel", "devices-panel"];
let day = null; // the production day of what is shown
let heard = null; // ids of the replies that were shown: an answer that comes late never covers a newer one
let spoken = false;
let unable = null; // why the server can keep nothing now, in its own words
let kept = 0;
let mine = 0;
let work = null;
let touched = null; // hears every state where this browser may scan
let box = null;

const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };

const mayPass = (reason) => {
  const [zh, en] = reason.override_names;
  return make("small", "line", say(`可由${zh}放行`, `may be overridden by ${en}`));
};
const reasonLine = (reason) => {
  const line = pair(make("li"), reason);
  if (reason.override_names) line.append(mayPass(reason));
  return line;
};

const typed = (code) => box.add(code, performance.now(), true);
const letPass = async (said) => {
  try {
    const answer = await fetch(`/terminal/${station}/overrides`, { method: "POST", headers, body: JSON.stringify(said) });
    const reply = await answer.json();
    if (reply.id) heard = [reply.id].concat(heard || []);
    showReply(reply, true);
    askNow();
  } catch (_) {
    refuse({ zh: "没有送达，请再签一次。", en: "That did not get through: sign again." });
  }
};

// What the answer asks back: which of several was meant, or whether somebody entitled lets it pass.
const asked = (reply) => {
  if (!own) return [];
  const choices = (reply.choices || []).map((one) => button(one, "choice", () => box.add(one.code, performance.now())));
  const open = reply.reasons.filter((one) => one.override_role);
  if (!open.length || reply.result !== "refused") return choices;
  const form = make("div");
  const ask = button({ zh: "放行…", en: "Override…" }, "choice", () => {
    root.classList.add("signing");
    overrideForm(form, open, letPass, () => root.classList.remove("signing"));
  });
  ask.id = "override";
  return choices.concat([ask, form]);
};

const showReply = (reply, loud) => {
  const several = reply.reasons.length > 1;
  at("answer").className = `answer ${reply.result}`;
  at("mark").textContent = MARK[reply.result] || "…";
  const reasons = reply.reasons.length;
  pair(at("headline"), several ? { zh: `不能执行：${reasons} 个原因`, en: `Refused for ${reasons} reasons` } : reply.headline);
  const one = reply.reasons[0];
  const warnings = (reply.warnings || []).map((one) => make("p", "warned", "⚠ ", pair(make("span"), one)));
  fill(at("reasons"), ...warnings, ...(several ? reply.reasons.map(reasonLine) : one && one.override_names ? [make("p", "", mayPass(one))] : []));
  root.classList.remove("signing");
  fill(at("asked"), ...asked(reply));
  if (loud) sound(reply.tone);
};

// A scan that this page itself could not take: nothing of it has left the browser.
const refuse = (words_, tone) => {
  spoken = true;
  showReply({ result: "refused", reasons: [], headline: words_, tone: tone || "bad" }, true);
};

// The band of a line: how the first article of the operation in hand stands, with the minutes that it waits.
const setUp = (first) => {
  const again = first.attempt > 1;
  if (first.state === "released") return { zh: "✓ 首检已放行", en: "✓ released" };
  if (first.state === "ready") {
    const minutes = minutesSince(first.since);
    return { zh: `首检待签 · 已等 ${minutes} 分钟`, en: `waiting for the inspector · ${minutes} min` };
  }
  if (again) return { zh: `✗ 首检不合格，再做 ${first.wanted}（已做 ${first.made}）`, en: `✗ rejected, make ${first.wanted} again (${first.made} made)` };
  return { zh: `调试 ${first.made} / ${first.wanted}`, en: `set-up ${first.made} of ${first.wanted}` };
};
const STATES = { waiting: { zh: "未开工", en: "waiting" }, running: { zh: "生产中", en: "running" }, finished: { zh: "已完工", en: "finished" }, setup: { zh: "调试", en: "set-up" } };
const showBand = () => {
  const chip = at("setup");
  chip.hidden = !work;
  if (work) pair(chip, work.setup ? setUp(work.setup) : STATES[work.state]);
};

const showWork = () => {
  at("work").hidden = at("instruction-panel").hidden = !work;
  if (!work) return;
  pair(at("item"), { zh: work.item_zh, en: work.item_en });
  fill(at("card"), make("span", "code", work.card), ` · ${work.seq} ${work[language]}`);
  at("good").textContent = work.good;
  at("bad").textContent = work.bad;
  at("done").max = work.planned;
  at("done").value = work.good + work.bad;
  at("planned").textContent = say(`计划 ${work.planned} · 上道可转 ${work.ready}`, `of ${work.planned} · ready from previous ${work.ready}`);
  at("revision").textContent = `rev. ${work.revision}`;
  at("instruction").textContent = work.instruction;
  fill(at("self-checks"), ...work.self_checks.map((check) => make("li", "", check[language])));
};

const loadedRow = (box) => {
  const what = make("span", "", make("span", "code", box.item), ` ${box[language] || ""}`);
  return make("li", "", what, make("span", "left", make("span", "code", box.lot), make("span", "", box.left)));
};

const recentLine = (reply) => {
  const time = reply.at ? `${reply.at.slice(11, 19)} ` : ""; // the plant's time, whatever zone this tablet is set to
  return make("li", "", `${MARK[reply.result]} `, make("span", "soft", time), reply.headline[language]);
};

const showPerson = (person) => {
  at("person").textContent = person ? `${person[language]} ${person.badge}` : say("未登录，请扫工牌", "nobody signed on: scan a badge");
};

const showLast = (state) => {
  const last = state.recent[0];
  const early = heard === null && spoken; // what this page refused before its first answer came stays to be read
  if (!early && last && !(heard && heard.indexOf(last.id) >= 0)) showReply(last, heard !== null);
  if (!early && !last && heard === null) pair(at("headline"), state.expects);
  if (day && day !== state.day && !last) { // yesterday's answer goes
    at("answer").className = "answer quiet";
    at("mark").textContent = "…";
    pair(at("headline"), state.expects);
    fill(at("reasons"));
    fill(at("asked"));
  }
  day = state.day;
  heard = state.recent.map((reply) => reply.id).concat(heard || []).slice(0, 50);
};

const show = (state) => {
  showPerson(state.person);
  at("machine").hidden = !state.machine;
  at("machine").textContent = state.machine || "";
  const trouble = worst(state, words);
  at("trouble").hidden = !trouble;
  at("trouble").textContent = trouble;
  pair(at("next"), state.expects);
  work = state.operation;
  showBand();
  showWork();
  at("task").hidden = state.hand.length < 2;
  pair(at("task"), state.task);
  if (touched) touched(state);
  at("loaded-panel").hidden = !state.loaded.length;
  fill(at("loaded"), ...state.loaded.map(loadedRow));
  fill(at("recent"), ...state.recent.slice(0, 5).map(recentLine));
  showDevices(state, words, places, own ? settle : null);
  root.classList.toggle("alone", SIDE.every((id) => at(id).hidden));
  root.dataset.version = state.version;
  kept = state.waiting || 0;
  unable = state.database;
  showLast(state);
};

// Scans that are not confirmed: kept on the station's disk, or only in this page.
const showKept = (connected, status) => {
  const line = at("kept");
  line.hidden = !kept && !mine && !unable;
  const parts = unable ? [`✗ ${unable[language]}`] : [];
  if (kept) parts.push(say(`已保存在工位，未确认：${kept}`, `kept at the station, not yet confirmed: ${kept}`));
  if (mine) parts.push(say(`此页未确认：${mine}，请不要关闭此页`, `not confirmed: ${mine}. Keep this page open, a browser keeps nothing after closing`));
  line.textContent = parts.join(" · ");
  const well = connected && !unable;
  at("line").textContent = well ? say("已连接", "connected") : whyLost(status, unable);
  at("line").classList.toggle("bad", !well);
};

const lost = async (status, why) => {
  unable = why;
  const station_ = await askPanel();
  if (station_) {
    kept = station_.waiting;
    const trouble = worst({ scanner: station_.scanner, printers: station_.printers }, words);
    at("trouble").hidden = !trouble;
    at("trouble").textContent = trouble;
  }
  showKept(false, status);
};

const askNow = watch(station, (state) => {
  if (state) show(state);
  else showBand();
  showKept(true);
}, lost);

const settle = async (job, cameOut) => {
  try {
    const answer = await fetch(`/terminal/${station}/jobs/${job}`, { method: "POST", headers, body: JSON.stringify({ came_out: cameOut }) });
    const said = await answer.json();
    showReply({ result: said.accepted ? "accepted" : "refused", headline: said.headline, reasons: said.reasons || [], tone: said.accepted ? "good" : "bad" }, true);
  } catch (_) {
    refuse({ zh: "没有送达，请再按一次。", en: "That did not get through: press again." });
  }
};

const post = (scan) => fetch(`/terminal/${station}/scans`, {
  method: "POST", headers, body: JSON.stringify({ id: scan.id, code: scan.code, waited_s: scan.waited_s, ago_s: scan.ago_s, typed: scan.typed }),
});

if (own) {
  box = outbox(post, {
    answered: (scan, status, reply) => {
      if (status !== 200) {
        refuse({ zh: `服务器不接受此码（${status}）。`, en: `The server does not take this code (${status}).` });
        return;
      }
      heard = [reply.id].concat(heard || []);
      unable = null;
      showReply(reply, true);
      pair(at("next"), reply.expects);
      askNow();
    },
    waiting: (count, why) => {
      if (count > mine && count) sound("attention");
      mine = count;
      unable = why || (count ? unable : null);
      showKept(!count);
    },
  });
  listen(document, wedgeOptions(root), {
    scan: (code, when) => {
      const signing = document.querySelector(".letpass input[name=badge]");
      if (signing && code.indexOf("1H") === 0) signing.value = code.slice(2);
      else box.add(code, when);
    },
    refused: (why) => refuse(why),
  });
  touched = touching(at("touch"), (code, byHand) => box.add(code, performance.now(), byHand));
  const field = at("typed");
  at("typing").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = field.value.trim();
    field.value = "";
    if (code) typed(code);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!box.count()) return;
    event.preventDefault();
    event.returnValue = "";
  });
}
