/** The messages in their order, the visitor's own before the server knows of them, and what is in view of them. */

import { button, make } from "./dom.js";
import { guess, say } from "./languages.js";
import { drawFrame, drawMessage } from "./message.js";

/** So close to the end counts as reading the newest message. */
const NEAR_END_PX = 100;

export class Log {
  /** @param {(pressed: Button) => void} choose */
  constructor(choose) {
    this.choose = choose;
    const attributes = { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions" };
    this.element = make("div", { ...attributes, tabindex: "0" });
    /** @type {Map<number, Message>} */ this.messages = new Map();
    /** @private @type {WeakMap<Item, HTMLElement>} */ this.own = new WeakMap();
    /** Called when the end comes into view. */ this.onEnd = () => {};
    /** @private */ this.ended = true;
    this.element.addEventListener("scroll", () => {
      this.ended = this.nearEnd;
      if (this.ended) this.onEnd();
    }, { passive: true });
    // Who reads the newest message still does when a notice takes room away from the log.
    new ResizeObserver(() => this.ended && this.jumpToEnd()).observe(this.element);
  }

  get nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  /** The visitor's latest message. */
  get lastOwn() {
    return [...this.element.querySelectorAll(":scope > .user")].pop() ?? null;
  }

  clear() {
    this.messages.clear();
    this.element.replaceChildren();
  }

  /** @param {number} id @returns {HTMLElement | null} */
  find(id) {
    return this.element.querySelector(`[data-id="${id}"]`);
  }

  /** Puts a message where another is, or before all. @param {number} id @param {Message} message */
  replace(id, message) {
    const drawn = drawMessage(message, this.choose);
    const old = this.find(id);
    if (old) old.replaceWith(drawn);
    else this.element.prepend(drawn);
    this.messages.delete(id);
    this.messages.set(message.id, message);
    this.freshen();
  }

  /**
   * Shows a message in its place; one already there stays as it is.
   *
   * @param {Message} message
   * @returns {HTMLElement | null} the new element
   */
  show(message) {
    if (this.messages.has(message.id)) return null;
    const element = drawMessage(message, this.choose);
    this.messages.set(message.id, message);
    let before = this.element.lastElementChild;
    while (before && Number(before.getAttribute("data-id")) > message.id) before = before.previousElementSibling;
    if (before) before.after(element);
    else this.element.prepend(element);
    this.freshen();
    return element;
  }

  /**
   * What the visitor has just written, and what became of it.
   *
   * @param {Item} item
   * @param {Language} language
   * @param {ItemActions} [actions]
   */
  showOwn(item, language, actions) {
    let element = this.own.get(item);
    const fresh = !element;
    if (!element) {
      element = drawFrame("user", guess(item.shown, language), new Date());
      element.append(make("div", { class: "text" }, item.shown));
      this.own.set(item, element);
      this.element.append(element);
      this.freshen();
    }
    element.querySelector(".fate")?.remove();
    element.dataset.state = item.state;
    const stopped = item.state === "failed" || item.state === "rejected";
    if (item.state === "sent") return;
    const words = { queued: "sending", sending: "sending", waiting: "waiting", failed: "failed", rejected: "rejected" };
    const key = item.reason ?? /** @type {TextKey} */ (words[item.state]);
    const fate = make("p", { class: "fate", lang: language }, make("span", {}, say(language, key)));
    const { retry, edit } = actions ?? {};
    if (retry && item.state === "failed") fate.append(button({ class: "link" }, retry, say(language, "retry")));
    if (edit && stopped && item.button === null) fate.append(button({ class: "link" }, edit, say(language, "edit")));
    element.append(fate);
    if (fresh || stopped) this.reveal(element);
  }

  /** @param {Item} item */
  drop(item) {
    this.own.get(item)?.remove();
  }

  /** The server's record of a message that is shown already. @param {Item} item @param {Message} message */
  adopt(item, message) {
    const element = this.own.get(item);
    if (!element) return this.show(message);
    element.lang = message.language;
    element.dataset.id = String(message.id);
    this.messages.set(message.id, message);
    return element;
  }

  /** The choices that wait for an answer stand out; older ones still work. @private */
  freshen() {
    let open = true;
    for (let message = this.element.lastElementChild; message; message = message.previousElementSibling) {
      if (message.classList.contains("user")) open = false;
      message.querySelector(".choices")?.classList.toggle("past", !open);
    }
  }

  /** @private What scrolls: the log, or all of the panel where there is little height. @returns {Element} */
  get scroller() {
    const panel = this.element.parentElement;
    return panel && getComputedStyle(this.element).overflowY === "visible" ? panel : this.element;
  }

  /**
   * Brings something new into view: all of it, or its beginning if it is too tall.
   *
   * @param {Element} last
   * @param {Element | null} [first]
   */
  reveal(last, first = last) {
    const { scroller } = this;
    const view = scroller.getBoundingClientRect();
    const below = last.getBoundingClientRect().bottom + 12 - view.bottom;
    const above = (first ?? last).getBoundingClientRect().top - 8 - view.top;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const top = Math.min(below, above);
    this.ended = top === below;
    if (top > 0) scroller.scrollBy({ top, behavior: calm ? "auto" : "smooth" });
  }

  /** To the newest message at once. */
  jumpToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
