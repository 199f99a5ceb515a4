/** Waiting before another attempt: with growing pauses, and no longer than it makes sense. */

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** With a quarter of chance, so that many browsers do not come back at once. @param {number} attempt from 0 */
export function growingPause(attempt) {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt) * (0.75 + Math.random() / 2);
}

export class Pauses {
  /** @param {AbortSignal} signal ends all of them */
  constructor(signal) {
    this.signal = signal;
    /** @private @type {Set<() => void>} */ this.sleepers = new Set();
  }

  /** @param {number} ms Infinity: until woken @param {boolean} [wakeable] @returns {Promise<void>} */
  sleep(ms, wakeable = true) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.sleepers.delete(done);
        this.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = ms === Infinity ? undefined : setTimeout(done, ms);
      if (wakeable) this.sleepers.add(done);
      this.signal.addEventListener("abort", done, { once: true });
    });
  }

  /** Try again now whatever waits, unless the server itself asked for the pause. */
  wake() {
    for (const done of [...this.sleepers]) done();
  }
}
