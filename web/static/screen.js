// What every screen on the floor needs: words in the reader's language, the sound of an answer, and asking a station's
// state once a second (ETag). Holds no rule; the server decides everything.
import { reasonOf } from "./wedge.js";

export const language = document.documentElement.lang === "en" ? "en" : "zh";
const other = language === "zh" ? "en" : "zh";

export const say = (zh, en) => (language === "zh" ? zh : en);
export const at = (id) => document.getElementById(id);

// An element with a class and text or children; never markup from a string.
export const make = (tag, look, ...inside) => {
  const node = document.createElement(tag);
  if (look) node.className = look;
  for (const one of inside) node.append(one);
  return node;
};

export const fill = (node, ...inside) => {
  node.textContent = "";
  for (const one of inside) node.append(one);
};

// A pair of sentences: the reader's language large, the other one small beside it.
export const pair = (node, words) => {
  const small = make("small", "", words[other] || "");
  small.lang = other === "zh" ? "zh-CN" : "en";
  fill(node, words[language] || "", " ", small);
  return node;
};

export const both = (zh, en) => pair(make("span"), { zh, en });

// The word of a table [zh, en] for what a device said; a word that nobody has translated as it is.
export const word = (table, key) => {
  const found = table && table[key];
  return found ? say(found[0], found[1]) : key || "";
};

const TONES = { good: [[880, 0.12]], bad: [[220, 0.28], [180, 0.28]], attention: [[520, 0.1], [660, 0.1], [520, 0.1]] };
let audio = null;

export const sound = (tone) => {
  try {
    audio = audio || new (window.AudioContext || window.webkitAudioContext)();
    if (audio.state === "suspended") audio.resume();
    let start = audio.currentTime;
    for (const [hertz, seconds] of TONES[tone] || []) {
      const note = audio.createOscillator();
      note.type = tone === "bad" ? "square" : "sine";
      note.frequency.value = hertz;
      note.connect(audio.destination);
      note.start(start);
      note.stop(start + seconds);
      start += seconds + 0.05;
    }
  } catch (_) { /* no sound device: the picture and the scanner's own beep remain */ }
};

export const MARK = { accepted: "✓", refused: "✗", asks: "?" };

// Ask the station's state once a second. `seen(state)` hears every change (null: none), `lost()` every second without the
// server, with the status and its own words for it when it answered otherwise. Returns a function that asks at once.
export const watch = (station, seen, lost) => {
  let etag = null;
  let timer = 0;
  let asking = false;
  const answered = async (answer) => {
    if (answer.status !== 200 && answer.status !== 304) throw new Error(String(answer.status));
    if (answer.status === 304) return null;
    etag = answer.headers.get("ETag");
    return answer.json();
  };
  const ask = async () => {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    let status = 0;
    let why = null;
    let told = () => lost(status, why);
    try {
      const answer = await fetch(`/api/v1/stations/${station}/state`, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      status = answer.status;
      hearTime(answer);
      why = await reasonOf(answer);
      const state = await answered(answer);
      told = () => seen(state);
    } catch (_) {
      etag = null;
    }
    asking = false;
    timer = setTimeout(ask, 1000);
    told();
  };
  ask();
  return ask;
};

// The plant's time, as the last answer about the station had it: what waits is counted from moments, between answers too.
const plant = { at: 0, heard: 0 };
const hearTime = (answer) => {
  const now = Date.parse(answer.headers.get("Runcard-Now") || "");
  if (now) Object.assign(plant, { at: now, heard: performance.now() });
};
export const minutesSince = (moment) => Math.max(0, Math.floor((plant.at + performance.now() - plant.heard - Date.parse(moment)) / 60000));

// Why nothing gets through: in the server's own words, or it is away, or this browser's right to the station has ended.
export const whyLost = (status, why) => {
  if (why) return `✗ ${why[language]}`;
  return status === 401 || status === 403
    ? say("✗ 本屏幕已失效，请刷新页面重新打开", "✗ this screen has ended: reload the page and open it again")
    : say("✗ 服务器未连接", "✗ no server");
};

// A setting of this browser for a station: given once in the page's address (?panel=8765&gs=|&gap=50&pause=900), then remembered.
export const setting = (station, name, allowed) => {
  const asked = new URLSearchParams(location.search).get(name);
  const key = `runcard.${name}.${station}`;
  const fits = asked !== null && allowed.test(asked);
  try {
    if (fits) localStorage.setItem(key, asked);
    return localStorage.getItem(key) || "";
  } catch (_) {
    return fits ? asked : ""; // a browser that keeps nothing asks this page's address only
  }
};

// What the keyboard-wedge reader has to know of the scanner at this station; the page's own attributes are the defaults.
export const wedgeOptions = (root) => ({
  gap: Number(setting(root.dataset.station, "gap", /^[0-9]{1,3}$/) || root.dataset.gap) || 0,
  pause: Number(setting(root.dataset.station, "pause", /^[0-9]{3,5}$/)) || 0,
  substitute: setting(root.dataset.station, "gs", /^[!-~]$/) || root.dataset.substitute,
});

// The station program's own panel on this machine: which scans it has kept, also while the server cannot be reached.
export const panel = (station) => {
  const port = setting(station, "panel", /^[0-9]{1,5}$/);
  if (!port) return async () => null;
  return async () => {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/state`, { cache: "no-store" });
      const said = answer.ok ? await answer.json() : null;
      return said && said.station === station ? said : null;
    } catch (_) {
      return null;
    }
  };
};
