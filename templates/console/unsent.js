// What was written and not sent waits in this tab for the page of its form, which puts it back (compose.js).
"use strict";
(() => {
  const field = document.querySelector("[data-unsent]");
  if (!field?.dataset.form) return;
  sessionStorage.setItem(`unsent:${field.dataset.unsent}/${field.dataset.form}`, field.value);
})();
