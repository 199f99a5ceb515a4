/** Words on elements that stay, set anew when the language changes. */

import { say } from "./languages.js";

export class Words {
  constructor() {
    /** @type {Language} */ this.language = "en";
    /** @private @type {(() => void)[]} */ this.setters = [];
  }

  /** @param {Element} element @param {TextKey} key */
  text(element, key) {
    this.setters.push(() => (element.textContent = say(this.language, key)));
  }

  /** @param {Element} element @param {string} attribute @param {TextKey} key */
  attribute(element, attribute, key) {
    this.setters.push(() => element.setAttribute(attribute, say(this.language, key)));
  }

  /** @param {Language} language */
  speak(language) {
    this.language = language;
    for (const set of this.setters) set();
  }
}
