// What the console does by keys, live news and the command bar. Everything works without it, by links and forms.
"use strict";
(() => {
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const typing = (node) => node.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  // ---- The list: one row is where the reader is; it stays when the list is loaded anew.
  const rows = () => $$("[data-row]");
  let at = null;
  const point = (row, scroll = true) => {
    rows().forEach((each) => each.classList.toggle("at", each === row));
    at = row ? row.dataset.row : null;
    if (!row) return;
    $("[data-open]", row)?.focus({ preventScroll: true });
    if (scroll) row.scrollIntoView({ block: "nearest" });
  };
  const here = () => rows().find((row) => row.dataset.row === at) || null;
  const move = (by) => {
    const all = rows();
    if (!all.length) return;
    const now = all.indexOf(here());
    point(all[Math.max(0, Math.min(all.length - 1, now < 0 ? 0 : now + by))]);
  };
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (row && row.dataset.row !== at) point(row, false);
  });
  // A row that is gone leaves its place to the next one.
  let place = 0;
  document.body.addEventListener("htmx:beforeSwap", () => { place = rows().indexOf(here()); });
  document.body.addEventListener("htmx:afterSettle", () => {
    if (!at) return;
    const row = here() || rows()[Math.min(place, rows().length - 1)];
    if (row) { at = row.dataset.row; row.classList.add("at"); }
  });
  // Whoever comes back from a ticket is where they left the list.
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("[data-open]")?.closest("[data-row]");
    if (row) sessionStorage.setItem("at", row.dataset.row);
  });
  const left = rows().length && sessionStorage.getItem("at");
  if (left) {
    sessionStorage.removeItem("at");
    const row = rows().find((each) => each.dataset.row === left);
    if (row) point(row);
  }
  // What was chosen stays chosen when the list is loaded anew.
  let kept = new Set();
  document.body.addEventListener("htmx:beforeSwap", () => {
    kept = new Set($$("[data-row] input:checked").map((box) => box.value));
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    $$("[data-row] input[type=checkbox]").forEach((box) => { if (kept.has(box.value)) box.checked = true; });
  });

  // ---- What had the focus has it again when its piece of the page is loaded anew; htmx sees to what has an id.
  const like = (node) => [node.tagName, node.name, node.value, node.getAttribute("href"), node.textContent.trim()].join("|");
  let lost = null;
  const remember = (event) => {
    const node = document.activeElement, piece = event.detail.target;
    if (node && !node.id && piece?.id && piece.contains(node)) lost = { piece: piece.id, like: like(node) };
  };
  document.body.addEventListener("htmx:beforeSwap", remember);
  document.body.addEventListener("htmx:oobBeforeSwap", remember);
  document.body.addEventListener("htmx:afterSettle", () => {
    const piece = lost && document.getElementById(lost.piece);
    if (piece && document.activeElement === document.body) {
      $$("a, button, input, select, textarea, summary", piece).find((node) => like(node) === lost.like)?.focus({ preventScroll: true });
    }
    lost = null;
  });

  // ---- Keys. An element with data-key is clicked, or focused where it is a field; on a list without a choice the
  // row of the reader is chosen first.
  const shows = (node) => node.offsetParent !== null || node.closest("[popover]");
  // What is in a sheet is shown first; what opens leads into its first field.
  const use = (node) => {
    if (node.offsetParent === null) node.closest("[popover]")?.showPopover();
    if (typing(node)) node.focus(); else node.click();
    if (node.matches("summary")) $("input:not([type=hidden]), select, textarea, button", node.parentElement)?.focus();
  };
  const press = (key) => {
    const target = $$(`[data-key="${key}"]`).find((node) => !node.disabled && (shows(node) || node.closest(".bulk")));
    if (!target) return false;
    const form = target.closest("form");
    if (form && $("[data-row]", form)) {
      const row = here();
      if (!$$("[data-row] input:checked", form).length) {
        const box = row && $("input[type=checkbox]", row);
        if (!box) return false;
        box.checked = true;
      }
    }
    use(target);
    return true;
  };
  let going = 0;
  const keys = {
    j: () => move(1), k: () => move(-1),
    o: () => $("[data-open]", here() || document.createElement("i"))?.click(),
    x: () => { const box = here() && $("input[type=checkbox]", here()); if (box) box.click(); },
    u: () => { const back = $("[data-back]"); if (back) back.click(); },
    "?": () => $("#keys").showModal(),
    "/": () => { const field = $("[data-search]"); if (field) { field.focus(); field.select(); } else location.href = "/search"; },
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); openCommands(); return; }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form) {
      event.preventDefault();
      const send = $("[data-send]", event.target.form);
      if (send) send.click(); else event.target.form.requestSubmit();
      return;
    }
    if (event.key === "Escape" && typing(event.target) && !event.target.closest("dialog")) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || event.target.closest("dialog")) return;
    if (going && Date.now() - going < 1500) {
      going = 0;
      const place = $(`[data-go="${CSS.escape(event.key)}"]`);
      if (place) { event.preventDefault(); place.click(); }
      return;
    }
    if (event.key === "g") { going = Date.now(); return; }
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const key = event.key === "Enter" ? "o" : event.key;
    if (keys[key]) { event.preventDefault(); keys[key](); } else if (key.length === 1 && press(key)) event.preventDefault();
  });

  // ---- The command bar: every place, and whatever the page marks with data-command.
  const dialog = $("#commands");
  let found = [], chosen = 0;
  const all = () => [
    ...$$("[data-command]").filter((node) => shows(node) && !node.disabled)
      .map((node) => ({ text: node.dataset.command || node.textContent.trim(), hint: node.dataset.key || "", run: () => use(node) })),
    ...$$(".places a").map((link) => ({ text: link.textContent.trim().replace(/\s+/g, " "), hint: link.dataset.go ? "g " + link.dataset.go : "", run: () => link.click() })),
  ];
  const show = () => {
    const words = $("input", dialog).value.trim().toLowerCase();
    found = all().filter((each) => words.split(/\s+/).every((word) => each.text.toLowerCase().includes(word)));
    const ticket = /^(?:[a-z]+-|#)?(\d+)$/i.exec(words);
    if (ticket) found.unshift({ text: `Ticket ${ticket[1]}`, hint: "", run: () => { location.href = `/ticket/${ticket[1]}`; } });
    if (words) found.push({ text: `Search for “${words}”`, hint: "", run: () => { location.href = `/search?q=${encodeURIComponent(words)}`; } });
    chosen = Math.max(0, Math.min(chosen, found.length - 1));
    const list = $("#command-list");
    list.replaceChildren(...found.slice(0, 40).map((each, index) => {
      const item = document.createElement("li");
      item.id = `command-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", index === chosen);
      item.append(each.text);
      if (each.hint) { const key = document.createElement("kbd"); key.textContent = each.hint; item.append(key); }
      item.addEventListener("click", () => { dialog.close(); each.run(); });
      return item;
    }));
    $("input", dialog).setAttribute("aria-activedescendant", found.length ? `command-${chosen}` : "");
    $("[aria-selected=true]", list)?.scrollIntoView({ block: "nearest" });
  };
  const openCommands = () => { chosen = 0; $("input", dialog).value = ""; dialog.showModal(); show(); };
  if (dialog) {
    $("input", dialog).addEventListener("input", () => { chosen = 0; show(); });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); chosen += event.key === "ArrowDown" ? 1 : -1; show(); }
      if (event.key === "Enter" && found[chosen]) { event.preventDefault(); dialog.close(); found[chosen].run(); }
    });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }

  // ---- Small things of every page.
  $$(".tabs [aria-current]").forEach((tab) => tab.scrollIntoView({ block: "nearest", inline: "center" }));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-commands]")) openCommands();
    if (event.target.closest("[data-keys]")) keys["?"]();
    if (event.target.closest("[data-dismiss]")) event.target.closest(".notice").remove();
    const menu = event.target.closest("[data-menu]");
    if (menu) menu.setAttribute("aria-expanded", menu.closest(".side").classList.toggle("open"));
  });
  document.addEventListener("change", (event) => {
    const every = event.target.closest("[data-every]");
    if (every) $$("[data-row] input[type=checkbox]").forEach((box) => { box.checked = every.checked; });
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  // ---- Live news: pieces of the page that listen for desk:news load themselves anew. News of many changes at a time
  // are one; a page that nobody looks at waits.
  if ($("[hx-trigger*='desk:news'], [data-compose]") && window.EventSource) {
    let waits = null;
    const tell = () => {
      waits = null;
      if (document.hidden) { waits = "hidden"; return; }
      document.body.dispatchEvent(new CustomEvent("desk:news", { bubbles: true }));
    };
    const hear = (event) => {
      document.body.dispatchEvent(new CustomEvent("desk:ticket", { bubbles: true, detail: event.data ? JSON.parse(event.data) : {} }));
      if (!waits) waits = setTimeout(tell, 250);
    };
    const source = new EventSource("/live");
    source.addEventListener("ticket", hear);
    source.addEventListener("lost", hear);
    source.addEventListener("here", (event) => document.body.dispatchEvent(new CustomEvent("desk:here", { bubbles: true, detail: JSON.parse(event.data) })));
    document.addEventListener("visibilitychange", () => { if (!document.hidden && waits === "hidden") tell(); });
    addEventListener("pagehide", () => source.close());
  }
})();
