/** What is seen of the chat: the launcher, and the panel with its head, the log and the field to write in. */

import { Composer } from "./composer.js";
import { button, icon, make } from "./dom.js";
import { LANGUAGES, isLanguage, say } from "./languages.js";
import { Log } from "./log.js";
import { Words } from "./words.js";

/** Shorter than this an answer needs no sign that it is coming. */
const TYPING_AFTER_MS = 350;

export class Panel {
  /** @param {PanelActions} actions */
  constructor(actions) {
    this.words = new Words();
    this.log = new Log(actions.choose);
    this.composer = new Composer(this.words, actions.send);
    const { words, log } = this;
    const controls = { class: "launcher", "aria-expanded": "false", "aria-controls": "panel" };
    this.launcher = button(controls, actions.open, icon("chat"));
    this.launcherText = make("span");
    this.launcher.append(this.launcherText);
    this.count = 0;

    this.title = make("h2", { tabindex: "-1" });
    words.text(this.title, "title");
    words.attribute(log.element, "aria-label", "log");
    this.closer = button({ class: "icon" }, actions.close, icon("close"));
    words.attribute(this.closer, "aria-label", "close");
    this.languages = this.drawLanguages(actions);
    this.head = make("header", {}, this.title, this.languages, this.closer);

    const dots = make("span", { class: "dots", "aria-hidden": "true" });
    this.typing = make("p", { class: "typing", hidden: "" }, dots, make("span"));
    this.latest = button({ class: "latest", hidden: "" }, () => this.toEnd(), make("span"), icon("down"));
    words.text(/** @type {Element} */ (this.latest.firstChild), "latest");
    log.onEnd = () => (this.latest.hidden = true);
    const tryNow = button({ class: "link" }, actions.reconnect);
    words.text(tryNow, "tryNow");
    this.banner = make("div", { class: "banner", hidden: "" }, make("span"), tryNow);
    const note = make("p", { class: "note" });
    words.text(note, "note");
    const foot = make("footer", {}, this.latest, this.typing, this.banner, this.composer.element, note);
    this.element = make("div", { id: "panel", class: "panel", hidden: "" }, this.head, log.element, foot);
    this.status = make("p", { class: "unseen", role: "status" });
    // One landmark holds all of it, so that a screen reader finds it and no part is left outside.
    this.root = make("aside", {}, this.element, this.launcher, this.status);
    words.attribute(this.root, "aria-label", "title");
  }

  /** @private @param {PanelActions} actions */
  drawLanguages(actions) {
    const languages = make("div", { class: "languages", role: "group" });
    this.words.attribute(languages, "aria-label", "languages");
    for (const [code, name] of Object.entries(LANGUAGES)) {
      const choice = button({ lang: code, "data-language": code }, () => isLanguage(code) && actions.speak(code), name);
      languages.append(choice);
    }
    return languages;
  }

  /** @param {Language} language */
  speak(language) {
    this.root.lang = language;
    this.words.speak(language);
    this.unread(this.count);
    for (const choice of this.languages.children) {
      choice.setAttribute("aria-pressed", String(choice.getAttribute("lang") === language));
    }
  }

  /** @param {boolean} open */
  show(open) {
    this.element.hidden = !open;
    this.launcher.hidden = open;
    this.launcher.setAttribute("aria-expanded", String(open));
    if (open) this.unread(0);
  }

  /** Messages that came while the panel was closed. @param {number} count */
  unread(count) {
    this.count = count;
    const { language } = this.words;
    const ask = say(language, "ask");
    const badge = make("span", { class: "badge", "aria-hidden": "true" }, String(count));
    this.launcherText.replaceChildren(ask, ...(count ? [" ", badge] : []));
    const names = [ask, say(language, "open"), count ? say(language, "unread", { count }) : ""];
    this.launcher.setAttribute("aria-label", names.filter(Boolean).join(", "));
  }

  /** Says something to who cannot see it happen. @param {string} text */
  announce(text) {
    this.status.textContent = "";
    setTimeout(() => (this.status.textContent = text), 50);
  }

  /** Says what is wrong with the connection. @param {string} kind "" if nothing is @param {string} words */
  warn(kind, words) {
    const [text, tryNow] = /** @type {HTMLElement[]} */ ([...this.banner.children]);
    // Told once, not with every second of a countdown.
    if ((this.banner.dataset.kind ?? "") !== kind) this.announce(words);
    this.banner.dataset.kind = kind;
    this.banner.hidden = !kind;
    text.textContent = words;
    tryNow.hidden = kind !== "unreachable";
  }

  /** @param {"bot" | "staff" | null} sender */
  showTyping(sender) {
    clearTimeout(this.typingTimer);
    if (!sender) {
      this.typing.hidden = true;
      return;
    }
    /** @private */
    this.typingTimer = setTimeout(() => {
      const words = this.typing.lastElementChild;
      if (words) words.textContent = say(this.words.language, sender === "staff" ? "staffTyping" : "botTyping");
      this.typing.hidden = false;
    }, TYPING_AFTER_MS);
  }

  /** @private */
  toEnd() {
    this.log.jumpToEnd();
    this.log.element.focus({ preventScroll: true });
  }
}
