"use strict";
// The keyboard for a list and a case, and a list that renews itself. Every page works without it; it sends nothing.
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

  // On a phone the places stand in one row: the one where one is must be in sight.
  const here = document.querySelector(".top nav [aria-current]");
  if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 40;

  // How many SMS the answer is, while it is typed; counted as the server counts (bridges/segments.py).
  const counted = document.querySelector(".sending [data-plain]");
  const partsOf = (text, plain, double) => {
    const letters = [...text];
    const gsm = letters.every((one) => plain.includes(one) || double.includes(one));
    const width = (one) => (gsm ? 1 + double.includes(one) : one.length);
    const [alone, joined] = gsm ? [160, 153] : [70, 67];
    if (letters.reduce((sum, one) => sum + width(one), 0) <= alone) return text ? 1 : 0;
    let [parts, room] = [1, joined];
    for (const one of letters) {
      if (width(one) > room) [parts, room] = [parts + 1, joined];
      room -= width(one);
    }
    return parts;
  };
  if (counted) {
    const { plain, double } = counted.dataset;
    const text = document.getElementById("text");
    text?.addEventListener("input", () => {
      counted.querySelector("output").textContent = partsOf(text.value.trim(), plain, double);
    });
  }

  // A list that is open renews itself. The stream says that something has changed and how many wait, nothing else.
  const list = document.getElementById("list");
  const tell = (counts) => {
    const badge = document.getElementById("waiting");
    if (badge) badge.textContent = counts.new || "";
  };
  const renew = async () => {
    const answer = await fetch(list.dataset.part, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const rows = await answer.text();
    const chosen = document.activeElement?.closest(".cases a")?.getAttribute("href");
    list.innerHTML = rows;
    if (chosen) links().find((link) => link.getAttribute("href") === chosen)?.focus();
  };
  let stream = null;
  const listen = () => {
    if (stream || document.hidden || !document.querySelector("[data-live]")) return;
    stream = new EventSource("/changes");
    stream.addEventListener("change", (event) => {
      tell(JSON.parse(event.data));
      if (list) renew().catch(() => {});
    });
    const stop = () => { stream?.close(); stream = null; };
    stream.addEventListener("elsewhere", stop);
    stream.addEventListener("ended", stop);
  };
  document.addEventListener("visibilitychange", listen);
  window.addEventListener("pagehide", () => { stream?.close(); stream = null; });
  window.addEventListener("pageshow", listen);
  listen();
})();
