// What JavaScript adds to the way out; nothing on the pages needs it.
"use strict";

const SHIFTS = 3;
const WITHIN = 5000;
const door = document.documentElement.dataset.door;
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

// A page that answered a form stays what it is while it is looked at: loaded again, it asks us again, and a number that
// was not kept yet is shown again. Left behind, it becomes the empty form that it came from: Back and Forward find that.
function putAway() {
  for (const form of document.forms) {
    form.reset();
  }
  if (door) {
    history.replaceState(null, "", door);
  }
}

addEventListener("pagehide", putAway);

// Going back the page is hidden too late to change its own place in the history.
window.navigation?.addEventListener("navigate", (event) => {
  if (event.navigationType === "traverse") {
    putAway();
  }
});

addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.replace(door ?? location.href);
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
