/** What the visitor has sent, until the server's record of it is seen: queued, retried, or marked as failed. */

import { ApiError } from "./api.js";
import { growingPause } from "./pauses.js";

/** With the pauses between them about a minute, time enough for a restart behind the gateway. */
const MAX_ATTEMPTS = 7;
/** A limit that lasts longer than this is said instead of waited for. */
const PATIENCE_MS = 120_000;

/** @param {string} text */
const normal = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();

export class Outbox {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
    /** @type {Item[]} */
    this.items = [];
    this.sending = false;
  }

  get unsent() {
    return this.items.filter(({ state }) => state !== "sent");
  }

  /** Whether an answer is being waited for. */
  get busy() {
    return this.items.some(({ state }) => state === "sending");
  }

  /** @param {Item} item */
  add(item) {
    // A button pressed twice by mistake: the first is on its way.
    const same = this.items.some(({ button, shown }) => button === item.button && shown === item.shown);
    if (same && item.button !== null) return;
    this.items.push(item);
    this.session.save();
    this.session.hooks.item(item);
    void this.pump();
  }

  /** @param {Item} item */
  retry(item) {
    this.set(item, "queued");
    void this.pump();
  }

  /** The visitor takes a message back that could not be sent. @param {Item} item */
  drop(item) {
    this.items = this.items.filter((other) => other !== item);
    this.session.save();
  }

  /** One after the other, so that answers follow the order of the questions. */
  async pump() {
    if (this.sending) return;
    this.sending = true;
    try {
      for (;;) {
        const item = this.items.find(({ state }) => state === "queued");
        if (!item || this.session.closed) break;
        await this.deliver(item);
      }
    } finally {
      this.sending = false;
    }
    this.session.release();
  }

  /** @private @param {Item} item */
  async deliver(item) {
    const { session } = this;
    for (let attempt = 0; ; ) {
      this.set(item, "sending");
      let error;
      try {
        const access = await session.ensure();
        item.after ||= session.newest;
        const body = this.body(item);
        const replies = await session.api.post(access, body, session.signal);
        if (session.closed) return;
        session.trouble("send", null);
        item.before = Math.min(...replies.map(({ id }) => id), Infinity);
        this.set(item, "sent");
        session.answered(replies);
        return;
      } catch (caught) {
        if (session.closed) return;
        if (!(caught instanceof ApiError)) throw caught;
        error = caught;
      }
      if (error.gone && session.access) {
        if (await session.catchUp()) return session.lose();
        return this.reject(item, item.button ? "stale" : "rejected");
      }
      // In use by an earlier attempt of ours, whose answer got lost, it is worth asking again.
      if (!error.passing && !(error.status === 409 && attempt > 0)) {
        const long = error.status === 413 || error.code === "too_long";
        return this.reject(item, long ? "tooLong" : item.button ? "stale" : "rejected");
      }
      if (error.retryAfterMs > PATIENCE_MS) return this.fail(item, error.status === 429 ? "limitedLong" : "failed");
      if (navigator.onLine) attempt += 1;
      if (attempt >= MAX_ATTEMPTS) return this.fail(item, "failed");
      this.set(item, "waiting");
      await session.backOff("send", Math.max(0, attempt - 1), error);
      if (session.closed) return;
    }
  }

  /** @private @param {Item} item */
  body({ client_id, shown, button }) {
    // A suggestion is pressed before the server has issued its button: it is the one of the same title.
    const id = button === "" ? this.session.offered(shown) : button;
    return id ? { client_id, button: id } : { client_id, text: shown };
  }

  /** @private @param {Item} item @param {Item["state"]} state @param {TextKey | null} [reason] */
  set(item, state, reason = null) {
    item.state = state;
    item.reason = reason;
    this.session.hooks.item(item);
  }

  /** @private @param {Item} item @param {TextKey} reason */
  reject(item, reason) {
    this.session.trouble("send", null);
    this.set(item, "rejected", reason);
  }

  /**
   * What waits behind a message that could not be sent does not overtake it.
   *
   * @private
   * @param {Item} item
   * @param {TextKey} reason
   */
  fail(item, reason) {
    this.session.trouble("send", null);
    // The server's record of it came by the stream meanwhile, and the answer will too.
    if (!this.items.includes(item)) return this.set(item, "sent");
    for (const other of this.items) {
      if (other === item || other.state === "queued") this.set(other, "failed", reason);
    }
  }

  /**
   * Which of ours the server's record is of: the text tells, or its place right before the answer.
   *
   * @param {Message} message
   */
  find({ id, text }) {
    const candidates = this.items.filter(({ state }) => state !== "queued");
    return (
      candidates.find(({ shown }) => normal(shown) === normal(text)) ??
      candidates.find(({ state, after, before }) => state === "sent" && after < id && id < before && before < Infinity)
    );
  }

  /** The server has it: there is nothing more to do for it. @param {Item} item */
  settle(item) {
    this.items = this.items.filter((other) => other !== item);
    if (["failed", "rejected"].includes(item.state)) this.set(item, "sent");
    this.session.save();
  }

  /** Growing, or as long as the server asks for. @param {number} attempt @param {ApiError} error */
  static pause(attempt, { retryAfterMs }) {
    return Math.max(growingPause(attempt), retryAfterMs);
  }
}
