"use strict";
// Asks the device for a passkey when a form wants one, and puts its answer into the form. It sends nothing itself.
(() => {
  const form = document.querySelector("form[data-passkey]");
  const button = form?.querySelector("button[hidden]");
  if (!button || !window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

  const options = () => {
    const asked = JSON.parse(form.dataset.options);
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    for (const one of [...(asked.excludeCredentials ?? []), ...(asked.allowCredentials ?? [])]) one.id = bytes(one.id);
    return { publicKey: asked };
  };
  const answer = ({ id, rawId, type, response }) => {
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const said = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
    return JSON.stringify({ id, rawId: text(rawId), type, response: Object.fromEntries(said) });
  };

  button.hidden = false;
  form.querySelector("[data-without]")?.remove();
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const code = form.elements.namedItem("code");
    if (code) code.required = false;
    if (!form.reportValidity()) return;
    try {
      const make = form.dataset.passkey === "create";
      const shown = await (make ? navigator.credentials.create(options()) : navigator.credentials.get(options()));
      form.elements.namedItem("answer").value = answer(shown);
      form.submit();
    } catch {
      // The person changed their mind, or the device knows no passkey: the code works as before.
      if (code) code.required = true;
      button.focus();
    }
  });
})();
