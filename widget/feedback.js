/** Thumbs up or down below an answer, with an optional word. */

import { button, icon, make } from "./dom.js";
import { say } from "./languages.js";

const UP = "M7.5 10.5 11 3.8c1.6 0 2.6 1.2 2.3 2.8l-.7 3h5.6c1.3 0 2.2 1.2 1.9 2.4l-1.5 6.2a2 2 0 0 1-1.9 1.5H7.5M7.5 10.5v9.2M7.5 10.5H4v9.2h3.5";
const DOWN = "M16.5 13.5 13 20.2c-1.6 0-2.6-1.2-2.3-2.8l.7-3H5.8c-1.3 0-2.2-1.2-1.9-2.4l1.5-6.2a2 2 0 0 1 1.9-1.5h9.2M16.5 13.5V4.3M16.5 13.5H20V4.3h-3.5";

/** The gateway takes no more. */
const COMMENT_MAX_CHARACTERS = "1000";

export class Feedback {
  /** @param {import("./dialogue.js").Dialogue} dialogue */
  constructor(dialogue) {
    this.dialogue = dialogue;
  }

  /** Every answer of the assistant that states facts can be rated. */
  refresh() {
    const { log } = this.dialogue.panel;
    for (const message of log.messages.values()) {
      const body = message.sender === "bot" && message.entry && log.find(message.id)?.querySelector(".body");
      if (body && !body.querySelector(".rating")) body.append(this.draw(message));
    }
  }

  /** @private @param {Message} message */
  draw(message) {
    const { language } = message;
    const question = make("span", {}, say(language, "rate"));
    const up = button({ class: "icon", "aria-label": say(language, "helpful") }, () => void rate(true), icon(UP));
    const unhelpful = say(language, "unhelpful");
    const down = button({ class: "icon", "aria-label": unhelpful }, () => void rate(false), icon(DOWN));
    // Not read out with the answer.
    const attributes = { class: "rating", role: "group", "aria-live": "off", "aria-label": say(language, "rate") };
    const rating = make("div", attributes, question, up, down);
    /** @param {boolean | undefined} helpful */
    const press = (helpful) => {
      up.setAttribute("aria-pressed", String(helpful === true));
      down.setAttribute("aria-pressed", String(helpful === false));
    };
    /** @param {boolean} helpful */
    const rate = async (helpful) => {
      const before = this.dialogue.session.rated[message.id];
      press(helpful);
      if (!(await this.save(message, helpful))) return press(before);
      question.textContent = say(language, "thanks");
      rating.querySelector("form")?.remove();
      const form = this.drawComment(message, helpful, helpful ? up : down);
      rating.append(form);
      this.dialogue.panel.log.reveal(form);
    };
    press(this.dialogue.session.rated[message.id]);
    return rating;
  }

  /** @private @param {Message} message @param {boolean} helpful @param {HTMLElement} pressed gets the focus back */
  drawComment(message, helpful, pressed) {
    const { language, id } = message;
    const attributes = { type: "text", autocomplete: "off", maxlength: COMMENT_MAX_CHARACTERS, id: `comment-${id}` };
    const field = make("input", attributes);
    const label = make("label", { for: field.id }, say(language, "commentLabel"));
    const send = button({ type: "submit", class: "quiet" }, () => {}, say(language, "commentSend"));
    const form = make("form", { class: "comment" }, label, field, send);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const comment = field.value.trim();
      if (!comment) return field.focus();
      if (!(await this.save(message, helpful, comment))) return;
      pressed.focus();
      form.remove();
    });
    return form;
  }

  /** @private @param {Message} message @param {boolean} helpful @param {string} [comment] */
  async save(message, helpful, comment) {
    const { session, panel, language } = this.dialogue;
    const saved = await session.rate(message, helpful, comment);
    panel.announce(say(language, saved ? "thanks" : "feedbackFailed"));
    return saved;
  }
}
