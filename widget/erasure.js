/** "Delete this conversation": asked once more, then what is gone and what consent keeps is named. */

import { button, make } from "./dom.js";
import { say } from "./languages.js";

export class Erasure {
  /** @param {import("./dialogue.js").Dialogue} dialogue */
  constructor(dialogue) {
    this.dialogue = dialogue;
    this.title = make("h2", { id: "erasure-title", tabindex: "-1" });
    this.body = make("div");
    this.error = make("p", { class: "error", role: "alert" });
    this.acts = make("div", { class: "acts" });
    this.element = make("dialog", { "aria-labelledby": this.title.id }, this.title, this.body, this.error, this.acts);
    this.element.addEventListener("close", () => this.leave());
    dialogue.panel.root.append(this.element);
  }

  ask() {
    const { language } = this.dialogue;
    this.title.textContent = say(language, "eraseTitle");
    this.body.replaceChildren(make("p", {}, say(language, "eraseText")));
    this.error.textContent = "";
    const cancel = button({ class: "quiet" }, () => this.element.close(), say(language, "cancel"));
    const confirm = button({ class: "danger" }, () => void this.erase(confirm), say(language, "eraseConfirm"));
    this.acts.replaceChildren(cancel, confirm);
    this.dialogue.options.unfold(false);
    this.element.showModal();
    cancel.focus();
  }

  /** @private @param {HTMLButtonElement} confirm */
  async erase(confirm) {
    const { session, language } = this.dialogue;
    confirm.disabled = true;
    confirm.textContent = say(language, "erasing");
    this.error.textContent = "";
    try {
      this.report(await session.erase());
    } catch {
      this.error.textContent = say(language, "eraseFailed");
      confirm.disabled = false;
      confirm.textContent = say(language, "eraseConfirm");
      confirm.focus();
    }
  }

  /** @private @param {ErasureReport | null} report */
  report(report) {
    const { panel, language } = this.dialogue;
    panel.log.clear();
    this.title.textContent = say(language, "erasedTitle");
    /** @param {TextKey} title @param {string[]} things */
    const list = (title, things) => {
      const items = things.map((thing) => make("li", {}, thing));
      return [make("h3", {}, say(language, title)), make("ul", {}, ...items)];
    };
    if (!report) this.body.replaceChildren(make("p", {}, say(language, "alreadyGone")));
    else {
      const kept = report.kept.length ? list("keptList", report.kept) : [make("p", {}, say(language, "keptNothing"))];
      this.body.replaceChildren(...list("erasedList", report.erased), ...kept);
    }
    this.acts.replaceChildren(button({ class: "primary" }, () => this.element.close(), say(language, "renew")));
    this.title.focus();
    if (!this.element.open) this.leave();
  }

  /** @private */
  leave() {
    const { dialogue } = this;
    if (dialogue.session.closed && dialogue.options.gone.hidden) dialogue.renew();
    else dialogue.options.button.focus();
  }
}
