// What JavaScript adds to the way out; nothing on the pages needs it.
"use strict";

const SHIFTS = 3;
const WITHIN = 5000;
let pressed = [];

function leave() {
  document.documentElement.replaceChildren();
  location.replace("/leave");
}

document.getElementById("exit").addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});

document.addEventListener("keyup", (event) => {
  if (event.key !== "Shift") {
    pressed = [];
    return;
  }
  pressed = [...pressed, event.timeStamp].slice(-SHIFTS);
  if (pressed.length === SHIFTS && event.timeStamp - pressed[0] < WITHIN) {
    leave();
  }
});

addEventListener("pagehide", () => {
  for (const form of document.forms) {
    form.reset();
  }
});

addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});

const copy = document.getElementById("copy");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(".receipt").textContent.replace(/\D/g, ""));
    const said = document.getElementById("copied");
    said.textContent = said.dataset.said;
  });
}
