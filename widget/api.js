/**
 * The gateway's chat API (its contract: /api/openapi.json). The token travels in a header only, never in an address,
 * so that it cannot end up in a log or a Referer.
 */

const TIMEOUT_MS = 30_000;

/** A call that did not succeed. Status 0: no answer at all. */
export class ApiError extends Error {
  /** @param {number} status @param {string} code @param {number} [retryAfterMs] */
  constructor(status, code, retryAfterMs = 0) {
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

export class Api {
  /** @param {string} origin of the gateway */
  constructor(origin) {
    this.origin = origin;
  }

  /** @param {Language} language @param {AbortSignal} signal @returns {Promise<Greeting>} */
  greeting(language, signal) {
    return this.json(`greeting?language=${language}`, { signal });
  }

  /** @param {string} path @param {Call} call @returns {Promise<any>} */
  async json(path, { signal, ...call }) {
    const signals = [AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])];
    const response = await this.fetch(path, { ...call, signal: AbortSignal.any(signals) });
    try {
      return response.status === 204 ? null : await response.json();
    } catch {
      throw new ApiError(0, "unreadable"); // Cut off on the way: the same as no answer.
    }
  }

  /** @param {string} path @param {Call} call */
  async fetch(path, { method = "GET", token, body, accept = "application/json", lastEventId, signal }) {
    const headers = new Headers({ Accept: accept });
    if (token) headers.set("Authorization", `Bearer ${token}`);
    if (body) headers.set("Content-Type", "application/json");
    if (lastEventId) headers.set("Last-Event-ID", lastEventId);
    let response;
    try {
      response = await fetch(`${this.origin}/api/${path}`, {
        method,
        headers,
        body: body ? JSON.stringify(body) : undefined,
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
      code = (await response.json()).error.code;
    } catch {
      // Not the API's own error, a proxy's page perhaps: the status says enough.
    }
    throw new ApiError(response.status, code, Number(response.headers.get("Retry-After") ?? 0) * 1000 || 0);
  }
}
