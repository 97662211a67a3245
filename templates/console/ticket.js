// The page of a ticket: frames as high as their mails, marks that show themselves, and news of this ticket alone.
"use strict";
(() => {
  const page = document.querySelector("[data-ticket]");
  if (!page) return;
  const number = Number(page.dataset.ticket);

  // A mail in its frame is as high as it is long. Nothing in the frame can run, so the page asks.
  const fit = (frame) => {
    const height = frame.contentDocument?.documentElement?.scrollHeight;
    if (height) frame.style.height = `${Math.min(height + 4, 8000)}px`;
  };
  document.addEventListener("load", (event) => { if (event.target.matches?.("iframe.mail")) fit(event.target); }, true);
  document.addEventListener("change", (event) => {
    const frame = event.target.closest?.(".entry-body")?.querySelector("iframe.mail");
    if (frame) requestAnimationFrame(() => fit(frame));
  });
  addEventListener("resize", () => document.querySelectorAll("iframe.mail").forEach(fit));

  // What is jumped to shows itself, also in an entry that is closed.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    const text = target.closest(".entry-body")?.querySelector("input[value=text]");
    if (text) text.checked = true;
    target.scrollIntoView({ block: "center" });
  };
  addEventListener("hashchange", reveal);
  reveal();

  // News of this ticket load its pieces anew; what was opened or closed stays so. Earlier entries that were asked for
  // bring another address along, from which news are loaded then.
  let state = new Map();
  document.body.addEventListener("desk:ticket", (event) => {
    // News that were lost name no ticket.
    const news = document.getElementById("news");
    if ((event.detail.id ?? number) === number && news && window.htmx) htmx.trigger(news, "news");
  });
  document.body.addEventListener("htmx:beforeSwap", () => {
    state = new Map([...page.querySelectorAll("details[id]")].map((each) => [each.id, each.open]));
    page.querySelectorAll(".entry-body input:checked").forEach((each) => state.set(each.id, true));
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    state.forEach((was, id) => {
      const each = document.getElementById(id);
      if (each instanceof HTMLDetailsElement) each.open = was;
      else if (each) each.checked = true;
    });
  });
})();
