/** Thumbs up or down below an answer, with an optional word. */

import { button, icon, make } from "./dom.js";
import { say } from "./languages.js";

const UP = "M7.500 10.500 11 3.800c1.600 0 2.600 1.200 2.300 2.800l-.7 3h5.600c1.300 0 2.200 1.200 1.900 2.400l-1.500 6.200a2 2 0 0 1-1.900 1.500H7.500M7.500 10.500v9.200M7.500 10.500H4v9.200h3.500";
const DOWN = "M16.500 13.500 13 20.200c-1.600 0-2.600-1.200-2.300-2.800l.7-3H5.800c-1.300 0-2.200-1.200-1.900-2.400l1.500-6.200a2 2 0 0 1 1.900-1.500h9.200M16.500 13.500V4.300M16.500 13.500H20V4.300h-3.500";

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
    const down = button({ class: "icon", "aria-label": say(language, "unhelpful") }, () => void rate(false), icon(DOWN));
    // Not read out with the answer.
    const rating = make("div", { class: "rating", role: "group", "aria-live": "off", "aria-label": say(language, "rate") }, question, up, down);
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
    const field = make("input", { type: "text", autocomplete: "off", maxlength: COMMENT_MAX_CHARACTERS, id: `comment-${id}` });
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
