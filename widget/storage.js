/**
 * What the browser keeps of a conversation: nothing before the first message; then for this tab only, or on the device
 * if the visitor asks for it. What is still to be sent belongs to the tab that sends it. No cookies.
 */

import { isLanguage } from "./languages.js";

/**
 * Runs what storage may refuse, switched off or full as it may be.
 *
 * @template T
 * @param {() => T} act
 * @param {T} otherwise
 */
function attempt(act, otherwise) {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

export class Storage {
  /** @param {string} origin of the gateway; conversations with others are not mixed up */
  constructor(origin) {
    this.key = `hessen-chat ${origin}`;
    this.remembered = attempt(() => localStorage.getItem(this.key) !== null, false);
    // Ticked or unticked in another tab, it is so in this one.
    this.left = new AbortController();
    addEventListener(
      "storage",
      ({ key, storageArea, newValue }) => {
        if (storageArea === localStorage && (key === this.key || key === null)) this.remembered = newValue !== null;
      },
      { signal: this.left.signal },
    );
    /** @private Tabs of the same site find each other here. */
    this.channel = attempt(() => new BroadcastChannel(this.key), null);
  }

  /** The conversation of before, if there is one. @returns {Stored | null} */
  read() {
    return attempt(() => {
      const tab = JSON.parse(sessionStorage.getItem(this.key) ?? "null");
      const device = JSON.parse(localStorage.getItem(this.key) ?? "null");
      const stored = { rated: {}, outbox: [], open: false, ...tab, ...device };
      return isLanguage(stored.language) && (stored.access?.token || stored.outbox.length) ? stored : null;
    }, null);
  }

  /** @param {Stored} stored */
  write({ outbox, open, ...known }) {
    attempt(() => {
      const text = JSON.stringify(known);
      if (this.remembered) localStorage.setItem(this.key, text);
      else localStorage.removeItem(this.key);
      sessionStorage.setItem(this.key, JSON.stringify({ ...(this.remembered ? {} : known), outbox, open }));
    }, undefined);
  }

  forget() {
    this.remembered = false;
    attempt(() => {
      sessionStorage.removeItem(this.key);
      localStorage.removeItem(this.key);
    }, undefined);
  }

  /**
   * Shares a conversation with other tabs: asks them for theirs, tells them of ours.
   *
   * @param {() => Known | null} ours
   * @param {(known: Known) => void} theirs
   */
  share(ours, theirs) {
    if (!this.channel) return;
    this.channel.onmessage = ({ data }) => {
      if (data?.access?.token && isLanguage(data.language)) theirs(data);
      else if (data === "ask") this.tell(ours());
    };
    this.channel.postMessage("ask");
  }

  /** @param {Known | null} known */
  tell(known) {
    if (known?.access) this.channel?.postMessage(known);
  }

  close() {
    this.left.abort();
    this.channel?.close();
  }
}
