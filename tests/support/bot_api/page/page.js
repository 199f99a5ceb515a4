// The page: whose phone it is, their chat with the bot, and everything they can do in it.

import { draw, element } from "./messages.js";

const GROUP = "group";
const TOAST_MS = 4000;
const ATTACHMENTS = [
  ["🙂 Sticker", "send", { kind: "sticker" }], ["🖼 Photo", "send", { kind: "photo" }],
  ["🎤 Voice message", "send", { kind: "voice" }], ["📄 Document", "send", { kind: "document" }],
  ["📍 Location", "send", { kind: "location" }], ["📇 My own contact card", "contact", {}],
  ["📇 Somebody else's contact card", "card", {}],
];
const at = (id) => document.getElementById(id);

let state = { version: -1, people: [], group: { messages: [] } };
let chosen = null;
let editing = false;
const shown = new Set();

const person = () => state.people.find((one) => one.id === chosen) ?? state.people[0];
const isGroup = () => chosen === GROUP;

async function post(address, body) {
  await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

const act = (what, body = {}) => post(`/demo/people/${person().id}/${what}`, body);
const write = (text) => act(isGroup() ? "group" : "write", { text });

const acts = {
  write,
  press: (message, data) => act("press", { message: message.message_id, data }),
  edit: (message) => {
    editing = true;
    at("write").text.value = message.text;
    at("write").text.focus();
  },
};

function choose(id) {
  chosen = id;
  editing = false;
  location.hash = id;
  show();
}

function showPeople() {
  const items = state.people.map(({ id, name, language }) => [id, name, language]);
  items.push([GROUP, `👥 ${state.group.title}`, "group"]);
  at("people").replaceChildren(...items.map(([id, name, note]) => element("li", {}, element(
    "button", { type: "button", onclick: () => choose(id), ariaCurrent: String(id === (isGroup() ? GROUP : person().id)) },
    name, element("small", {}, note ?? ""),
  ))));
}

function about({ description, language }) {
  const payload = element("input", { placeholder: "an entry or a topic, such as visa", maxLength: 64 });
  const start = () => write(payload.value ? `/start ${payload.value}` : "/start");
  return element("div", { className: "about", lang: language ?? "" }, element("p", {}, description ?? ""),
    element("label", {}, `t.me/${state.username}?start=`, payload),
    element("button", { type: "button", className: "start", onclick: start }, "START"));
}

function showMessages(messages) {
  const log = at("messages");
  if (!messages.length && !isGroup()) return log.replaceChildren(about(person()));
  const own = messages.filter((message) => !message.from.is_bot);
  log.replaceChildren(...messages.map((message) => draw(message, acts, { last: message === own.at(-1) })));
  log.scrollTop = log.scrollHeight;
}

function showKeyboard(keyboard) {
  at("keyboard").hidden = !keyboard;
  at("write").text.placeholder = keyboard?.input_field_placeholder ?? "Message";
  at("keyboard").replaceChildren(...(keyboard?.keyboard ?? []).map((row) => element("div", { className: "row" },
    ...row.map((button) => element("button", { type: "button", onclick: () => {
      if (keyboard.one_time_keyboard) at("keyboard").hidden = true;
      return button.request_contact ? act("contact") : write(button.text);
    } }, button.text)))));
}

function showNotices(notices) {
  for (const { id, text, alert } of notices) {
    if (shown.has(id)) continue;
    shown.add(id);
    if (!text) continue;
    if (alert) {
      at("alert").querySelector("p").textContent = text;
      at("alert").showModal();
    } else {
      at("toast").textContent = text;
      at("toast").hidden = false;
      setTimeout(() => { at("toast").hidden = true; }, TOAST_MS);
    }
  }
}

function list(place, items) {
  at(place).replaceChildren(...items.map(([title, note, click]) => element(
    "button", { type: "button", onclick: () => { at(place).hidden = true; click(); } }, title, element("small", {}, note),
  )));
}

function show() {
  const now = person();
  if (!now) return;
  showPeople();
  at("bot").textContent = isGroup() ? state.group.title : now.name_of_bot;
  at("status").textContent = isGroup() ? `as ${now.name}` : now.typing ? "typing…" : "bot";
  at("block").hidden = isGroup();
  at("block").textContent = now.blocked ? "Unblock" : "Block";
  showKeyboard(isGroup() ? null : now.keyboard);
  showMessages(isGroup() ? state.group.messages : now.messages);
  showNotices(now.notices);
  list("commands", (now.commands ?? []).map(({ command, description }) => [description, `/${command}`, () => write(`/${command}`)]));
  list("attach", ATTACHMENTS.map(([title, what, body]) => [title, "", () => act(what, body)]));
  at("attach").append(element("button", { type: "button", onclick: () => {
    at("attach").hidden = true;
    const last = now.messages.findLast((message) => !message.from.is_bot && message.text);
    if (last) acts.edit(last);
  } }, "✏️ Edit my last message"));
}

at("write").onsubmit = (event) => {
  event.preventDefault();
  const { text } = at("write");
  if (!text.value.trim()) return;
  if (editing) act("edit", { text: text.value });
  else write(text.value);
  editing = false;
  text.value = "";
};
at("write").text.onkeydown = (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    at("write").requestSubmit();
  }
};
at("menu").onclick = () => { at("commands").hidden = !at("commands").hidden; at("attach").hidden = true; };
at("clip").onclick = () => { at("attach").hidden = !at("attach").hidden; at("commands").hidden = true; };
at("block").onclick = () => act(person().blocked ? "unblock" : "block");
at("add").onsubmit = async (event) => {
  event.preventDefault();
  const { name, language } = Object.fromEntries(new FormData(at("add")));
  at("add").reset();
  await post("/demo/people", { name, language });
};

chosen = location.hash === `#${GROUP}` ? GROUP : Number(location.hash.slice(1)) || null;
for (;;) {
  try {
    const answer = await fetch(`/demo/state?seen=${state.version}`);
    state = await answer.json();
    show();
  } catch {
    at("status").textContent = "the demo has stopped";
    await new Promise((go) => { setTimeout(go, 1000); });
  }
}
