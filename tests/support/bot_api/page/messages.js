// Messages as Telegram's clients draw them. Whatever people or the bot wrote becomes text nodes.

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote" };
const TAPPED = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])|(?<=^|\s)\/([a-z_]+)/g;
const KINDS = {
  sticker: "🙂 sticker", photo: "🖼 photo", voice: "🎤 voice message", document: "📄 document", location: "📍 location",
  contact: "📇 contact card",
};

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function link(address, text) {
  if (!/^https?:\/\//.test(address)) return document.createTextNode(text);
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}

// Clients make links of addresses and commands by themselves.
function plain(text, write) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(TAPPED)) {
    nodes.push(text.slice(end, found.index));
    nodes.push(found[1] ? link(found[1], found[1])
      : element("button", { type: "button", className: "command", onclick: () => write(found[0]) }, found[0]));
    end = found.index + found[0].length;
  }
  return [...nodes, text.slice(end)];
}

function formatted(text, entities, write) {
  const nodes = [];
  let end = 0;
  for (const { offset, length, type, url } of [...entities].sort((one, other) => one.offset - other.offset)) {
    if (offset < end) continue;
    nodes.push(...plain(text.slice(end, offset), write));
    end = offset + length;
    const inner = text.slice(offset, end);
    nodes.push(type === "text_link" ? link(url, inner) : element(TAGS[type] ?? "span", {}, inner));
  }
  return [...nodes, ...plain(text.slice(end), write)];
}

function clock(message) {
  const time = new Date(message.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return element("time", {}, message.edit_date ? `edited ${time}` : time);
}

// One message. `acts` has write(text), press(message, data) and edit(message).
export function draw(message, acts, { last = false } = {}) {
  const own = !message.from.is_bot;
  const kind = Object.keys(KINDS).find((name) => name in message);
  const bubble = element("div", { className: "bubble" });
  if (kind) bubble.append(KINDS[kind]);
  // What people type is no formatting; entities of theirs only mark commands.
  else bubble.append(...(own ? [message.text] : formatted(message.text, message.entities ?? [], acts.write)));
  bubble.append(clock(message));
  const made = element("div", { className: own ? "message own" : "message" }, bubble);
  for (const row of message.reply_markup?.inline_keyboard ?? []) {
    const buttons = row.map((button) => element("button", { type: "button", onclick: () => acts.press(message, button.callback_data) }, button.text));
    made.append(element("div", { className: "row" }, ...buttons));
  }
  if (own && last && !kind) {
    bubble.ondblclick = () => acts.edit(message);
    bubble.title = "Double click to edit";
  }
  return made;
}
