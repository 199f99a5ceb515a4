/** The calls about one conversation, each with its token in a header. */

export class ConversationApi {
  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.api = api;
  }

  /** @param {Language} language @param {AbortSignal} signal @returns {Promise<Conversation>} */
  start(language, signal) {
    return this.api.json("conversations", { method: "POST", body: { language }, signal });
  }

  /**
   * The same client_id again brings the same answer.
   *
   * @param {Access} access
   * @param {object} body
   * @param {AbortSignal} signal
   * @returns {Promise<Message[]>}
   */
  async post(access, body, signal) {
    return (await this.about(access, "/messages", { method: "POST", body, signal })).messages;
  }

  /** @param {Access} access @param {number} after @param {AbortSignal} signal @returns {Promise<Message[]>} */
  async messages(access, after, signal) {
    return (await this.about(access, `/messages?after=${after}`, { signal })).messages;
  }

  /** @param {Access} access @param {{message_id: number, helpful: boolean, comment?: string}} body */
  rate(access, body) {
    return this.about(access, "/feedback", { method: "POST", body });
  }

  /** @param {Access} access @returns {Promise<ErasureReport>} */
  erase(access) {
    return this.about(access, "", { method: "DELETE" });
  }

  /** The open event stream. @param {Access} access @param {string} lastEventId @param {AbortSignal} signal */
  events({ id, token }, lastEventId, signal) {
    return this.api.fetch(`conversations/${id}/events`, { token, accept: "text/event-stream", lastEventId, signal });
  }

  /** @private @param {Access} access @param {string} path @param {Call} call */
  about({ id, token }, path, call) {
    return this.api.json(`conversations/${id}${path}`, { ...call, token });
  }
}
