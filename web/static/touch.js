// Everything that a scan could say, by touch: the words that are heard now, lists to choose from, a number pad. What a
// button sends is the text of a code and goes the way of every scan; what may be touched comes with the station's state.
import { fill, language, make, pair, say } from "./screen.js";

const ROWS = 6;
const PAD = { zh: "数量", en: "Quantity" };
const MORE = { zh: "其他", en: "More" };
const KEYS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", ".", "0", "←"];
const NUMBER = /^[0-9]{0,9}(\.[0-9]{0,6})?$/;

// A large button with both languages, the reader's first.
export const button = (words, look, act) => {
  const node = pair(make("button", look), words);
  node.type = "button";
  node.onclick = act;
  return node;
};

const rowButton = (row, send) => {
  const node = make("button", "choice", make("span", "", row[language] || row.zh));
  node.type = "button";
  if (row.hint) node.append(make("small", "code", row.hint));
  node.onclick = () => send(row.code, row.typed);
  return node;
};

const fits = (row, sought) => `${row.zh} ${row.en} ${row.hint} ${row.code}`.toLowerCase().indexOf(sought) >= 0;

// Of a list that is cut, what the server finds by the beginning of a code.
const findAll = (sought) => ({ zh: `在全部中查找“${sought}”`, en: `find “${sought}” among all` });

// The list that is open: as many rows as fit a small screen, the others by page or by a few letters.
const listPane = (list, view, send, again) => {
  const found = list.rows.filter((row) => fits(row, view.sought.toLowerCase()));
  const last = Math.max(0, Math.ceil(found.length / ROWS) - 1);
  view.page = Math.min(view.page, last);
  const rows = found.slice(view.page * ROWS, (view.page + 1) * ROWS).map((row) => rowButton(row, send));
  if (!rows.length) rows.push(make("p", "soft", say("没有可选的，请扫码", "nothing to choose from: scan")));
  if (list.cut && view.sought) rows.push(button(findAll(view.sought), "choice", () => send(view.sought, true)));
  const pane = make("div", "pane", make("div", "choices", ...rows));
  if (list.cut) pane.append(make("p", "soft", say(`只列出前 ${list.rows.length} 项，请用查找`, `only the first ${list.rows.length}: use find`)));
  if (list.rows.length > ROWS) pane.append(turning(view, last, again));
  return pane;
};

const turning = (view, last, again) => {
  const turn = (by) => () => {
    view.page = Math.max(0, Math.min(last, view.page + by));
    again();
  };
  const field = make("input", "seek");
  field.type = "search";
  field.id = "seek";
  field.value = view.sought;
  field.placeholder = say("查找", "find");
  field.setAttribute("aria-label", say("查找", "find"));
  field.oninput = () => {
    view.sought = field.value;
    view.page = 0;
    again();
  };
  const back = button({ zh: "◂ 上页", en: "back" }, "", turn(-1));
  const next = button({ zh: "下页 ▸", en: "next" }, "", turn(1));
  back.disabled = view.page === 0;
  next.disabled = view.page === last;
  return make("div", "turning", back, make("span", "count", `${view.page + 1} / ${last + 1}`), next, field);
};

const padPane = (words, view, send, again) => {
  const press = (key) => () => {
    const value = key === "←" ? view.number.slice(0, -1) : view.number + key;
    if (NUMBER.test(value)) view.number = value;
    again();
  };
  const done = button({ zh: "确定", en: "OK" }, "primary", () => {
    const number = view.number.replace(/\.$/, "");
    view.number = "";
    send(`Q${number}`);
  });
  done.id = "pad-ok";
  done.disabled = !/^[0-9]/.test(view.number);
  const keys = KEYS.map((key) => {
    const node = make("button", "key", key);
    node.type = "button";
    node.onclick = press(key);
    return node;
  });
  const shown = make("output", "", view.number || "—");
  return make("div", "pane pad", make("div", "padhead", pair(make("span"), words), shown, done), make("div", "keys", ...keys));
};

// Draws into `place`; `send(code, typed)` is called with what was chosen. Returns a function that hears every state.
export const touching = (place, send) => {
  const view = { open: null, page: 0, sought: "", number: "" };
  let state = null;
  let about = "";
  let drawn = "";

  const placed = (where) => state.buttons.filter((one) => one.place === where);
  const panes = () => {
    const found = state.pad ? [{ name: "pad", zh: PAD.zh, en: PAD.en }] : [];
    const lists = state.lists.filter((one, place) => !place || one.rows.length);
    return found.concat(lists, placed("more").length ? [Object.assign({ name: "more" }, MORE)] : []);
  };
  const first = () => (state.pad ? "pad" : state.lists.length ? state.lists[0].name : null);

  const show = (name) => () => {
    Object.assign(view, { open: view.open === name ? null : name, page: 0, sought: "" });
    draw();
  };
  const paneOf = (name) => {
    if (name === "pad" && state.pad) return padPane(state.pad, view, send, draw);
    if (name === "more") {
      return make("div", "pane choices", ...placed("more").map((one) => button(one, "choice", () => send(one.code))));
    }
    const list = state.lists.filter((one) => one.name === name)[0];
    return list ? listPane(list, view, send, draw) : "";
  };
  const tab = (one) => {
    const node = button(one, view.open === one.name ? "tab open" : "tab", show(one.name));
    node.setAttribute("aria-expanded", String(view.open === one.name));
    node.dataset.pane = one.name;
    return node;
  };
  function draw() {
    const seeking = document.activeElement && document.activeElement.id === "seek";
    const row = ["own", "near"].reduce((found, where) => found.concat(placed(where).map((one) => button(one, where, () => send(one.code)))), []);
    row.push(...panes().map(tab));
    fill(place, make("div", "tabs", ...row), paneOf(view.open));
    const field = document.getElementById("seek");
    if (seeking && field) {
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    }
  }
  return (now) => {
    state = now;
    const task = JSON.stringify([now.person && now.person.badge, now.hand, now.task.state]);
    const all = JSON.stringify([task, now.buttons, now.pad, now.lists]);
    if (task !== about) Object.assign(view, { open: first(), page: 0, sought: "", number: "" });
    if (all !== drawn) draw();
    about = task;
    drawn = all;
  };
};

// The form with which somebody entitled lets a refusal pass: badge, PIN and reason, typed here and kept nowhere.
export const overrideForm = (place, reasons, post, left) => {
  const field = (name, words, type) => {
    const input = make("input", "scanfield");
    input.name = name;
    input.type = type;
    input.required = true;
    input.autocomplete = "off";
    if (type === "password") input.inputMode = "numeric";
    return make("label", "", pair(make("span"), words), input);
  };
  const form = make("form", "letpass",
    make("p", "", say("放行：", "Override: "), ...reasons.map((one) => make("span", "line", one[language]))),
    field("badge", { zh: "工牌号", en: "Badge" }, "text"),
    field("pin", { zh: "签字密码 PIN", en: "PIN" }, "password"),
    field("reason", { zh: "放行原因", en: "Reason" }, "text"));
  const send = button({ zh: "签字放行", en: "Sign and let pass" }, "primary", null);
  send.type = "submit";
  const cancel = button({ zh: "取消", en: "Cancel" }, "", () => {
    fill(place);
    left();
  });
  form.append(make("div", "pairs", send, cancel));
  form.onsubmit = (event) => {
    event.preventDefault();
    const said = { of: reasons.map((one) => one.fingerprint), badge: form.elements.badge.value, pin: form.elements.pin.value, reason: form.elements.reason.value };
    form.elements.pin.value = "";
    post(said);
  };
  fill(place, form);
  form.elements.badge.focus();
};
