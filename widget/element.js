/** <hessen-chat>: the chat as a page sees it. Attributes: language, scheme (light, dark), open, origin. */

import { Chat } from "./chat.js";
import { newItem } from "./item.js";
import { firstOf, loadTexts } from "./languages.js";
import { sheet } from "./style.js";

export class HessenChat extends HTMLElement {
  static observedAttributes = ["language"];

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet()];
    /** @private @type {Promise<Chat> | null} */ this.starting = null;
  }

  connectedCallback() {
    void this.chat();
  }

  disconnectedCallback() {
    // Moved in the page it is connected again at once.
    queueMicrotask(() => {
      if (this.isConnected) return;
      void this.starting?.then((chat) => chat.leave());
      this.starting = null;
      this.shadowRoot?.replaceChildren();
    });
  }

  attributeChangedCallback() {
    void this.starting?.then(async (chat) => {
      await chat.speak(this.ownLanguage());
      if (chat.isOpen && !chat.spoken) void chat.greet();
    });
  }

  /** Opens the chat. @param {{focus?: boolean}} [how] focus: whether the visitor is to write at once */
  async open({ focus = true } = {}) {
    (await this.chat()).open(focus);
  }

  /** Closes it. */
  async close() {
    (await this.chat()).close();
  }

  /** Opens the chat and asks a question. @param {string} text */
  async ask(text) {
    const chat = await this.chat();
    chat.open(true);
    chat.send(newItem(text, null));
  }

  /** @private */
  chat() {
    this.starting ??= this.start();
    return this.starting;
  }

  /** @private */
  async start() {
    const language = this.ownLanguage();
    await loadTexts(language);
    const origin = this.getAttribute("origin") ?? new URL(import.meta.url).origin;
    const chat = new Chat(origin, language);
    this.shadowRoot?.replaceChildren(chat.panel.root);
    // Colours of a page's own are looked at before they are believed.
    if (getComputedStyle(this).getPropertyValue("--hessen-chat-accent")) {
      void import("./theme.js").then(({ checkTheme }) => checkTheme(this), () => {});
    }
    chat.begin(this.hasAttribute("open"));
    return chat;
  }

  /** @private */
  ownLanguage() {
    const page = this.closest("[lang]")?.getAttribute("lang");
    return firstOf(this.getAttribute("language"), page, ...navigator.languages);
  }
}
