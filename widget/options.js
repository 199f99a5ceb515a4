/** What can be done with a conversation once there is one: keep it on the device, save it, delete it, begin anew. */

import { button, icon, make } from "./dom.js";

export class Options {
  /** @param {import("./dialogue.js").Dialogue} dialogue */
  constructor(dialogue) {
    const { panel, chat } = dialogue;
    const { words, head, log } = panel;
    /** @private */ this.dialogue = dialogue;
    const controls = { class: "icon", "aria-expanded": "false", "aria-controls": "options" };
    this.button = button(controls, () => this.unfold(!!this.element.hidden), icon("more"));
    words.attribute(this.button, "aria-label", "options");
    this.remember = make("input", { type: "checkbox", id: "remember", "aria-describedby": "remember-hint" });
    this.remember.addEventListener("change", () => {
      chat.storage.remembered = this.remember.checked;
      dialogue.session.save();
    });
    const label = make("label", { for: "remember" });
    const hint = make("p", { id: "remember-hint", class: "hint" });
    const save = button({ class: "quiet" }, () => dialogue.saveTranscript());
    const erase = button({ class: "quiet" }, () => dialogue.askToErase());
    words.text(label, "remember");
    words.text(hint, "rememberHint");
    words.text(save, "save");
    words.text(erase, "erase");
    const choice = make("div", { class: "choice" }, this.remember, label);
    const acts = make("div", { class: "acts" }, save, erase);
    this.element = make("div", { id: "options", class: "options", hidden: "" }, choice, hint, acts);

    const gone = make("p");
    const renew = button({ class: "primary" }, () => dialogue.renew());
    words.text(gone, "gone");
    words.text(renew, "renew");
    /** Said instead of everything else when the conversation is no more. */
    this.gone = make("div", { class: "gone", hidden: "" }, gone, renew);

    panel.closer.before(this.button);
    head.after(this.element);
    log.element.after(this.gone);
    words.speak(chat.language);
  }

  /** Offers what the conversation as it is now allows. */
  refresh() {
    this.button.hidden = !this.dialogue.chat.spoken || this.dialogue.session.closed;
    this.remember.checked = this.dialogue.chat.storage.remembered;
    if (this.button.hidden) this.unfold(false);
  }

  /** @param {boolean} open */
  unfold(open) {
    this.element.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  /** Folds what was unfolded. @returns {boolean} whether it was */
  fold() {
    if (this.element.hidden) return false;
    this.unfold(false);
    this.button.focus();
    return true;
  }
}
