// The terminal's screen: asks once a second what changed (ETag), shows the last reply, sounds good or bad once per
// scan. Accepts a keyboard-wedge scanner where the page may scan. It holds no rule; the server decides everything.
"use strict";
(() => {
  const root = document.getElementById("terminal");
  const { station, language, csrf, wedge } = root.dataset;
  const other = language === "zh" ? "en" : "zh";
  const at = (id) => document.getElementById(id);
  const MARK = { accepted: "✓", refused: "✗", asks: "?" };
  let etag = null;
  let heard = null;
  let audio = null;

  const pair = (node, words) => {
    node.textContent = words[language] || "";
    const small = document.createElement("small");
    small.lang = other;
    small.textContent = words[other] || "";
    node.append(" ", small);
  };

  const TONES = { good: [[880, 0.12]], bad: [[220, 0.28], [180, 0.28]], attention: [[520, 0.1], [660, 0.1], [520, 0.1]] };
  const sound = (tone) => {
    try {
      audio = audio || new AudioContext();
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

  const showReply = (reply, loud) => {
    at("answer").className = `answer ${reply.result}`;
    at("mark").textContent = MARK[reply.result] || "…";
    pair(at("headline"), reply.headline);
    const several = reply.reasons.length > 1;
    at("reasons").replaceChildren(...reply.reasons.filter((_, i) => several || reply.reasons[i].override_names).map((reason) => {
      const line = document.createElement("li");
      pair(line, reason);
      if (reason.override_names) {
        const who = document.createElement("small");
        who.textContent = language === "zh" ? `可由${reason.override_names[0]}放行` : `may be overridden by ${reason.override_names[1]}`;
        line.append(who);
      }
      return line;
    }));
    if (loud) sound(reply.tone);
  };

  const row = (...cells) => {
    const line = document.createElement("tr");
    for (const cell of cells) {
      const box = document.createElement("td");
      box.textContent = cell;
      line.append(box);
    }
    return line;
  };

  const showWork = (work) => {
    at("work").hidden = at("instruction-panel").hidden = !work;
    if (!work) return;
    pair(at("item"), { zh: work.item_zh, en: work.item_en });
    at("card").textContent = `${work.card} · ${work.seq} ${work[language]}`;
    at("good").textContent = work.good;
    at("bad").textContent = work.bad;
    at("done").max = work.planned;
    at("done").value = work.good + work.bad;
    at("planned").textContent = language === "zh" ? `计划 ${work.planned} · 上道可转 ${work.ready}` : `of ${work.planned} · ready from previous ${work.ready}`;
    at("revision").textContent = `rev. ${work.revision}`;
    at("instruction").textContent = work.instruction;
    at("self-checks").replaceChildren(...work.self_checks.map((check) => {
      const line = document.createElement("li");
      line.textContent = check[language];
      return line;
    }));
  };

  const show = (state) => {
    at("person").textContent = state.person ? `${state.person[language]} ${state.person.badge}` : language === "zh" ? "未登录" : "nobody signed on";
    at("machine").hidden = !state.machine;
    at("machine").textContent = state.machine || "";
    const missing = state.printers.filter((one) => !one.code && one.waiting);
    at("printers").hidden = !missing.length;
    at("printers").textContent = missing.map((one) => (language === "zh" ? `请装 ${one.stock} 标签（${one.waiting}）` : `load ${one.stock} labels (${one.waiting})`)).join(" · ");
    pair(at("next"), state.expects);
    showWork(state.operation);
    at("loaded-panel").hidden = !state.loaded.length;
    at("loaded").replaceChildren(...state.loaded.map((box) => row(box.item, box.lot, box.left)));
    at("recent").replaceChildren(...state.recent.slice(0, 5).map((reply) => {
      const line = document.createElement("li");
      line.textContent = `${MARK[reply.result]} ${reply.headline[language]}`;
      return line;
    }));
    const last = state.recent[0];
    if (last && last.id !== heard) {
      showReply(last, heard !== null);
      heard = last.id;
    } else if (!last) {
      heard = heard || "";
      pair(at("headline"), state.expects);
    }
  };

  const poll = async () => {
    try {
      const answer = await fetch(`/api/v1/stations/${station}/state`, { headers: etag ? { "If-None-Match": etag } : {} });
      if (answer.ok) {
        etag = answer.headers.get("ETag");
        show(await answer.json());
      }
      at("line").textContent = language === "zh" ? "已连接" : "connected";
    } catch (_) {
      at("line").textContent = language === "zh" ? "✗ 服务器未连接，扫描保存在工位" : "✗ no server: scans are kept at the station";
    }
    setTimeout(poll, 1000);
  };

  if (wedge === "yes") {
    const field = at("wedge");
    field.focus();
    document.addEventListener("click", () => field.focus());
    field.addEventListener("keydown", async (key) => {
      if (key.key !== "Enter" && key.key !== "Tab") return;
      key.preventDefault();
      const code = field.value;
      field.value = "";
      if (!code) return;
      const body = { id: crypto.randomUUID(), code };
      const answer = await fetch(`/terminal/${station}/scans`, {
        method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf }, body: JSON.stringify(body),
      });
      if (answer.ok) {
        const reply = await answer.json();
        heard = reply.id;
        showReply(reply, true);
        pair(at("next"), reply.expects);
      }
    });
  }
  poll();
})();
