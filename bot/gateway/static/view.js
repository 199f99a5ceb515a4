// @ts-check
/**
 * Draws messages. Whatever comes from outside is set as text, never as markup.
 */

import { asOf, say, timeOfDay } from "./strings.js";

/** @typedef {import("./strings.js").Language} Language */
/** @typedef {import("./api.js").Message} Message */
/** @typedef {import("./api.js").Source} Source */
/** @typedef {import("./api.js").Button} Button */

/**
 * @typedef {object} Handlers
 * @property {(button: Button) => void} choose
 * @property {(message: Message, helpful: boolean, comment?: string) => Promise<boolean>} rate whether it was saved
 * @property {(message: Message) => boolean | undefined} rated what the visitor said before a reload
 */

const ICONS = {
  up: "M7.5 10.5 11 3.8c1.6 0 2.6 1.2 2.3 2.8l-.7 3h5.6c1.3 0 2.2 1.2 1.9 2.4l-1.5 6.2a2 2 0 0 1-1.9 1.5H7.5M7.5 10.5v9.2M7.5 10.5H4v9.2h3.5",
  down: "M16.5 13.5 13 20.2c-1.6 0-2.6-1.2-2.3-2.8l.7-3H5.8c-1.3 0-2.2-1.2-1.9-2.4l1.5-6.2a2 2 0 0 1 1.9-1.5h9.2M16.5 13.5V4.3M16.5 13.5H20V4.3h-3.5",
  out: "M14 5h5v5M19 5l-8 8M17 14v4.500H5.500V7H10",
};

/**
 * An element with attributes and children; strings become text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | null | undefined>} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** @param {string} path */
function icon(path) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  for (const [name, value] of [["viewBox", "0 0 24 24"], ["width", "20"], ["height", "20"], ["aria-hidden", "true"]]) {
    svg.setAttribute(name, value);
  }
  const line = document.createElementNS(namespace, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** The address if it is one that a link may lead to. @param {string | null} url */
function webAddress(url) {
  try {
    const address = new URL(String(url));
    return ["http:", "https:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

/** The language that a visitor's own text is announced in until the server has said which it is. */
/** @param {string} text @param {Language} fallback @returns {Language} */
export function guessLanguage(text, fallback) {
  return /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/.test(text) ? "ko" : fallback;
}

export class MessageList {
  /**
   * @param {HTMLElement} log
   * @param {Handlers} handlers
   */
  constructor(log, handlers) {
    this.log = log;
    this.handlers = handlers;
    /** @type {Map<number, HTMLElement>} */
    this.shown = new Map();
  }

  clear() {
    this.shown.clear();
    this.log.replaceChildren();
  }

  /** @param {number} id */
  has(id) {
    return this.shown.has(id);
  }

  /**
   * Shows a message in its place; one already there stays as it is.
   *
   * @param {Message} message
   * @returns {HTMLElement | null} the new element
   */
  show(message) {
    if (this.has(message.id)) return null;
    const element = this.draw(message);
    this.shown.set(message.id, element);
    // What was written before the greeting came follows it all the same.
    let before = this.shown.size > 1 ? this.log.lastElementChild : null;
    while (before && Number(before.getAttribute("data-id")) > message.id) before = before.previousElementSibling;
    if (before) before.after(element);
    else this.log.prepend(element);
    this.freshen();
    return element;
  }

  /**
   * Shows what the visitor has just written, before the server knows of it.
   *
   * @param {string} text
   * @param {Language} language
   */
  showOwn(text, language) {
    const element = this.frame("user", guessLanguage(text, language), new Date());
    element.append(make("div", { class: "text" }, text));
    this.log.append(element);
    this.freshen();
    return element;
  }

  /**
   * The server's record of a message that is shown already.
   *
   * @param {HTMLElement} element
   * @param {Message} message
   */
  adopt(element, message) {
    element.lang = message.language;
    element.dataset.id = String(message.id);
    this.shown.set(message.id, element);
  }

  /**
   * What became of a visitor's message, below it; nothing if all is well.
   *
   * @param {HTMLElement} element
   * @param {Language} language
   * @param {string} text
   * @param {{label: string, act: () => void}[]} [actions]
   */
  mark(element, language, text, actions = []) {
    element.querySelector(".fate")?.remove();
    element.classList.toggle("unsent", actions.length > 0);
    if (!text) return;
    const fate = make("div", { class: "fate", lang: language }, make("span", {}, text));
    for (const { label, act } of actions) {
      const button = make("button", { type: "button", class: "link" }, label);
      button.addEventListener("click", act);
      fate.append(button);
    }
    element.append(fate);
  }

  /** The choices that wait for an answer stand out; older ones still work. */
  freshen() {
    let open = true;
    for (let message = this.log.lastElementChild; message; message = message.previousElementSibling) {
      if (message.classList.contains("user")) open = false;
      message.querySelector(".choices")?.classList.toggle("past", !open);
    }
  }

  /**
   * @param {Message["sender"]} sender
   * @param {Language} language
   * @param {Date} moment
   */
  frame(sender, language, moment) {
    const element = make("article", { class: `message ${sender}`, lang: language });
    const who = make("p", { class: "who" }, make("strong", {}, say(language, sender)));
    if (Number.isFinite(moment.getTime())) {
      who.append(" ", make("time", { datetime: moment.toISOString() }, timeOfDay(language, moment)));
    }
    element.append(who);
    return element;
  }

  /** @param {Message} message */
  draw(message) {
    const { language } = message;
    const element = this.frame(message.sender, language, new Date(message.created_at));
    element.dataset.id = String(message.id);
    const body = make("div", { class: "body" }, make("div", { class: "text" }, message.text));
    if (message.sources?.length) body.append(this.drawSources(message.sources, language));
    if (message.sender === "bot" && message.entry) body.append(this.drawRating(message));
    element.append(body);
    if (message.buttons?.length) element.append(this.drawChoices(message.buttons, language));
    return element;
  }

  /** @param {Source[]} sources @param {Language} language */
  drawSources(sources, language) {
    const list = make("ul", {});
    for (const source of sources) {
      const date = asOf(language, source.as_of);
      const address = webAddress(source.url);
      const title = source.title || address || "";
      const name = address
        ? make(
            "a",
            { href: address, target: "_blank", rel: "noopener noreferrer" },
            title,
            make("span", { class: "unseen" }, ` (${say(language, "newTab")})`),
            icon(ICONS.out),
          )
        : make("span", {}, title);
      list.append(make("li", {}, name, ...(date ? [" ", make("span", { class: "date" }, date)] : [])));
    }
    return make("div", { class: "sources" }, make("p", { class: "sources-title" }, say(language, "sources")), list);
  }

  /** @param {Button[]} buttons @param {Language} language */
  drawChoices(buttons, language) {
    const group = make("div", { class: "choices", role: "group", "aria-label": say(language, "choices") });
    for (const button of buttons) {
      const element = make("button", { type: "button", "data-button": button.id }, button.title);
      element.addEventListener("click", () => this.handlers.choose(button));
      group.append(element);
    }
    return group;
  }

  /** @param {Message} message */
  drawRating(message) {
    const { language } = message;
    const up = make("button", { type: "button", class: "thumb", "aria-label": say(language, "helpful") }, icon(ICONS.up));
    const down = make("button", { type: "button", class: "thumb", "aria-label": say(language, "unhelpful") }, icon(ICONS.down));
    up.title = say(language, "helpful");
    down.title = say(language, "unhelpful");
    const question = make("span", {}, say(language, "rate"));
    const rating = make("div", { class: "rating" }, question, up, down);

    /** @param {boolean | undefined} helpful */
    const press = (helpful) => {
      up.setAttribute("aria-pressed", String(helpful === true));
      down.setAttribute("aria-pressed", String(helpful === false));
    };
    /** @param {boolean} helpful */
    const rate = async (helpful) => {
      const before = this.handlers.rated(message);
      press(helpful);
      const saved = await this.handlers.rate(message, helpful);
      if (!saved) return press(before);
      question.textContent = say(language, "thanks");
      rating.querySelector("form")?.remove();
      if (helpful) return;
      const form = this.drawComment(message);
      rating.append(form);
      form.scrollIntoView({ block: "nearest" });
    };
    press(this.handlers.rated(message));
    up.addEventListener("click", () => void rate(true));
    down.addEventListener("click", () => void rate(false));
    return rating;
  }

  /** @param {Message} message */
  drawComment(message) {
    const { language } = message;
    const field = make("input", { type: "text", autocomplete: "off", maxlength: "1000", id: `comment-${message.id}` });
    const label = make("label", { for: field.id }, say(language, "commentLabel"));
    const send = make("button", { type: "submit", class: "quiet" }, say(language, "commentSend"));
    const form = make("form", { class: "comment" }, label, field, send);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const comment = field.value.trim();
      if (!comment) return field.focus();
      send.disabled = true;
      if (await this.handlers.rate(message, false, comment)) {
        form.previousElementSibling?.matches("button") && /** @type {HTMLElement} */ (form.previousElementSibling).focus();
        form.remove();
      } else send.disabled = false;
    });
    return form;
  }
}
