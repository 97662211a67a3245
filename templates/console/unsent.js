// A reply or a note that was not sent waits in this tab for the page of its form, which puts it back for whoever wrote
// it and throws away what others left (compose.js).
"use strict";
(() => {
  const field = document.querySelector("[data-unsent]");
  const by = sessionStorage.getItem("unsent-by");
  if (!by || !["reply", "note"].includes(field?.dataset.form)) return;
  sessionStorage.setItem(`unsent:${field.dataset.unsent}/${field.dataset.form}`, JSON.stringify({ by, words: field.value }));
})();
