/** The chat up to the first message: opening, greeting, language. What talking needs is loaded then (dialogue.js). */

import { Api } from "./api.js";
import { newItem } from "./item.js";
import { loadTexts, say } from "./languages.js";
import { Panel } from "./panel.js";
import { Pauses, growingPause } from "./pauses.js";
import { Storage } from "./storage.js";

/** The greeting before the server has recorded it; every message has a higher id. */
export const GREETING_ID = 0;

/** The modules that talking needs. */
const TALK = "conversation-api dialogue erasure feedback form options outbox session stream talk-style transcript";

export class Chat {
  /** @param {string} origin of the gateway @param {Language} language whose words are loaded */
  constructor(origin, language) {
    this.api = new Api(origin);
    this.storage = new Storage(origin);
    this.language = language;
    /** @type {import("./dialogue.js").Dialogue | null} */ this.dialogue = null;
    /** @private @type {Promise<import("./dialogue.js").Dialogue> | null} */ this.loading = null;
    /** Whether the visitor has said anything: before that nothing is stored, here or there. */ this.spoken = false;
    /** @type {Item[]} what was sent before talking was loaded */ this.pending = [];
    /** @private @type {Problem | null} */ this.problem = null;
    /** @private @type {ReturnType<typeof setTimeout> | undefined} */ this.countdown = undefined;
    /** @private */ this.left = new AbortController();
    /** @private */ this.pauses = new Pauses(this.left.signal);
    /** @private */ this.greetings = 0;
    this.panel = new Panel({
      open: () => this.open(true),
      close: () => this.close(),
      send: (text) => this.send(newItem(text, null)),
      choose: ({ id, title }) => this.send(newItem(title, id)),
      speak: (chosen) => void this.choose(chosen),
      reconnect: () => this.reconnect(),
    });
    this.panel.speak(language);
    this.panel.element.addEventListener("keydown", (event) => this.escape(event));
  }

  get isOpen() {
    return !this.panel.element.hidden;
  }

  /** Goes on with a conversation of before, or waits to be opened. @param {boolean} open */
  begin(open) {
    const { signal } = this.left;
    addEventListener("offline", () => this.showProblem(), { signal });
    addEventListener("online", () => this.reconnect(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.reconnect(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.wake(), { signal });
    const stored = this.storage.read();
    if (stored) void this.resume(stored, stored.outbox);
    this.storage.share(
      () => this.dialogue?.session.known ?? null,
      (known) => !this.spoken && void this.resume(known, []),
    );
    this.showProblem();
    if (open || stored?.open) this.open(false);
  }

  /** The element is no longer in the page. */
  leave() {
    this.left.abort();
    this.dialogue?.session.close();
    this.storage.close();
  }

  // Opening and closing

  /** @param {boolean} focus */
  open(focus) {
    this.panel.show(true);
    this.dialogue?.session.save();
    if (!this.spoken) void this.greet();
    // On a phone the keyboard would cover what the chat begins with.
    if (focus && matchMedia("(pointer: coarse)").matches) this.panel.title.focus();
    else if (focus) this.panel.composer.focus();
    this.panel.log.jumpToEnd();
  }

  close() {
    this.panel.show(false);
    this.dialogue?.options.unfold(false);
    this.dialogue?.session.save();
    this.panel.launcher.focus();
  }

  /** @private @param {KeyboardEvent} event */
  escape(event) {
    if (event.key !== "Escape" || event.isComposing || this.panel.root.querySelector("dialog[open]")) return;
    event.stopPropagation();
    if (!this.dialogue?.options.fold()) this.close();
  }

  // The conversation

  /** Shows what a conversation begins with, in the language as it is now. */
  async greet() {
    const { panel, language } = this;
    const { signal } = this.left;
    this.greetings += 1;
    const mine = this.greetings;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const { text, suggestions } = await this.api.greeting(language, signal);
        this.showProblem(null);
        if (this.spoken || mine !== this.greetings) return;
        const buttons = suggestions.map((title) => ({ id: "", title }));
        const rest = { sources: [], entry: null, asks: null, created_at: new Date().toISOString() };
        panel.log.clear();
        panel.log.show({ id: GREETING_ID, sender: "bot", text, language, buttons, ...rest });
        return;
      } catch {
        if (!(await this.wait(attempt)) || this.spoken || mine !== this.greetings) return;
      }
    }
  }

  /** @param {Item} item */
  send(item) {
    this.spoken = true;
    if (this.dialogue) return this.dialogue.send(item);
    this.pending.push(item);
    this.panel.log.showOwn(item, this.language);
    this.storage.write({ access: null, language: this.language, rated: {}, outbox: this.pending, open: true });
    void this.talk();
  }

  /** @private @param {Known} known @param {Item[]} outbox */
  async resume(known, outbox) {
    this.spoken = true;
    const dialogue = await this.talk();
    await dialogue.resume(known, outbox);
  }

  /** @private What talking needs; tried again until it is there. */
  talk() {
    this.loading ??= this.load();
    return this.loading;
  }

  /** @private */
  async load() {
    for (let attempt = 0; ; attempt += 1) {
      try {
        // Browsers never ask again for a module that failed to load. Fetched first, it comes from their cache.
        const urls = TALK.split(" ").map((name) => new URL(`${name}.js`, import.meta.url));
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        if (answers.some(({ status }) => status === 404)) return this.outdate();
        await Promise.all(answers.map((answer) => answer.arrayBuffer()));
        const [{ Dialogue }] = await Promise.all([import("./dialogue.js"), loadTexts(this.language, true)]);
        this.showProblem(null);
        this.dialogue = new Dialogue(this);
        for (const item of this.pending.splice(0)) this.dialogue.send(item);
        return this.dialogue;
      } catch (error) {
        if (!(await this.wait(attempt))) throw error;
      }
    }
  }

  /**
   * @private The gateway has another release now. What was written is kept, and sent when the page is loaded again.
   * @returns {Promise<never>}
   */
  outdate() {
    this.showProblem({ kind: "outdated" });
    return new Promise(() => {});
  }

  /**
   * @private Before another attempt.
   * @param {number} attempt
   * @returns {Promise<boolean>} false if the element has gone meanwhile
   */
  async wait(attempt) {
    if (this.left.signal.aborted) return false;
    this.showProblem({ kind: "unreachable" });
    await this.pauses.sleep(navigator.onLine ? growingPause(attempt) : Infinity);
    return !this.left.signal.aborted;
  }

  /** The visitor chooses a language. @private @param {Language} chosen */
  async choose(chosen) {
    if (chosen === this.language) return;
    await this.speak(chosen);
    if (this.spoken) this.dialogue?.askFor(chosen);
    else void this.greet();
  }

  /** Changes the language around the conversation. @param {Language} language */
  async speak(language) {
    if (language === this.language) return;
    try {
      await loadTexts(language);
    } catch {
      return; // Without its words the chat stays as it is.
    }
    this.language = language;
    this.panel.speak(language);
    this.dialogue?.speak(language);
    this.showProblem();
  }

  // The connection

  /** @private */
  wake() {
    this.pauses.wake();
    this.dialogue?.session.pauses.wake();
  }

  /** @private */
  reconnect() {
    this.showProblem();
    this.pauses.wake();
    this.dialogue?.session.reconnect();
  }

  /** @param {Problem | null} [problem] as before if left out */
  showProblem(problem = this.problem) {
    this.problem = problem;
    const { language } = this;
    clearTimeout(this.countdown);
    if (!navigator.onLine) return this.panel.warn("offline", say(language, "offline"));
    const kind = problem?.kind;
    if (problem?.kind !== "limited") return this.panel.warn(kind ?? "", say(language, kind ?? "online"));
    const seconds = Math.max(1, Math.ceil((problem.until - Date.now()) / 1000));
    this.panel.warn("limited", say(language, "limited", { seconds }));
    this.countdown = setTimeout(() => this.showProblem(), 1000);
  }
}
