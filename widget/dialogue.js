/** Talking: joins the conversation (session.js) with what is seen of it. Loaded with the first message. */

import { GREETING_ID } from "./chat.js";
import { Erasure } from "./erasure.js";
import { Feedback } from "./feedback.js";
import { Form } from "./form.js";
import { ConversationApi } from "./conversation-api.js";
import { newItem } from "./item.js";
import { isLanguage, say } from "./languages.js";
import { Options } from "./options.js";
import { Session } from "./session.js";
import { sheet } from "./style.js";
import { TALK_CSS } from "./talk-style.js";
import { saveTranscript } from "./transcript.js";

/** What is sent, as an ordinary message, when the language is changed. @type {Record<Language, string>} */
const REQUESTS = { ko: "한국어로 해 주세요", de: "Deutsch bitte", en: "English please" };

export class Dialogue {
  /** @param {import("./chat.js").Chat} chat */
  constructor(chat) {
    this.chat = chat;
    this.panel = chat.panel;
    this.session = this.newSession();
    /** @type {ShadowRoot} */ (this.panel.root.getRootNode()).adoptedStyleSheets.push(sheet(TALK_CSS));
    this.options = new Options(this);
    /** @private */ this.feedback = new Feedback(this);
    /** @private */ this.form = new Form(this);
    /** @private */ this.erasure = new Erasure(this);
    /** Whether the visitor works with the field below, which then keeps the focus. */ this.typing = false;
  }

  get language() {
    return this.chat.language;
  }

  /** @private */
  newSession() {
    const { api, storage, language } = this.chat;
    const { log } = this.panel;
    /** Hooks of a session that was left do nothing. @template {unknown[]} T @param {(...rest: T) => void} hook */
    const current = (hook) => (/** @type {T} */ ...rest) => {
      if (this.session === own) hook(...rest);
    };
    /** @type {Session} */
    const own = new Session(new ConversationApi(api), storage, language, {
      show: current((messages, how) => this.show(messages, how)),
      begun: current((greeting) => this.recordGreeting(greeting)),
      item: current((item) => this.showItem(item)),
      adopt: current((item, message) => void log.adopt(item, message)),
      typing: current((sender) => this.panel.showTyping(sender)),
      problem: current((problem) => this.chat.showProblem(problem)),
      gone: current((unsent) => this.lose(unsent)),
    });
    own.isOpen = () => this.chat.isOpen;
    return own;
  }

  /** @param {Item} item */
  send(item) {
    if (this.session.closed) this.renew();
    this.chat.spoken = true;
    this.typing = item.button === null;
    this.session.outbox.add(item);
  }

  /** Asks the assistant to go on in another language. @param {Language} language */
  askFor(language) {
    if (!this.session.closed) this.send(newItem(REQUESTS[language], null));
  }

  /** @param {Language} language */
  speak(language) {
    this.session.language = language;
    this.session.save();
  }

  /** Goes on with a conversation of before. @param {Known} known @param {Item[]} outbox */
  async resume(known, outbox) {
    this.panel.log.clear();
    await this.chat.speak(known.language);
    if (await this.session.resume({ ...known, outbox })) return this.options.refresh();
    // It has expired or was deleted elsewhere: what was not sent yet stands in the field again.
    this.chat.storage.forget();
    this.restart();
    this.giveBack(outbox);
  }

  // What is seen

  /** @private @param {Message[]} messages @param {{restored: boolean, reply: boolean}} how */
  show(messages, { restored, reply }) {
    const { chat, panel } = this;
    const { log } = panel;
    // A conversation of before is there to be read, not to be read out from its beginning.
    if (restored) log.element.setAttribute("aria-live", "off");
    const follow = restored || reply || log.nearEnd;
    const drawn = messages.flatMap((message) => log.show(message) ?? []);
    panel.showTyping(null);
    this.feedback.refresh();
    this.form.refresh();
    const bot = messages.filter(({ sender }) => sender === "bot").pop();
    // The assistant answers in the language it was written to; the chat around it goes along.
    if (bot && isLanguage(bot.language) && !this.session.outbox.busy) void chat.speak(bot.language);
    const arrived = messages.filter(({ sender }) => sender !== "user").length;
    if (restored) {
      log.jumpToEnd();
      setTimeout(() => log.element.setAttribute("aria-live", "polite"), 500);
    } else if (!chat.isOpen && arrived) {
      panel.unread(panel.count + arrived);
      panel.announce(say(this.language, "arrived"));
    } else if (follow && drawn.length) log.reveal(drawn[drawn.length - 1], reply ? log.lastOwn : drawn[0]);
    else if (drawn.length) panel.latest.hidden = false;
    this.options.refresh();
  }

  /** @private @param {Message} greeting */
  recordGreeting(greeting) {
    const { log } = this.panel;
    log.replace(GREETING_ID, greeting);
  }

  /** @private @param {Item} item */
  showItem(item) {
    const { panel } = this;
    const { outbox } = this.session;
    panel.log.showOwn(item, this.language, {
      retry: () => outbox.retry(item),
      edit: () => {
        outbox.drop(item);
        panel.log.drop(item);
        panel.composer.offer(item.shown);
        panel.composer.focus();
      },
    });
    panel.showTyping(outbox.busy ? "bot" : null);
    panel.latest.hidden = true;
    if (item.state === "failed" || item.state === "rejected") this.form.release();
    this.options.refresh();
  }

  /** @private @param {Item[]} unsent */
  lose(unsent) {
    const { panel } = this;
    this.chat.showProblem(null);
    panel.showTyping(null);
    this.options.gone.hidden = false;
    panel.announce(say(this.language, "gone"));
    this.giveBack(unsent);
    this.options.refresh();
  }

  /** What could not be sent is not lost: it stands in the field again. @private @param {Item[]} unsent */
  giveBack(unsent) {
    const texts = unsent.filter(({ button }) => button === null).map(({ shown }) => shown);
    if (texts.length) this.panel.composer.offer(texts.join("\n"));
  }

  // Ending

  saveTranscript() {
    saveTranscript([...this.panel.log.messages.values()], this.language);
    this.options.fold();
    this.panel.announce(say(this.language, "saved"));
  }

  askToErase() {
    this.erasure.ask();
  }

  renew() {
    this.restart();
    this.panel.composer.focus();
  }

  /** A new session on an empty log. */
  restart() {
    const { chat, panel } = this;
    this.session.close();
    this.session = this.newSession();
    this.chat.spoken = false;
    panel.log.clear();
    this.options.gone.hidden = true;
    panel.showTyping(null);
    chat.showProblem(null);
    this.options.refresh();
    if (chat.isOpen) void chat.greet();
  }
}
