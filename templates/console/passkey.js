// Passkeys: the browser asks a device, and what it answers is sent as a form. A form that needs one is hidden where
// the browser cannot do that.
"use strict";
(() => {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const trouble = form.querySelector("[role=alert]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      trouble.hidden = true;
      try {
        const begun = await fetch(form.dataset.passkey, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        const told = await begun.json();
        if (!begun.ok) throw new Error(told.trouble);
        const key = form.dataset.kind === "new"
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(told.options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(told.options) });
        form.elements.answer.value = JSON.stringify(key);
        form.submit();
      } catch (error) {
        trouble.textContent = error.constructor === Error && error.message ? error.message : trouble.dataset.failed;
        trouble.hidden = false;
      }
    });
  }
})();
