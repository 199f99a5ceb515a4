// @ts-check
/**
 * The gateway's chat API (its contract: /api/openapi.json). The token travels in the Authorization header only,
 * never in an address, so that it cannot end up in a log or a Referer.
 */

/** @typedef {import("./strings.js").Language} Language */
/** @typedef {{id: string, title: string}} Button */
/** @typedef {{title: string, url: string | null, as_of: string | null}} Source */
/**
 * @typedef {object} Message
 * @property {number} id
 * @property {"user" | "bot" | "staff"} sender
 * @property {string} text
 * @property {Language} language
 * @property {Button[]} buttons
 * @property {Source[]} sources
 * @property {string | null} entry the knowledge entry that the text states facts from
 * @property {string | null} asks the form field that the message asks for
 * @property {string} created_at
 */
/** @typedef {{id: string, token: string}} Access */
/** @typedef {Access & {language: Language, messages: Message[]}} Conversation */
/** @typedef {{event: string, data: string, id: string}} ServerEvent */

const CALL_TIMEOUT_MS = 30_000;
/** A stream that says nothing for so long, not even a comment, is taken for dead. */
const SILENCE_MS = 75_000;

/** A call that did not succeed. Status 0: no answer at all. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {number | null} [retryAfterMs]
   */
  constructor(status, code, retryAfterMs = null) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** Worth sending again as it is. */
  get passing() {
    return [0, 408, 425, 429].includes(this.status) || this.status >= 500;
  }

  /** The conversation is not there any more, or is not ours. */
  get gone() {
    return this.status === 401 || this.status === 404;
  }
}

/** @param {string | null} value seconds or an HTTP date */
function retryAfter(value) {
  if (!value) return null;
  const pause = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(pause) ? Math.max(0, pause) : null;
}

/**
 * @param {string} path
 * @param {{method?: string, token?: string, body?: unknown, accept?: string, lastEventId?: string, signal: AbortSignal}} options
 */
async function request(path, { method = "GET", token, body, accept = "application/json", lastEventId, signal }) {
  const headers = new Headers({ Accept: accept });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (lastEventId) headers.set("Last-Event-ID", lastEventId);
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal,
    });
  } catch {
    throw new ApiError(0, "unreachable");
  }
  if (response.ok) return response;
  let code = "unknown";
  try {
    code = String((await response.json()).error.code);
  } catch {
    // Not the API's own error, a proxy's page perhaps: the status says enough.
  }
  throw new ApiError(response.status, code, retryAfter(response.headers.get("Retry-After")));
}

/**
 * @param {string} path
 * @param {{method?: string, token?: string, body?: unknown, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
async function call(path, { signal, ...options } = {}) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, CALL_TIMEOUT_MS);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const response = await request(path, { ...options, signal: controller.signal });
    if (response.status === 204) return null;
    try {
      return await response.json();
    } catch {
      throw new ApiError(0, "unreadable"); // Cut off on the way: the same as no answer.
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** @param {Access} access */
const address = (access) => `/api/conversations/${encodeURIComponent(access.id)}`;

/** @param {Language} language @param {AbortSignal} signal @returns {Promise<Conversation>} */
export function createConversation(language, signal) {
  return call("/api/conversations", { method: "POST", body: { language }, signal });
}

/**
 * The same client_id again brings the same answer and does nothing twice.
 *
 * @param {Access} access
 * @param {{client_id: string, text: string} | {client_id: string, button: string}} message
 * @param {AbortSignal} signal
 * @returns {Promise<Message[]>}
 */
export async function postMessage(access, message, signal) {
  const path = `${address(access)}/messages`;
  return (await call(path, { method: "POST", token: access.token, body: message, signal })).messages;
}

/** @param {Access} access @param {number} after @param {AbortSignal} signal @returns {Promise<Message[]>} */
export async function getMessages(access, after, signal) {
  return (await call(`${address(access)}/messages?after=${after}`, { token: access.token, signal })).messages;
}

/**
 * @param {Access} access
 * @param {{message_id: number, helpful: boolean, comment?: string}} feedback
 */
export async function postFeedback(access, feedback) {
  await call(`${address(access)}/feedback`, { method: "POST", token: access.token, body: feedback });
}

/** @param {Access} access @returns {Promise<{erased: unknown[], kept: unknown[]}>} */
export function deleteConversation(access) {
  return call(address(access), { method: "DELETE", token: access.token });
}

/**
 * Server-sent events over fetch, as EventSource can send no Authorization header. Ends when the server closes the
 * stream or falls silent; throws ApiError when it cannot be opened.
 *
 * @param {Access} access
 * @param {string} lastEventId
 * @param {AbortSignal} signal
 * @param {() => void} onOpen
 * @returns {AsyncGenerator<ServerEvent, void, void>}
 */
export async function* readEvents(access, lastEventId, signal, onOpen) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  let watchdog = setTimeout(abort, SILENCE_MS);
  try {
    const response = await request(`${address(access)}/events`, {
      token: access.token,
      accept: "text/event-stream",
      lastEventId,
      signal: controller.signal,
    });
    if (!response.body) return;
    onOpen();
    const reader = response.body.getReader();
    const parse = eventParser();
    for (;;) {
      let part;
      try {
        part = await reader.read();
      } catch {
        return; // Broken off: the caller opens it again.
      }
      if (part.done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(abort, SILENCE_MS);
      yield* parse(part.value);
    }
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener("abort", abort);
    abort();
  }
}

/** The event stream format of the HTML standard, fed with bytes as they come. */
export function eventParser() {
  const decoder = new TextDecoder();
  let rest = "";
  let event = "";
  let id = "";
  /** @type {string[]} */
  let data = [];

  /** @param {Uint8Array} bytes @returns {ServerEvent[]} */
  return function parse(bytes) {
    rest += decoder.decode(bytes, { stream: true });
    // A CR at the end may be the first half of a CRLF: it stays until more comes.
    const held = rest.endsWith("\r") ? "\r" : "";
    const lines = rest.slice(0, rest.length - held.length).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? "") + held;
    const events = [];
    for (const line of lines) {
      if (line === "") {
        if (data.length) events.push({ event: event || "message", data: data.join("\n"), id });
        event = "";
        data = [];
        continue;
      }
      const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (field === "data") data.push(value ?? "");
      else if (field === "event") event = value ?? "";
      else if (field === "id") id = value ?? "";
    }
    return events;
  };
}
