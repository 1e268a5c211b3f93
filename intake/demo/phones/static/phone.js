// Shows what lies on the demo's phones and writes on the person's. Texts are only ever set as text.
"use strict";

let shown = "";

function bubble(line, colleagues) {
  const item = document.createElement("li");
  item.className = line.ours ? "ours" : "theirs";
  if (colleagues[line.phone]) {
    const who = document.createElement("b");
    who.textContent = colleagues[line.phone] + (line.way === "call" ? ", telefonen ringer" : "");
    item.append(who);
  }
  item.append(line.text);
  const keys = document.createElement("div");
  keys.className = "keys";
  for (const row of line.buttons) for (const [label, data] of row) keys.append(key(line, label, data));
  if (keys.childElementCount) item.append(keys);
  return item;
}

function key(line, label, data) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", () => {
    if (data === "!place") write({ way: "place" });
    else if (data === "!text") write({ way: "chat", text: label });
    else write({ way: "button", number: line.number, data });
  });
  return button;
}

async function look() {
  const answer = await fetch("/lines");
  const found = await answer.json();
  const now = JSON.stringify(found.lines);
  if (now === shown) return;
  shown = now;
  const [number, chat] = found.person;
  const place = { [number]: "sms", [chat]: "chat" };
  for (const id of ["sms", "chat", "duty"]) document.getElementById(id).replaceChildren();
  for (const line of found.lines) {
    const list = document.getElementById(place[line.phone] || "duty");
    list.append(bubble(line, found.colleagues));
    list.scrollTop = list.scrollHeight;
  }
}

async function write(said) {
  const status = document.getElementById("status");
  const answer = await fetch("/write", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(said),
  });
  const taken = answer.ok && (await answer.json()).status < 300;
  status.textContent = taken ? "" : "Det gick inte fram. Försök igen om en liten stund.";
  await look();
}

for (const form of document.forms) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = form.elements.text;
    const text = field.value;
    field.value = "";
    await write({ way: form.dataset.way, text });
    field.focus();
  });
}

async function keepLooking() {
  try { await look(); } catch { /* the demo has ended, or begins anew */ }
  setTimeout(keepLooking, 1000);
}

keepLooking();
