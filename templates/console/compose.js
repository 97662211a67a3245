// The composer of a ticket: drafts, files, known answers, preview, and who else is here. Without it the forms still send.
"use strict";
(() => {
  const compose = document.querySelector("[data-compose]");
  if (!compose) return;
  const ticket = compose.dataset.compose, base = `/ticket/${ticket}`;
  const csrf = compose.querySelector("input[name=csrf]")?.value || "";
  const post = (path, fields, more = {}) => fetch(base + path, {
    method: "POST", headers: { "X-Csrf": csrf, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields), ...more,
  });
  const grow = (field) => { field.rows = Math.min(24, Math.max(+field.dataset.rows, field.value.split("\n").length + 1)); };

  // A page that comes back as it was has a form that was sent.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // What could not be sent since the session had ended, by its form. What somebody else left in this tab is not kept.
  const left = {};
  for (const key of Object.keys(sessionStorage).filter((key) => key.startsWith("unsent:"))) {
    const kept = JSON.parse(sessionStorage.getItem(key)), mine = kept.by === document.body.dataset.me;
    if (mine) left[key] = kept.words;
    if (!mine || key.startsWith(`unsent:${base}/`)) sessionStorage.removeItem(key);
  }

  for (const form of compose.querySelectorAll("form[data-draft]")) {
    const field = form.querySelector("textarea"), state = form.querySelector(".draft-state");
    const version = form.querySelector("input[name=version]");
    let saved = field.value, timer = 0, sending = false, leaves = false, busy = Promise.resolve();
    field.dataset.rows = field.rows;
    grow(field);
    const save = () => {
      clearTimeout(timer);
      busy = busy.then(async () => {
        const words = field.value;
        if (sending || words === saved) return;
        try {
          const answer = await post("/draft", { kind: form.dataset.draft, words, version: version.value }, { keepalive: words.length < 30000 });
          if (!answer.ok) throw new Error(answer.status);
          const kept = await answer.json();
          version.value = kept.version;
          saved = words;
          state.textContent = words ? compose.dataset.saved : "";
          if (kept.other) {
            const take = document.createElement("button");
            take.type = "button"; take.className = "link"; take.textContent = compose.dataset.takeOther;
            take.addEventListener("click", () => { field.value = kept.other; grow(field); field.focus(); save(); });
            state.replaceChildren(compose.dataset.other, " ", take);
          }
        } catch { state.textContent = compose.dataset.unsaved; }
      });
      return busy;
    };
    field.addEventListener("input", () => { grow(field); clearTimeout(timer); timer = setTimeout(save, 1000); wrote = Date.now(); tellSoon(); });
    field.addEventListener("blur", save);
    const unsent = left[`unsent:${base}/${form.dataset.draft}`];
    if (unsent) {
      field.value = unsent.startsWith(field.value.trim()) ? unsent : `${field.value}\n\n${unsent}`;
      const mode = document.getElementById(`mode-${form.dataset.draft}`);
      if (mode) mode.checked = true;
      grow(field);
      save();
    }
    // A form leaves once; the button says so until the next page is there. A draft that is on its way goes first:
    // behind the words that were sent it would come back as a draft of them. It leaves in a turn of its own: within
    // the event of a real click a browser ignores a second submission.
    form.addEventListener("submit", (event) => {
      if (leaves) return;
      event.preventDefault();
      if (sending) return;
      sending = true;
      sessionStorage.setItem("unsent-by", document.body.dataset.me);
      clearTimeout(timer);
      form.classList.add("htmx-request");
      const button = event.submitter;
      Promise.race([busy, new Promise((over) => setTimeout(over, 3000))]).then(() => setTimeout(() => { leaves = true; form.requestSubmit(button); }));
    });
    const files = form.querySelector("input[type=file]"), names = form.querySelector(".file-names");
    files?.addEventListener("change", () => { names.textContent = [...files.files].map((file) => file.name).join(", ") || names.dataset.none; });
    form.addEventListener("paste", (event) => {
      const pasted = [...(event.clipboardData?.files || [])];
      if (!pasted.length || !files) return;
      event.preventDefault();
      const all = new DataTransfer();
      [...files.files, ...pasted].forEach((file) => all.items.add(file));
      files.files = all.files;
      files.dispatchEvent(new Event("change"));
    });
    form.querySelector("[data-answers]")?.addEventListener("change", async (event) => {
      const name = event.target.value;
      event.target.value = "";
      if (!name) return;
      const answer = await fetch(`${base}/answer/${encodeURIComponent(name)}`);
      if (!answer.ok) { state.textContent = await answer.text().then(() => compose.dataset.unsaved); return; }
      field.setRangeText(await answer.text(), field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input"));
      field.focus();
    });
    const preview = form.querySelector("[data-preview]"), shown = form.querySelector(".preview");
    preview?.addEventListener("click", async () => {
      const on = preview.getAttribute("aria-pressed") !== "true";
      if (on) {
        const answer = await post("/preview", { words: field.value });
        if (!answer.ok) return;
        shown.textContent = await answer.text();
      }
      preview.setAttribute("aria-pressed", on);
      shown.hidden = !on;
      field.hidden = on;
    });
  }

  // A tab, or a link to a field, leads into the field.
  document.addEventListener("click", (event) => {
    const to = event.target.closest?.("[data-focus]");
    const field = to && document.getElementById(to.dataset.focus);
    if (!field) return;
    const mode = document.getElementById(`mode-${to.dataset.focus.split("-")[0]}`);
    if (mode) mode.checked = true;
    event.preventDefault();
    field.scrollIntoView({ block: "nearest" });
    field.focus();
  });

  // What comes while nobody writes was seen, and so is what somebody asked for; what comes by itself while somebody
  // writes is told when they send.
  const seen = compose.querySelector("input[name=seen]");
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const asked = event.detail.requestConfig?.elt?.closest(".later");
    const shown = [...document.querySelectorAll("#thread article[id^=m]")].map((entry) => Number(entry.id.slice(1)) || 0);
    const words = compose.querySelector("#reply-words");
    if (seen && words && (asked || !words.value.trim())) seen.value = Math.max(seen.value, ...shown);
  });

  // A form of the actions that somebody is filling in stays as it is.
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const actions = event.detail.target?.querySelector?.("#actions");
    if (actions && (actions.querySelector("details.deed[open], details.fact[open], :popover-open") || actions.contains(document.activeElement))) event.detail.shouldSwap = false;
  });

  // Who is here: told every 20 seconds while the page is before somebody, and whenever others come or go.
  const here = document.getElementById("here");
  let wrote = 0, last = 0, soon = 0;
  const tell = async () => {
    clearTimeout(soon); soon = 0;
    if (document.hidden) return;
    last = Date.now();
    try {
      const answer = await post("/here", { writes: Date.now() - wrote < 30000 });
      if (!answer.ok) return;
      const now = await answer.json();
      if (here.textContent !== now.line) here.textContent = now.line;
      here.classList.toggle("writes", now.writes);
    } catch { /* The next one tells. */ }
  };
  let told = false;
  const tellSoon = () => { if (!told || Date.now() - last > 15000) { told = true; if (!soon) soon = setTimeout(tell, 300); } };
  tell();
  setInterval(tell, 20000);
  document.addEventListener("visibilitychange", tell);
  document.body.addEventListener("desk:here", (event) => { if (String(event.detail.id) === ticket && event.detail.by !== document.body.dataset.me) tell(); });
  addEventListener("pagehide", () => post("/gone", {}, { keepalive: true }).catch(() => {}));
})();
