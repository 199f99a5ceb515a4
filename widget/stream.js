/** Server-sent events over fetch, as EventSource can send no Authorization header. */

/** A stream that says nothing for so long, not even a comment, is taken for dead. */
const SILENCE_MS = 75_000;

/**
 * Ends when the server closes the stream or falls silent.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {AbortController} controller ends the request when the stream is left
 * @returns {AsyncGenerator<ServerEvent, void, void>}
 */
export async function* readEvents(body, controller) {
  const reader = body.getReader();
  const parse = eventParser();
  const abort = () => controller.abort();
  let watchdog = setTimeout(abort, SILENCE_MS);
  try {
    for (;;) {
      const part = await reader.read().catch(() => null);
      if (!part || part.done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(abort, SILENCE_MS);
      yield* parse(part.value);
    }
  } finally {
    clearTimeout(watchdog);
    abort();
  }
}

/** The event stream format of the HTML standard, fed with bytes as they come. */
function eventParser() {
  const decoder = new TextDecoder();
  let rest = "";
  let event = "";
  let id = "";
  /** @type {string[]} */
  let data = [];

  /** @param {Uint8Array} bytes @returns {ServerEvent[]} */
  return (bytes) => {
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
      const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (field === "data") data.push(value);
      else if (field === "event") event = value;
      else if (field === "id") id = value;
    }
    return events;
  };
}
