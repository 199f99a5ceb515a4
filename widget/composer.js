/** Where the visitor writes. */

import { button, icon, make } from "./dom.js";

export class Composer {
  /** @param {import("./words.js").Words} words @param {(text: string) => void} send */
  constructor(words, send) {
    /** @private */ this.send = send;
    this.field = make("textarea", { id: "entry", rows: "1", autocomplete: "off", enterkeyhint: "send" });
    const label = make("label", { for: "entry", class: "unseen" });
    const submit = button({ type: "submit", class: "primary icon" }, () => {}, icon("send"));
    this.element = make("form", { class: "composer", novalidate: "" }, label, this.field, submit);
    words.text(label, "label");
    words.attribute(this.field, "placeholder", "hint");
    words.attribute(submit, "aria-label", "send");
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("input", () => this.fit());
    this.field.addEventListener("keydown", (event) => {
      // Enter also ends a Korean syllable (isComposing; 229 in Safari): that is not yet sending.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.submit();
    });
  }

  /** @private */
  submit() {
    const text = this.field.value.trim();
    if (text) {
      this.field.value = "";
      this.fit();
      this.send(text);
    }
    this.focus();
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  /** Puts text back that could not be sent. @param {string} text */
  offer(text) {
    this.field.value = [text, this.field.value].filter(Boolean).join("\n");
    this.fit();
  }

  /** As tall as what is written, up to the limit that the style sets. @private */
  fit() {
    const { style } = this.field;
    style.height = "auto";
    if (this.field.value) style.height = `${this.field.scrollHeight + 2}px`;
  }
}
