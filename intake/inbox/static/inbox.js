"use strict";
// The keyboard for a list and a case. Every page works without it; it reads and sends nothing.
(() => {
  const links = () => [...document.querySelectorAll(".cases a")];
  const step = (by) => {
    const all = links();
    const next = all[Math.min(Math.max(all.indexOf(document.activeElement) + by, 0), all.length - 1)];
    if (next) next.focus();
  };
  const answer = () => document.getElementById("text")?.focus();
  const keys = () => {
    const help = document.getElementById("keys");
    if (!help) return;
    help.open = !help.open;
    help.scrollIntoView({ block: "nearest" });
  };
  const acts = { j: () => step(1), k: () => step(-1), r: answer, "?": keys };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (typing && event.key === "Escape") typing.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  });

  // A long answer must not be lost by a slip of the hand.
  let sending = false;
  document.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => {
    const text = document.querySelector(".answer textarea[name=text]");
    if (!sending && text && text.value.trim() && text.value !== text.defaultValue) event.preventDefault();
  });
})();
