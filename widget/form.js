/**
 * The inquiry form: the question that waits for an answer gets a real field, which the browser can fill in. What is
 * filled in is sent as a message, so that the same rules judge it as if it was typed.
 */

import { button, make } from "./dom.js";
import { newItem } from "./item.js";
import { say } from "./languages.js";

/** @typedef {{type?: string, inputmode?: string, autocomplete: string, autocapitalize?: string}} Kind */

/**
 * The fields in the order they are asked; those that are answered with buttons only have no kind.
 *
 * @type {Record<string, Kind | null>}
 */
const FIELDS = {
  topic: null,
  message: { autocomplete: "off" },
  name: { autocomplete: "name", autocapitalize: "words" },
  company: { autocomplete: "organization", autocapitalize: "words" },
  email: { type: "email", inputmode: "email", autocomplete: "email", autocapitalize: "none" },
  country: { autocomplete: "country-name", autocapitalize: "words" },
  consent: null,
  confirm: null,
};
const ORDER = Object.keys(FIELDS);

/** Asked by other forms, too: whether it is the inquiry form is seen from what was asked before. */
const SHARED = ["message", "email", "confirm"];

export class Form {
  /** @param {import("./dialogue.js").Dialogue} dialogue */
  constructor(dialogue) {
    this.dialogue = dialogue;
    /** @private @type {HTMLFormElement | null} */ this.element = null;
    /** @private @type {HTMLInputElement | HTMLTextAreaElement | null} */ this.field = null;
    /** @private The message that it belongs to. */ this.id = 0;
    /** @private What was sent last, for a field that is asked again. */ this.sent = { asks: "", value: "" };
    /** @private What was written and not sent. */ this.draft = { asks: "", value: "" };
  }

  /** Shows the form of the question that waits, and takes away that of one answered. */
  refresh() {
    const { panel, chat, typing } = this.dialogue;
    const { log, composer } = panel;
    const messages = [...log.messages.values()].sort((a, b) => a.id - b.id);
    const question = openQuestion(messages);
    if (question && question.id === this.id && this.element?.isConnected) return;
    const focused = this.element?.matches(":focus-within");
    // Something is asked in between: what is half written stays for when the question comes again.
    const { name = "", value = "" } = this.field ?? {};
    if (name && name !== this.sent.asks) this.draft = { asks: name, value };
    this.element?.remove();
    this.element = this.field = null;
    this.id = question?.id ?? 0;
    const frame = question && log.find(question.id);
    if (question && frame) {
      this.element = this.draw(question, frame, messages);
      frame.append(this.element);
    }
    if (!focused && (typing || !this.element || !chat.isOpen)) return;
    // The focus never falls out of the chat: it goes to what is to be answered next.
    const next = this.field ?? this.element?.querySelector("button");
    if (next) next.focus({ preventScroll: true });
    else composer.focus();
  }

  /** It can be filled in again, because what was sent did not arrive. */
  release() {
    this.element?.removeAttribute("aria-busy");
  }

  /** @private @param {Message} question @param {HTMLElement} frame @param {Message[]} messages */
  draw(question, frame, messages) {
    const { language, id } = question;
    const asks = /** @type {TextKey} */ (question.asks);
    const kind = FIELDS[asks];
    const title = make("p", { class: "step", id: `step-${id}` }, say(language, "form"));
    const steps = isInquiry(messages, question);
    if (steps) {
      const step = ORDER.indexOf(asks) + 1;
      title.append(" · ", say(language, "step", { step, count: ORDER.length }));
    }
    const attributes = { class: "form", "data-asks": asks, novalidate: "", "aria-live": "off" };
    const form = make("form", { ...attributes, "aria-labelledby": title.id }, steps && title);
    if (!steps) form.setAttribute("aria-label", say(language, asks));
    const choices = frame.querySelector(".choices");
    const field = kind && this.drawField(question, asks, kind, messages, form);
    this.field = field;
    if (choices) form.append(choices);
    const acts = make("div", { class: "acts" });
    if (field) acts.append(button({ type: "submit", class: "primary" }, () => {}, say(language, "next")));
    if (steps) {
      /** @param {TextKey} title @param {TextKey} command */
      const act = (title, command) =>
        button({ class: "quiet" }, () => this.send("", say(language, command)), say(language, title));
      if (asks !== ORDER[0]) acts.append(act("back", "backCommand"));
      // The summary has a button of its own for it.
      if (asks !== "confirm") acts.append(act("cancel", "cancelCommand"));
    }
    if (acts.childElementCount) form.append(acts);
    form.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest(".choices button")) this.sent = { asks, value: "" };
    }, { capture: true });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const value = field?.value.trim();
      if (value) this.send(asks, value);
      else if (field) this.complain(field, say(language, "required"));
    });
    return form;
  }

  /**
   * @private
   * @param {Message} question
   * @param {TextKey} asks
   * @param {Kind} kind
   * @param {Message[]} messages
   * @param {HTMLFormElement} form
   */
  drawField(question, asks, kind, messages, form) {
    const { type = "text", inputmode, autocomplete, autocapitalize } = kind;
    const attributes = { id: `field-${question.id}`, name: asks, inputmode, autocomplete, autocapitalize };
    const long = asks === "message";
    const field = long ? make("textarea", { ...attributes, rows: "4" }) : make("input", { ...attributes, type });
    form.append(make("label", { for: field.id }, say(question.language, asks)), field);
    // Asked again, it was refused: the reason stands in the message before.
    const refusal = messages[messages.indexOf(question) - 1];
    if (this.draft.asks === asks) field.value = this.draft.value;
    else if (this.sent.asks === asks && refusal?.sender === "bot" && !refusal.asks && !refusal.entry) {
      field.value = this.sent.value;
      this.complain(field, refusal.text, false);
    }
    return field;
  }

  /** @private @param {HTMLInputElement | HTMLTextAreaElement} field @param {string} reason @param {boolean} [focus] */
  complain(field, reason, focus = true) {
    field.parentElement?.querySelector(".error")?.remove();
    const error = make("p", { class: "error", id: `${field.id}-error` }, reason);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", error.id);
    field.after(error);
    if (focus) field.focus();
  }

  /** @private @param {string} asks @param {string} value */
  send(asks, value) {
    if (this.element?.getAttribute("aria-busy") === "true") return;
    this.element?.setAttribute("aria-busy", "true");
    this.sent = { asks, value };
    this.draft = { asks: "", value: "" };
    this.dialogue.send(newItem(value, null));
    this.dialogue.typing = false;
  }
}

/** The form's question that nobody has answered yet. @param {Message[]} messages */
function openQuestion(messages) {
  const last = messages.filter(({ sender }) => sender !== "staff").pop();
  return last?.sender === "bot" && last.asks && Object.hasOwn(FIELDS, last.asks) ? last : null;
}

/**
 * Whether a question is the inquiry form's, whose steps are counted.
 *
 * @param {Message[]} messages
 * @param {Message} question
 */
function isInquiry(messages, question) {
  let asked = false;
  for (const { asks, sender } of messages.slice(0, messages.indexOf(question) + 1).reverse()) {
    if (sender === "user") {
      if (!asked) return false;
      asked = false;
    } else if (asks) {
      if (!SHARED.includes(asks)) return true;
      asked = true;
    } else if (asked && sender === "bot") return true; // The form's opening words stand before its first question.
  }
  return false;
}
