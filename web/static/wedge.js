// Keyboard-wedge scanners in the browser: told from typing by their speed and by the key that ends a scan.
//
// `reader` is pure: key events in, what they mean out. `listen` ties one to a page: it needs no focused field, and gives
// back to a field what a scan began to type into it. `outbox` sends each scan under an id of its own and repeats it under
// the same id until the server has answered. Nothing is kept once the page is closed; the page has to say so.

const RS = "\u001e";
const GS = "\u001d";
const CONTROL = { BracketRight: GS, "]": GS, Digit6: RS, "^": RS, Backslash: "\u001c", "\\": "\u001c", KeyD: "\u0004", d: "\u0004" };
const SILENT = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock", "Dead"];
const LONGEST = 4096;
const PAUSE_MS = 500;
const SLOW_SIGNS = 5;
const SLOWEST_MS = 80;
const SLOW_SPREAD_MS = 20;

// What a person can be told about a scan that was not taken; never the code itself.
export const WHY = {
  input_method: {
    zh: "中文输入法打开时扫描无效：请关闭中文输入法（按 Shift 或 Ctrl+空格切换到英文），再扫一次。",
    en: "The Chinese input method spoils scans: switch the input method off (Shift or Ctrl+Space), then scan again.",
  },
  unfinished: {
    zh: "扫描没有结束符：请把扫描枪设为以回车结尾（后缀 Enter），再扫一次。",
    en: "The scan had no end: set the scanner to send Enter after each code (suffix), then scan again.",
  },
  not_ready: {
    zh: "页面刚打开，扫描没有收全，请再扫一次。",
    en: "The page had only just opened and missed part of the scan: scan again.",
  },
  slow: {
    zh: "扫描枪发送太慢，系统当成了手工输入：请把扫描枪的字符间隔设为 0（蓝牙枪设为最快），再扫一次。",
    en: "The scanner sends too slowly to be told from typing: set its delay between characters to 0 (Bluetooth: fastest), then scan again.",
  },
  too_long: { zh: "扫描内容过长，未接收。", en: "The scan was too long and was not taken." },
};

const PASS = { kind: "pass" };
const isLetter = (sign) => sign.toLowerCase() !== sign.toUpperCase();

// One key as the character the scanner meant, "" for keys that write nothing, null for keys that end any scan.
const character = (key, inBurst) => {
  if (SILENT.indexOf(key.key) >= 0) return "";
  if (key.ctrl && !key.alt) return (inBurst && (CONTROL[key.code] || CONTROL[key.key])) || null;
  if (key.key === "F8") return inBurst ? GS : null;
  if (key.key.length === 1) return key.key;
  if (key.key === "Process" || key.key === "Unidentified" || key.composing) return physical(key);
  return null;
};

// The physical key, for keyboards that do not tell which character it was.
const physical = (key) => {
  const found = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(key.code || "");
  if (!found) return key.key === "Unidentified" && !key.code ? "" : "\ufffd";
  return key.shift || !/[A-Z]/.test(found[1]) ? found[1] : found[1].toLowerCase();
};

// Undo Caps Lock: codes in one case are upper case on every label of ours; in mixed case the lock has swapped them.
const withoutCapsLock = (text) => {
  if (text === text.toLowerCase() || text === text.toUpperCase()) return text.toUpperCase();
  return text.split("").map((sign) => (sign === sign.toUpperCase() ? sign.toLowerCase() : sign.toUpperCase())).join("");
};

// Keys are {key, code, at (ms), shift, ctrl, alt, capsLock, composing, repeat}. The answer's kind: pass (a person types, or
// nothing is known yet), hold (a scan is running: its keys belong to it), scan (with code), refused (with why).
export const reader = (options) => {
  const gap = (options && options.gap) || 35;
  const least = (options && options.least) || 4;
  const substitute = (options && options.substitute) || "";
  let signs = "";
  let last = options && options.since !== undefined ? options.since : -Infinity;
  let locked = false;
  let foreign = false;
  let even = { signs: 0, least: Infinity, most: 0 }; // keys slower than a scan, but as even as no hand's
  let muted = last > 0; // the tail of a scan that began before anybody listened
  let tail = muted;

  const forget = () => {
    signs = "";
    locked = foreign = false;
  };
  const refuse = (why) => {
    forget();
    muted = true;
    return { kind: "refused", why };
  };
  const finish = () => {
    const spoilt = foreign;
    let code = locked ? withoutCapsLock(signs) : signs;
    if (substitute) code = code.split(substitute).join(GS);
    forget();
    return spoilt ? { kind: "refused", why: "input_method" } : { kind: "scan", code };
  };
  const take = (key, sign) => {
    signs += sign;
    locked = locked || (key.capsLock && isLetter(sign));
    // é and ß come of another keyboard layout, which the server names; wider signs of an input method.
    foreign = foreign || key.composing || key.key === "Process" || sign.charCodeAt(0) > 255;
    if (signs.length > LONGEST) return refuse("too_long");
    if (signs.length < least) return PASS;
    return foreign ? refuse("input_method") : { kind: "hold" };
  };

  // An even row of keys is a machine's: a slow scanner. A person who types is hardly ever so regular for so long.
  const isSlowScanner = () => even.signs >= SLOW_SIGNS && even.most > gap && even.most - even.least <= SLOW_SPREAD_MS;
  const weigh = (pause, sign) => {
    if (pause > SLOWEST_MS) even = { signs: 0, least: Infinity, most: 0 };
    else even = { signs: even.signs + (sign ? 1 : 0), least: Math.min(even.least, pause), most: Math.max(even.most, pause) };
  };

  const feed = (key) => {
    const pause = key.at - last;
    const quick = pause <= gap;
    if (!quick) {
      forget();
      muted = tail = false;
    }
    const sign = key.repeat ? null : character(key, signs !== "");
    if (sign === "" && quick) last = key.at;
    if (sign === "") return PASS;
    weigh(pause, sign);
    const ends = key.key === "Enter" || key.key === "Tab";
    if (sign === null && !ends) {
      forget();
      return PASS;
    }
    last = key.at;
    if (muted) {
      if (!ends) return { kind: "hold" };
      const missed = tail;
      muted = tail = false;
      return missed ? { kind: "refused", why: "not_ready" } : { kind: "hold" };
    }
    if (ends && signs.length < 2) {
      forget();
      return isSlowScanner() && !key.field ? refuse("slow") : PASS;
    }
    return ends ? finish() : take(key, sign);
  };

  // Nothing came for a while: a running scan without an end is refused, never half taken. Keys that were quick by their
  // own time but reached a busy page late still belong to it: a few first signs are kept for them, the rest of a refused
  // scan is swallowed.
  const pause = () => (signs.length >= least ? refuse("unfinished") : PASS);

  return { feed, pause };
};

const writable = (field) => field && typeof field.value === "string" && !field.readOnly && field.type !== "radio" && field.tagName !== "BUTTON";

const keyOf = (event) => ({
  key: event.key || "Unidentified", code: event.code, at: event.timeStamp, shift: event.shiftKey, ctrl: event.ctrlKey,
  alt: event.altKey, repeat: event.repeat, capsLock: Boolean(event.getModifierState && event.getModifierState("CapsLock")),
  composing: event.isComposing || event.keyCode === 229, field: writable(event.target),
});

// Hear scans on the whole page. `heard.scan(code, at)` and `heard.refused(words)` are called with what came of the keys.
export const listen = (page, options, heard) => {
  const wedge = reader(Object.assign({}, options, { since: performance.now() }));
  const patience = (options && options.pause) || PAUSE_MS;
  let kept = null;
  let timer = 0;

  const keep = () => {
    const field = page.activeElement;
    kept = writable(field) ? { field, value: field.value } : null;
  };
  const giveBack = () => {
    if (!kept || kept.field.value === kept.value) return;
    kept.field.value = kept.value;
    kept.field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const stop = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const refused = (why) => {
    // Leaving the field ends a composition; what it had written so far is taken out after the browser has put it in.
    const field = kept && kept.field;
    if (field && why === "input_method") field.blur();
    giveBack();
    setTimeout(giveBack, 0);
    heard.refused(WHY[why]);
  };
  const act = (answer, event, at) => {
    if (answer.kind === "pass") return;
    if (event) stop(event);
    giveBack();
    if (answer.kind === "scan") heard.scan(answer.code, at);
    if (answer.kind === "refused") refused(answer.why);
  };

  let before = -Infinity;
  page.addEventListener("keydown", (event) => {
    const key = keyOf(event);
    if (key.at - before > ((options && options.gap) || 35)) keep();
    before = key.at;
    act(wedge.feed(key), event, key.at);
    clearTimeout(timer);
    timer = setTimeout(() => act(wedge.pause(), null, key.at), patience);
  }, true);
  page.documentElement.setAttribute("data-scanner", "ready");
};

// A UUID of our own: the browser's own is missing on older tablets and on plain http.
export const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

// Why the server cannot do it now, in its own words in both languages (503); null when it gave none.
export const reasonOf = async (answer) => {
  try {
    return answer.status === 503 ? (await answer.json()).headline || null : null;
  } catch (_) {
    return null; // some proxy's page
  }
};

const FINAL = [200, 409, 413, 422];
const LAST_WAIT_MS = 5000;

// Scans on their way to the server, one after the other. `post(scan)` returns a Response; `told.answered(scan, status, body)`
// hears the outcome, `told.waiting(count, why)` how many cannot be delivered (0: they can) and the server's words for it, if
// it had any. A repeated scan keeps its id (law 2).
export const outbox = (post, told) => {
  const waiting = [];
  let busy = false;

  const attempt = async (scan) => {
    try {
      const answer = await post(scan);
      if (FINAL.indexOf(answer.status) < 0) return { why: await reasonOf(answer) };
      return { status: answer.status, body: answer.status === 200 ? await answer.json() : null };
    } catch (_) {
      return { why: null }; // no network, or half an answer: the same id again
    }
  };
  // How long a scan has waited is told in whole seconds up to the moment when scans began to get through, so that scans
  // that waited together reach the server in the order in which they were made, however long each takes on its way.
  const drain = async () => {
    busy = true;
    let since = performance.now();
    for (let wait = 500; waiting.length; ) {
      waiting[0].waited_s = Math.max(0, Math.floor((since - waiting[0].at) / 1000));
      waiting[0].ago_s = Math.max(0, (performance.now() - waiting[0].at) / 1000); // tells a repeat from a scan of its own
      const outcome = await attempt(waiting[0]);
      if (outcome.status) {
        const scan = waiting.shift();
        wait = 500;
        told.waiting(0);
        told.answered(scan, outcome.status, outcome.body);
      } else {
        told.waiting(waiting.length, outcome.why);
        await new Promise((resolve) => setTimeout(resolve, wait));
        wait = Math.min(LAST_WAIT_MS, wait * 2);
        since = performance.now();
      }
    }
    busy = false;
  };

  return {
    add: (code, at, typed) => {
      waiting.push({ id: newId(), code, at, typed: Boolean(typed) });
      if (!busy) drain();
    },
    count: () => waiting.length,
  };
};
