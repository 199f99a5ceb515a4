// @ts-check
/**
 * One conversation as the browser keeps it: what is still to be sent, what has been seen, and how it goes on after a
 * broken connection or a reload. Knows no page: whoever makes it hands in hooks.
 */

import {
  ApiError,
  createConversation,
  deleteConversation,
  getMessages,
  postFeedback,
  postMessage,
  readEvents,
} from "./api.js";
import { isLanguage } from "./strings.js";

/** @typedef {import("./api.js").Access} Access */
/** @typedef {import("./api.js").Message} Message */
/** @typedef {import("./strings.js").Language} Language */
/** @typedef {import("./strings.js").StringKey} StringKey */

/**
 * A message of the visitor, from the moment it is written until the server's record of it is seen.
 *
 * @typedef {object} Item
 * @property {string} client_id
 * @property {string} shown the text, or the title of the button
 * @property {string | null} button
 * @property {"queued" | "sending" | "waiting" | "sent" | "failed" | "rejected"} state
 * @property {StringKey | null} reason why it failed or was rejected
 * @property {number} after the last message seen before it was sent
 * @property {number} before the first message of its reply
 */

/** @typedef {{kind: "unreachable"} | {kind: "limited", until: number}} Problem */

/**
 * @typedef {object} Hooks
 * @property {(messages: Message[], how: {restored: boolean, reply: boolean}) => void} show
 * @property {(item: Item) => void} item new, or its state has changed
 * @property {(item: Item, message: Message) => void} adopt the server's record of an item
 * @property {(sender: "bot" | "staff" | null) => void} typing
 * @property {(problem: Problem | null) => void} problem
 * @property {(unsent: Item[]) => void} gone the conversation is no more; what was not sent is handed back
 * @property {(unsent: Item[]) => void} anew a stored conversation is no more and a new one begins
 */

const STORAGE_KEY = "hessen-inquiry-assistant";
/** With the pauses between them about a minute, time enough for a restart behind the gateway. */
const MAX_ATTEMPTS = 7;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A limit that lasts longer than this is said instead of waited for. */
const PATIENCE_MS = 120_000;
/** A stream that lasted so long was a good one: the pauses start small again. */
const GOOD_STREAM_MS = 10_000;
const TYPING_MS = 6_000;

/** @param {string} text */
const normal = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();

/** randomUUID exists in secure contexts only, and a first look at the program may be over plain http. */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Growing, with a quarter of chance so that many browsers do not come back at once. @param {number} attempt */
function growingPause(attempt) {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.75 + Math.random() / 2);
}

/** @typedef {Access & {language: Language, outbox: Item[], rated: Record<string, boolean>}} Stored */

/** The conversation of before the reload. @returns {Stored | null} */
export function storedConversation() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "null");
    const usable = typeof stored.id === "string" && typeof stored.token === "string" && isLanguage(stored.language);
    return usable ? { ...stored, outbox: stored.outbox ?? [], rated: stored.rated ?? {} } : null;
  } catch {
    return null; // Nothing there, not ours, or storage is switched off.
  }
}

function forget() {
  try {
    sessionStorage.removeItem(STORAGE_KEY);
  } catch {
    // Storage is switched off: nothing to forget.
  }
}

export class Session {
  /**
   * @param {Language} language
   * @param {Hooks} hooks
   */
  constructor(language, hooks) {
    this.language = language;
    this.hooks = hooks;
    /** @type {Access | null} */
    this.access = null;
    /** Whether the visitor has said anything: before that nothing is stored, and no stream is needed. */
    this.spoken = false;
    /** @type {Item[]} */
    this.items = [];
    /** @type {Record<string, boolean>} */
    this.rated = {};
    /** @private */ this.controller = new AbortController();
    /** @private @type {AbortController | null} */ this.stream = null;
    /** @private @type {Set<number>} */ this.seen = new Set();
    /** @private @type {Message[]} */ this.held = [];
    /** @private Every message up to this one has been seen. */ this.cursor = 0;
    /** @private */ this.lastEventId = "";
    /** @private @type {{start?: Problem, send?: Problem, stream?: Problem}} */ this.problems = {};
    /** @private @type {Set<() => void>} */ this.sleepers = new Set();
    /** @private */ this.sending = false;
    /** @private */ this.listening = false;
    /** @private */ this.erasing = false;
    /** @private @type {ReturnType<typeof setTimeout> | undefined} */ this.typingTimer = undefined;
  }

  get closed() {
    return this.controller.signal.aborted;
  }

  // Beginning and end

  /** @param {Stored | null} stored a conversation to go on with */
  async start(stored) {
    for (let attempt = 0; !this.closed; attempt += 1) {
      try {
        if (stored) await this.resume(stored);
        else await this.create();
        this.trouble("start", null);
        void this.pump();
        if (this.spoken) void this.listen();
        return;
      } catch (error) {
        if (this.closed || !(error instanceof ApiError)) return this.unexpected(error);
        if (stored && error.gone) {
          forget();
          this.hooks.anew(stored.outbox);
          stored = null;
          attempt = -1;
        } else await this.backOff("start", attempt, error);
      }
    }
  }

  /** @private */
  async create() {
    const conversation = await createConversation(this.language, this.controller.signal);
    if (this.closed) return;
    this.access = { id: conversation.id, token: conversation.token };
    this.receive(conversation.messages);
    this.advance(conversation.messages);
    this.save();
  }

  /** @private @param {Stored} stored */
  async resume(stored) {
    const messages = await getMessages(stored, 0, this.controller.signal);
    if (this.closed) return;
    this.access = { id: stored.id, token: stored.token };
    this.spoken = true;
    this.rated = stored.rated;
    this.receive(messages, { restored: true });
    this.advance(messages);
    const last = messages.filter((message) => message.sender === "user").pop();
    for (const item of stored.outbox) {
      item.state = "queued";
      this.items.push(item);
      // It may have arrived just before the reload: then it is shown already, and sent again only for its answer.
      if (!last || normal(last.text) !== normal(item.shown)) this.hooks.item(item);
    }
  }

  /** Stops everything; the server keeps what it has. */
  close() {
    this.controller.abort();
    this.stream?.abort();
    this.wake();
    this.problems = {};
    clearTimeout(this.typingTimer);
  }

  /** The visitor chose another language before saying anything: the greeting nobody answered is not left behind. */
  discard() {
    this.close();
    if (this.access && !this.spoken) deleteConversation(this.access).catch(() => {});
  }

  /**
   * @returns {Promise<{erased: unknown[], kept: unknown[]} | null>} null if it had been erased already
   * @throws {ApiError} if it is still there
   */
  async erase() {
    if (!this.access) return null;
    this.erasing = true;
    try {
      const result = await deleteConversation(this.access);
      this.end();
      return result;
    } catch (error) {
      if (!(error instanceof ApiError) || !error.gone) throw error;
      this.end();
      return null;
    } finally {
      this.erasing = false;
    }
  }

  /** @private */
  end() {
    this.close();
    forget();
  }

  /** @private */
  lose() {
    if (this.closed || this.erasing) return;
    this.end();
    this.hooks.gone(this.items.filter((item) => item.state !== "sent"));
  }

  /** @private @param {unknown} error */
  unexpected(error) {
    if (!this.closed) throw error;
  }

  // Sending

  /** @param {{text: string} | {button: string, title: string}} message */
  send(message) {
    const button = "button" in message ? message.button : null;
    if (button && this.items.some((item) => item.button === button && ["queued", "sending", "waiting"].includes(item.state))) return;
    /** @type {Item} */
    const item = {
      client_id: uuid(),
      shown: "button" in message ? message.title : message.text,
      button,
      state: "queued",
      reason: null,
      after: 0,
      before: 0,
    };
    this.spoken = true;
    this.items.push(item);
    this.save();
    this.hooks.item(item);
    void this.pump();
  }

  /** @param {Item} item */
  retry(item) {
    if (!["failed", "rejected"].includes(item.state)) return;
    item.state = "queued";
    this.hooks.item(item);
    void this.pump();
  }

  /** The visitor takes a message back that could not be sent. @param {Item} item */
  drop(item) {
    this.items = this.items.filter((other) => other !== item);
    this.save();
  }

  /** Whether an answer is being waited for. */
  get busy() {
    return this.items.some((item) => item.state === "sending");
  }

  get unsent() {
    return this.items.some((item) => item.state !== "sent");
  }

  /** One after the other, so that answers follow the order of the questions. @private */
  async pump() {
    if (this.sending || !this.access) return;
    this.sending = true;
    try {
      for (;;) {
        const item = this.items.find(({ state }) => state === "queued");
        if (!item || this.closed) break;
        await this.deliver(item);
      }
    } finally {
      this.sending = false;
    }
    const held = this.held.splice(0);
    if (!this.closed) this.receive(held);
  }

  /** @private @param {Item} item */
  async deliver(item) {
    const access = /** @type {Access} */ (this.access);
    const body = item.button ? { client_id: item.client_id, button: item.button } : { client_id: item.client_id, text: item.shown };
    item.after ||= Math.max(0, ...this.seen);
    for (let attempt = 0; ; ) {
      this.set(item, "sending");
      let error;
      try {
        const messages = await postMessage(access, body, this.controller.signal);
        if (this.closed) return;
        this.trouble("send", null);
        item.before = Math.min(...messages.filter(({ sender }) => sender !== "user").map(({ id }) => id), Infinity);
        this.set(item, "sent");
        this.save();
        this.receive(messages, { reply: item });
        void this.listen();
        return;
      } catch (caught) {
        if (this.closed || !(caught instanceof ApiError)) return this.unexpected(caught);
        error = caught;
      }
      if (error.gone) {
        const gone = await this.isGone();
        if (gone) return this.lose();
        if (gone === false) return this.set(item, "rejected", item.button ? "stale" : "rejected");
      }
      // In use by an earlier attempt of ours, whose answer got lost, it is worth asking again.
      const taken = error.status === 409 && (attempt > 0 || error.retryAfterMs !== null);
      if (!error.passing && !taken && !error.gone) {
        const reason = error.status === 413 || error.code === "too_long" ? "tooLong" : item.button ? "stale" : "rejected";
        return this.set(item, "rejected", reason);
      }
      if ((error.retryAfterMs ?? 0) > PATIENCE_MS) return this.fail(item, error.status === 429 ? "limitedLong" : "failed");
      if (navigator.onLine) attempt += 1;
      if (attempt >= MAX_ATTEMPTS) return this.fail(item, "failed");
      this.set(item, "waiting");
      await this.backOff("send", Math.max(0, attempt - 1), error);
      if (this.closed) return;
    }
  }

  /** @private @param {Item} item @param {Item["state"]} state @param {StringKey | null} [reason] */
  set(item, state, reason = null) {
    item.state = state;
    item.reason = reason;
    if (state === "rejected") this.trouble("send", null);
    this.hooks.item(item);
  }

  /** What waits behind a message that could not be sent does not overtake it. @private @param {Item} item @param {StringKey} reason */
  fail(item, reason) {
    this.trouble("send", null);
    // The server's record of it came by the stream meanwhile, and the answer will too.
    if (!this.items.includes(item)) return this.set(item, "sent");
    for (const other of this.items) {
      if (other === item || other.state === "queued") this.set(other, "failed", reason);
    }
  }

  /**
   * @param {Message} message
   * @param {boolean} helpful
   * @param {string} [comment]
   * @returns {Promise<boolean>} whether it was saved
   */
  async rate(message, helpful, comment) {
    if (!this.access || this.closed) return false;
    try {
      await postFeedback(this.access, { message_id: message.id, helpful, ...(comment ? { comment } : {}) });
    } catch {
      return false;
    }
    this.rated[message.id] = helpful;
    this.save();
    return true;
  }

  // Receiving

  /** @private @param {Message[]} messages @param {{restored?: boolean, reply?: Item | null}} [how] */
  receive(messages, { restored = false, reply = null } = {}) {
    const fresh = [];
    for (const message of messages) {
      if (this.seen.has(message.id)) continue;
      if (message.sender === "user" && !restored) {
        const own = reply ?? this.ownItem(message);
        if (own) {
          this.adopt(own, message);
          continue;
        }
        if (this.sending) {
          this.held.push(message);
          continue;
        }
      }
      this.seen.add(message.id);
      fresh.push(message);
    }
    if (fresh.length) this.hooks.show(fresh, { restored, reply: reply !== null });
  }

  /** Which of our messages the server's record is of: the text tells, or its place right before the answer. @private @param {Message} message */
  ownItem(message) {
    const text = normal(message.text);
    const candidates = this.items.filter((item) => item.state !== "queued");
    return (
      candidates.find((item) => normal(item.shown) === text) ??
      candidates.find((item) => item.state === "sent" && item.after < message.id && message.id < item.before && item.before < Infinity)
    );
  }

  /** @private @param {Item} item @param {Message} message */
  adopt(item, message) {
    this.seen.add(message.id);
    this.items = this.items.filter((other) => other !== item);
    if (item.state === "failed" || item.state === "rejected") this.set(item, "sent");
    this.hooks.adopt(item, message);
    this.save();
  }

  /** @private @param {Message[]} messages */
  advance(messages) {
    this.cursor = Math.max(this.cursor, ...messages.map(({ id }) => id));
  }

  /** @private @returns {Promise<boolean | null>} null if that cannot be found out now */
  async isGone() {
    try {
      const messages = await getMessages(/** @type {Access} */ (this.access), this.cursor, this.controller.signal);
      if (this.closed) return null;
      this.receive(messages);
      this.advance(messages);
      return false;
    } catch (error) {
      return error instanceof ApiError && error.gone ? true : null;
    }
  }

  /** Keeps the event stream open. @private */
  async listen() {
    if (this.listening || this.closed || !this.access) return;
    this.listening = true;
    for (let attempt = 0; !this.closed; attempt += 1) {
      this.stream = new AbortController();
      const opened = { at: 0 };
      /** @type {ApiError | null} */
      let error = null;
      try {
        const position = this.lastEventId || String(this.cursor);
        const events = readEvents(this.access, position, this.stream.signal, () => {
          opened.at = Date.now();
          this.trouble("stream", null);
        });
        for await (const event of events) this.take(event);
      } catch (caught) {
        if (!(caught instanceof ApiError)) return this.unexpected(caught);
        error = caught;
      }
      if (this.closed) return;
      if (opened.at && Date.now() - opened.at > GOOD_STREAM_MS) attempt = 0;
      if (error?.gone && (await this.isGone())) return this.lose();
      if (error || attempt > 0) await this.backOff("stream", attempt, error ?? new ApiError(0, "closed"));
      else await this.sleep(growingPause(0));
      // Where streams do not get through at all, messages still come this way, if later.
      if (attempt > 1 && !this.closed && (await this.isGone())) return this.lose();
    }
  }

  /** @private @param {import("./api.js").ServerEvent} event */
  take({ event, data, id }) {
    if (this.closed) return;
    let value;
    try {
      value = JSON.parse(data);
    } catch {
      return;
    }
    if (event === "message") {
      if (value.sender !== "user") this.hooks.typing(null);
      this.receive([value]);
      this.advance([value]);
    } else if (event === "typing") {
      const stopped = value === false || [value?.typing, value?.active, value?.on].includes(false);
      const sender = value?.sender === "staff" ? "staff" : "bot";
      clearTimeout(this.typingTimer);
      this.hooks.typing(stopped ? null : sender);
      if (!stopped) this.typingTimer = setTimeout(() => this.hooks.typing(null), TYPING_MS);
    }
    if (id) this.lastEventId = id;
  }

  // Waiting

  /** @private @param {"start" | "send" | "stream"} where @param {number} attempt @param {ApiError} error */
  async backOff(where, attempt, error) {
    const asked = error.retryAfterMs;
    const pause = Math.max(growingPause(attempt), asked ?? 0);
    if (error.status === 429) this.trouble(where, { kind: "limited", until: Date.now() + pause });
    else if (where !== "stream" || attempt > 1) this.trouble(where, { kind: "unreachable" });
    // Whoever is offline waits for the connection, not for a clock.
    await this.sleep(navigator.onLine ? pause : Infinity, error.status !== 429);
  }

  /** @private @param {number} ms @param {boolean} [wakeable] @returns {Promise<void>} */
  sleep(ms, wakeable = true) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.sleepers.delete(done);
        this.controller.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = ms === Infinity ? undefined : setTimeout(done, ms);
      if (wakeable) this.sleepers.add(done);
      this.controller.signal.addEventListener("abort", done, { once: true });
    });
  }

  /** Try again now whatever waits, unless the server itself asked for the pause. */
  wake() {
    for (const done of [...this.sleepers]) done();
  }

  /** The network has changed: a stream that looks open may be dead. */
  reconnect() {
    this.stream?.abort();
    this.wake();
  }

  /** @private @param {"start" | "send" | "stream"} where @param {Problem | null} problem */
  trouble(where, problem) {
    if (problem) this.problems[where] = problem;
    else delete this.problems[where];
    const { start, send, stream } = this.problems;
    if (!this.closed) this.hooks.problem(send ?? start ?? stream ?? null);
  }

  // Keeping

  /** For the time of this tab only, and not before the visitor has said something. @private */
  save() {
    if (!this.spoken || !this.access || this.closed) return;
    const outbox = this.items.filter((item) => item.state !== "sent");
    const stored = { ...this.access, language: this.language, outbox, rated: this.rated };
    try {
      sessionStorage.setItem(STORAGE_KEY, JSON.stringify(stored));
    } catch {
      // Storage is full or switched off: the conversation then ends with the page.
    }
  }

  /** @param {Language} language */
  speak(language) {
    this.language = language;
    this.save();
  }
}
