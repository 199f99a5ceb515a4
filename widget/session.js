/**
 * One conversation as the browser sees it: begun with the first message, followed by the event stream, gone on with
 * after a broken connection, a reload or in a second tab. Knows no page: whoever makes it hands in hooks.
 */

import { ApiError } from "./api.js";
import { Outbox } from "./outbox.js";
import { Pauses, growingPause } from "./pauses.js";
import { readEvents } from "./stream.js";

/** A stream that lasted so long was a good one: the pauses start small again. */
const GOOD_STREAM_MS = 10_000;
const TYPING_MS = 6_000;

export class Session {
  /**
   * @param {import("./conversation-api.js").ConversationApi} api
   * @param {import("./storage.js").Storage} storage
   * @param {Language} language
   * @param {SessionHooks} hooks
   */
  constructor(api, storage, language, hooks) {
    this.api = api;
    this.storage = storage;
    this.language = language;
    this.hooks = hooks;
    this.outbox = new Outbox(this);
    /** @type {Access | null} */ this.access = null;
    /** @type {Record<string, boolean>} what the visitor said of messages */ this.rated = {};
    /** Whether the chat is to be seen after a reload. */ this.isOpen = () => false;
    /** Every message up to this one has been seen. */ this.newest = 0;
    /** @private */ this.controller = new AbortController();
    this.signal = this.controller.signal;
    this.pauses = new Pauses(this.signal);
    /** @private @type {Promise<Access> | null} */ this.starting = null;
    /** @private @type {AbortController | null} */ this.stream = null;
    /** @private @type {Set<number>} */ this.seen = new Set();
    /** @private @type {Message[]} */ this.held = [];
    /** @private @type {Button[]} */ this.suggestions = [];
    /** @private @type {Partial<Record<Place, Problem>>} */ this.problems = {};
    /** @private */ this.listening = false;
    /** @private */ this.lastEventId = "";
    /** @private @type {ReturnType<typeof setTimeout> | undefined} */ this.typingTimer = undefined;
  }

  get closed() {
    return this.signal.aborted;
  }

  /** Whether the visitor has said anything: before that nothing is stored, here or there. */
  get spoken() {
    return this.access !== null || this.outbox.items.length > 0;
  }

  /** @returns {Known} */
  get known() {
    return { access: this.access, language: this.language, rated: this.rated };
  }

  /**
   * Goes on with a conversation of before.
   *
   * @param {Known & {outbox?: Item[]}} stored
   * @returns {Promise<boolean>} whether it is still there
   */
  async resume({ access, rated, outbox = [] }) {
    this.access = access;
    this.rated = rated;
    let last = "";
    for (let attempt = 0; access && !this.closed; attempt += 1) {
      try {
        const messages = await this.api.messages(access, 0, this.signal);
        this.trouble("start", null);
        this.receive(messages, { restored: true });
        this.lastEventId = String(this.newest);
        last = messages.filter(({ sender }) => sender === "user").pop()?.text ?? "";
        break;
      } catch (error) {
        if (this.closed) return true;
        if (!(error instanceof ApiError)) throw error;
        if (error.gone) return false;
        await this.backOff("start", attempt, error);
      }
    }
    for (const item of outbox) {
      item.state = "queued";
      this.outbox.items.push(item);
      // It may have arrived just before the reload: then it is shown already, and sent again only for its answer.
      if (last !== item.shown) this.hooks.item(item);
    }
    void this.outbox.pump();
    void this.listen();
    this.save();
    return true;
  }

  /** The conversation, started when it is first needed. @returns {Promise<Access>} */
  ensure() {
    if (this.access) return Promise.resolve(this.access);
    this.starting ??= this.start().finally(() => (this.starting = null));
    return this.starting;
  }

  /** @private */
  async start() {
    const { id, token, messages } = await this.api.start(this.language, this.signal);
    this.access = { id, token };
    const greeting = messages[messages.length - 1];
    this.suggestions = greeting.buttons;
    for (const message of messages) this.note(message);
    this.lastEventId = String(this.newest);
    this.hooks.begun(greeting);
    this.save();
    this.storage.tell(this.known);
    return this.access;
  }

  /** The button of the greeting with this title. @param {string} title */
  offered(title) {
    return this.suggestions.find((button) => button.title === title)?.id;
  }

  /** Stops everything; the server keeps what it has. */
  close() {
    this.controller.abort();
    this.stream?.abort();
    clearTimeout(this.typingTimer);
  }

  /** @returns {Promise<ErasureReport | null>} null if it had been erased already */
  async erase() {
    const { access } = this;
    /** @type {ErasureReport | null} */
    let report = null;
    if (access) {
      report = await this.api.erase(access).catch((error) => {
        if (error instanceof ApiError && error.gone) return null;
        throw error;
      });
    }
    this.close();
    this.storage.forget();
    return report;
  }

  lose() {
    if (this.closed) return;
    this.close();
    this.storage.forget();
    this.hooks.gone(this.outbox.unsent);
  }

  /**
   * @param {Message} message
   * @param {boolean} helpful
   * @param {string} [comment]
   * @returns {Promise<boolean>} whether it was saved
   */
  async rate({ id }, helpful, comment) {
    if (!this.access || this.closed) return false;
    try {
      await this.api.rate(this.access, { message_id: id, helpful, ...(comment ? { comment } : {}) });
    } catch {
      return false;
    }
    this.rated[id] = helpful;
    this.save();
    return true;
  }

  /** What came in answer to a message of ours. @param {Message[]} replies */
  answered(replies) {
    this.receive(replies, { reply: true });
    this.save();
    void this.listen();
  }

  /** Nothing is on its way any more: what was held back is another tab's. */
  release() {
    if (!this.closed) this.receive(this.held.splice(0));
  }

  /** @private @param {Message[]} messages @param {{restored?: boolean, reply?: boolean}} [how] */
  receive(messages, { restored = false, reply = false } = {}) {
    const fresh = [];
    for (const message of messages) {
      if (this.seen.has(message.id)) continue;
      if (message.sender === "user" && !restored) {
        const own = this.outbox.find(message);
        if (own) {
          this.note(message);
          this.hooks.adopt(own, message);
          this.outbox.settle(own);
          continue;
        }
        if (this.outbox.sending) {
          this.held.push(message);
          continue;
        }
      }
      this.note(message);
      fresh.push(message);
    }
    // An answer may come by the stream before the call itself returns.
    if (fresh.length) this.hooks.show(fresh, { restored, reply: reply || this.outbox.busy });
  }

  /** @private @param {Message} message */
  note({ id }) {
    this.seen.add(id);
    this.newest = Math.max(this.newest, id);
  }

  /** Reads what the stream may have missed. @returns {Promise<boolean>} whether the conversation is gone for certain */
  async catchUp() {
    const { access } = this;
    if (!access) return false;
    try {
      const messages = await this.api.messages(access, Number(this.lastEventId), this.signal);
      if (!this.closed) this.receive(messages);
      return false;
    } catch (error) {
      return error instanceof ApiError && error.gone && !this.closed;
    }
  }

  /** Keeps the event stream open. @private */
  async listen() {
    if (this.listening || !this.access) return;
    this.listening = true;
    for (let attempt = 0; !this.closed; attempt += 1) {
      const controller = (this.stream = new AbortController());
      let opened = 0;
      /** @type {ApiError | null} */
      let error = null;
      try {
        const { body } = await this.api.events(this.access, this.lastEventId, controller.signal);
        opened = Date.now();
        this.trouble("stream", null);
        if (body) for await (const event of readEvents(body, controller)) this.take(event);
      } catch (caught) {
        if (!(caught instanceof ApiError)) throw caught;
        error = caught;
      }
      if (this.closed) return;
      if (opened && Date.now() - opened > GOOD_STREAM_MS) attempt = 0;
      // Where streams do not get through at all, messages still come this way, if later.
      if ((error?.gone || attempt > 1) && (await this.catchUp())) return this.lose();
      if (error || attempt > 0) await this.backOff("stream", attempt, error ?? new ApiError(0, "closed"));
      else await this.pauses.sleep(growingPause(0));
    }
  }

  /** @private @param {ServerEvent} event */
  take({ event, data, id }) {
    const value = JSON.parse(data);
    clearTimeout(this.typingTimer);
    if (event === "message") {
      this.lastEventId = id;
      if (value.sender !== "user") this.hooks.typing(null);
      this.receive([value]);
    } else if (event === "typing") {
      this.hooks.typing(value.sender);
      this.typingTimer = setTimeout(() => this.hooks.typing(null), TYPING_MS);
    }
  }

  /** @param {Place} where @param {number} attempt @param {ApiError} error */
  async backOff(where, attempt, error) {
    const pause = Outbox.pause(attempt, error);
    const limited = error.status === 429;
    if (limited) this.trouble(where, { kind: "limited", until: Date.now() + pause });
    else if (where !== "stream" || attempt > 0) this.trouble(where, { kind: "unreachable" });
    // Whoever is offline waits for the connection, not for a clock.
    await this.pauses.sleep(navigator.onLine ? pause : Infinity, !limited);
  }

  /** The network has changed, or the visitor wants it now: a stream that looks open may be dead. */
  reconnect() {
    this.stream?.abort();
    this.pauses.wake();
  }

  /** @param {Place} where @param {Problem | null} problem */
  trouble(where, problem) {
    if (problem) this.problems[where] = problem;
    else delete this.problems[where];
    const { start, send, stream } = this.problems;
    if (!this.closed) this.hooks.problem(send ?? start ?? stream ?? null);
  }

  save() {
    if (!this.spoken || this.closed) return;
    const outbox = this.outbox.unsent;
    this.storage.write({ ...this.known, outbox, open: this.isOpen() });
  }
}
