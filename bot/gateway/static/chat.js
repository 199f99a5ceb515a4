// @ts-check
/** The page: joins the conversation (session.js) with what is seen of it (view.js). */

import { LANGUAGE_REQUEST, isLanguage, preferredLanguage, say } from "./strings.js";
import { Session, storedConversation } from "./session.js";
import { MessageList, make } from "./view.js";

/** @typedef {import("./api.js").Message} Message */
/** @typedef {import("./session.js").Item} Item */
/** @typedef {import("./session.js").Problem} Problem */
/** @typedef {import("./session.js").Stored} Stored */
/** @typedef {import("./strings.js").Language} Language */
/** @typedef {import("./strings.js").StringKey} StringKey */

/** Shorter than this an answer needs no sign that it is coming. */
const TYPING_AFTER_MS = 350;
const SENDING_AFTER_MS = 5_000;
/** So close to the end counts as reading the newest message. */
const NEAR_END_PX = 120;
const TALLEST_FIELD_PX = 180;

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`#${id} is missing`);
  return element;
}

const root = document.documentElement;
const log = byId("log", HTMLDivElement);
const dock = byId("dock", HTMLDivElement);
const bar = byId("bar", HTMLElement);
const latest = byId("latest", HTMLButtonElement);
const eraseButton = byId("erase", HTMLButtonElement);
const goneNotice = byId("gone", HTMLDivElement);
const statusLine = byId("status", HTMLParagraphElement);

/** @type {Language} */
let language = preferredLanguage();
/** @type {Session} */
let session;
/** @type {WeakMap<Item, HTMLElement>} */
const drawn = new WeakMap();

const list = new MessageList(log, {
  choose: (button) => {
    if (session.closed) return renew();
    session.send({ button: button.id, title: button.title });
  },
  rate: async (message, helpful, comment) => {
    const saved = await session.rate(message, helpful, comment);
    announce(say(language, saved ? "thanks" : "feedbackFailed"));
    return saved;
  },
  rated: (message) => session?.rated[message.id],
});

/** Says something to who cannot see it happen. @param {string} text */
function announce(text) {
  statusLine.textContent = "";
  setTimeout(() => (statusLine.textContent = text), 50);
}

// The language of the page

/** @param {Language} chosen */
function speak(chosen) {
  language = chosen;
  root.lang = chosen;
  unread(0);
  for (const element of document.querySelectorAll("[data-t]")) {
    element.textContent = say(chosen, /** @type {StringKey} */ (element.getAttribute("data-t")));
  }
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", say(chosen, /** @type {StringKey} */ (element.getAttribute("data-t-label"))));
  }
  eraseButton.title = say(chosen, "erase");
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-language") === chosen));
  }
  composer.ask(composer.asked);
  showProblem();
  showTyping();
}

byId("languages", HTMLDivElement).addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-language]") : null;
  const chosen = button?.getAttribute("data-language");
  if (!isLanguage(chosen) || chosen === language) return;
  speak(chosen);
  if (session.closed) return;
  if (!session.spoken) begin(null);
  else {
    session.speak(chosen);
    session.send({ text: LANGUAGE_REQUEST[chosen] });
  }
});

// What is seen of the conversation

let reading = true;
let unreadCount = 0;

function nearEnd() {
  return root.scrollHeight - (window.scrollY + window.innerHeight) < NEAR_END_PX;
}

/** Brings new content into view: all of it, or its beginning if it is too tall. @param {Element} first @param {Element} last */
function reveal(first, last) {
  const sticky = getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;
  const docked = getComputedStyle(dock).position === "sticky" ? dock.offsetHeight : 0;
  const below = last.getBoundingClientRect().bottom - (window.innerHeight - docked - 16);
  const above = first.getBoundingClientRect().top - (sticky + 12);
  const distance = Math.min(below, above);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (distance > 0) window.scrollBy({ top: distance, behavior: calm ? "auto" : "smooth" });
}

/** @param {number} count */
function unread(count) {
  unreadCount = count;
  const title = say(language, "title");
  document.title = count ? `(${count}) ${title}` : title;
}

/** @param {Message[]} messages @param {{restored: boolean, reply: boolean}} how */
function showMessages(messages, { restored, reply }) {
  // A conversation of before is there to be read, not to be read out from its beginning.
  if (restored) log.setAttribute("aria-live", "off");
  const follow = restored || reply || nearEnd();
  const elements = messages.flatMap((message) => list.show(message) ?? []);
  const bot = messages.filter(({ sender }) => sender === "bot").pop();
  if (bot) {
    composer.ask(bot.asks);
    // The assistant answers in the language it was written to; the page around it goes along.
    if (isLanguage(bot.language) && bot.language !== language && (reply || restored) && !session?.unsent) {
      session?.speak(bot.language);
      speak(bot.language);
    }
  }
  if (!elements.length) return;
  if (restored) {
    window.scrollTo(0, root.scrollHeight);
    setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
  } else if (follow) reveal(elements[0].previousElementSibling ?? elements[0], elements[elements.length - 1]);
  else latest.hidden = false;
  if (document.hidden && !restored) unread(unreadCount + elements.length);
  // Pressing a button of the form leads to its next field, where that opens no keyboard over the question.
  const typed = bot?.asks && !["consent", "confirm"].includes(bot.asks);
  if (reply && typed && document.activeElement?.closest(".choices") && matchMedia("(pointer: fine)").matches) {
    composer.field.focus({ preventScroll: true });
  }
}

/** @param {Item} item */
function showItem(item) {
  let element = drawn.get(item);
  if (!element) {
    element = list.showOwn(item.shown, language);
    drawn.set(item, element);
    reveal(element, element);
  }
  const own = element;
  eraseButton.hidden = false;
  showTyping();
  const retry = { label: say(language, "retry"), act: () => session.retry(item) };
  const edit = {
    label: say(language, "edit"),
    act: () => {
      session.drop(item);
      own.remove();
      composer.offer(item.shown);
    },
  };
  const mark = () => {
    if (item.state === "sending" && !session.closed) list.mark(own, language, say(language, "sending"));
  };
  if (item.state === "sending") setTimeout(mark, SENDING_AFTER_MS);
  else if (item.state === "waiting") list.mark(own, language, say(language, "waiting"));
  else if (item.state === "failed") list.mark(own, language, say(language, item.reason ?? "failed"), item.button ? [retry] : [retry, edit]);
  else if (item.state === "rejected") list.mark(own, language, say(language, item.reason ?? "rejected"), item.button ? [] : [edit]);
  else list.mark(own, language, "");
  if (own.querySelector(".fate")) reveal(own, own);
}

/** @type {"bot" | "staff" | null} */
let typist = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let typingTimer;

function showTyping() {
  const element = byId("typing", HTMLParagraphElement);
  const sender = typist ?? (session?.busy ? "bot" : null);
  clearTimeout(typingTimer);
  if (!sender) {
    element.hidden = true;
    return;
  }
  typingTimer = setTimeout(() => {
    const follow = nearEnd();
    byId("typing-text", HTMLSpanElement).textContent = say(language, sender === "staff" ? "staffTyping" : "botTyping");
    element.hidden = false;
    if (follow) reveal(element, element);
  }, element.hidden ? TYPING_AFTER_MS : 0);
}

addEventListener("scroll", () => {
  reading = nearEnd();
  if (reading) latest.hidden = true;
}, { passive: true });
latest.addEventListener("click", () => {
  latest.hidden = true;
  const last = log.lastElementChild;
  if (last) reveal(last, last);
  log.focus({ preventScroll: true });
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread(0);
  session.wake();
});

// The connection

/** @type {Problem | null} */
let problem = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let countdown;

function showProblem() {
  const banner = byId("banner", HTMLDivElement);
  const text = byId("banner-text", HTMLSpanElement);
  const tryNow = byId("try-now", HTMLButtonElement);
  clearTimeout(countdown);
  let words = "";
  if (!navigator.onLine) words = say(language, "offline");
  else if (problem?.kind === "limited") {
    const seconds = Math.max(1, Math.ceil((problem.until - Date.now()) / 1000));
    words = say(language, "limited", { seconds });
    countdown = setTimeout(showProblem, 1000);
  } else if (problem) words = say(language, "unreachable");
  const kind = words && (navigator.onLine ? problem?.kind ?? "" : "offline");
  if (banner.dataset.kind !== kind) {
    // Told once, not with every second of the countdown.
    if (words) announce(words);
    else if (banner.dataset.kind) announce(say(language, "online"));
    banner.dataset.kind = kind;
  }
  text.textContent = words;
  tryNow.hidden = problem?.kind === "limited";
  banner.hidden = !words;
}

byId("try-now", HTMLButtonElement).addEventListener("click", () => {
  session.reconnect();
  composer.field.focus();
});
addEventListener("offline", showProblem);
addEventListener("online", () => {
  showProblem();
  session.reconnect();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) session.reconnect();
});

// Writing

/** @typedef {{type?: string, inputmode?: string, autocomplete: string, autocapitalize?: string}} Kind */
/** Fields of one line; everything else is written in the large field. */
/** @type {Record<string, Kind>} */
const LINES = {
  topic: { autocomplete: "off" },
  name: { autocomplete: "name", autocapitalize: "words" },
  company: { autocomplete: "organization", autocapitalize: "words" },
  email: { type: "email", inputmode: "email", autocomplete: "email", autocapitalize: "none" },
  country: { autocomplete: "country-name", autocapitalize: "words" },
};
const ASKS = ["topic", "message", "name", "company", "email", "country", "consent", "confirm"];

class Composer {
  constructor() {
    this.form = byId("composer", HTMLFormElement);
    this.area = byId("entry", HTMLTextAreaElement);
    this.line = byId("entry-line", HTMLInputElement);
    this.label = byId("entry-label", HTMLLabelElement);
    /** @type {HTMLTextAreaElement | HTMLInputElement} */
    this.field = this.area;
    /** @type {string | null} */
    this.asked = null;
    this.composing = false;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    for (const field of [this.area, this.line]) {
      field.addEventListener("compositionstart", () => (this.composing = true));
      field.addEventListener("compositionend", () => {
        this.composing = false;
        this.ask(this.asked);
      });
    }
    this.area.addEventListener("input", () => this.fit());
    this.area.addEventListener("keydown", (event) => {
      // Enter also ends a Korean syllable (isComposing; 229 in Safari): that is not yet sending.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      // On a phone there is no Shift+Enter, and an inquiry may well have paragraphs.
      if (this.asked === "message" && matchMedia("(pointer: coarse)").matches) return;
      event.preventDefault();
      this.submit();
    });
  }

  submit() {
    const text = this.field.value.trim();
    if (!text) return this.field.focus();
    this.field.value = "";
    this.fit();
    latest.hidden = true;
    if (session.closed) renew();
    session.send({ text });
    this.field.focus({ preventScroll: true });
  }

  /** Makes the field fit what is asked for. @param {string | null} asks */
  ask(asks) {
    this.asked = asks && ASKS.includes(asks) ? asks : null;
    if (this.composing) return; // Changing the field now would tear a syllable apart.
    const wanted = this.asked && LINES[this.asked] ? this.line : this.area;
    const focused = document.activeElement === this.field;
    if (wanted !== this.field) {
      wanted.value = this.field.value;
      this.field.value = "";
      this.field.hidden = true;
      wanted.hidden = false;
      this.field = wanted;
    }
    /** @type {Kind} */
    const kind = (this.asked && LINES[this.asked]) || { autocomplete: "off" };
    if (wanted === this.line) this.line.type = kind.type ?? "text";
    wanted.setAttribute("inputmode", kind.inputmode ?? "text");
    wanted.setAttribute("autocomplete", kind.autocomplete);
    wanted.setAttribute("autocapitalize", kind.autocapitalize ?? "sentences");
    wanted.setAttribute("spellcheck", String(wanted === this.area));
    wanted.setAttribute("enterkeyhint", this.asked === "message" ? "enter" : "send");
    // Browsers fill in by the name too, and remember what was written under it.
    wanted.name = kind.autocomplete === "off" ? "entry" : kind.autocomplete;
    const key = /** @type {StringKey} */ (this.asked ? `${this.asked}Label` : "label");
    const hint = /** @type {StringKey} */ (this.asked ? `${this.asked}Hint` : "hint");
    this.label.textContent = say(language, key);
    this.label.htmlFor = wanted.id;
    this.label.classList.toggle("unseen", !this.asked);
    this.area.classList.toggle("tall", this.asked === "message");
    wanted.placeholder = say(language, hint);
    byId("skip", HTMLAnchorElement).href = `#${wanted.id}`;
    if (focused) wanted.focus({ preventScroll: true });
    this.fit();
  }

  /** Puts text back that could not be sent. @param {string} text */
  offer(text) {
    this.field.value = this.field.value ? `${text}\n${this.field.value}` : text;
    this.fit();
    this.field.focus();
  }

  /** As tall as what is written, up to a limit. */
  fit() {
    this.area.style.height = "auto";
    if (this.area.value) this.area.style.height = `${Math.min(this.area.scrollHeight + 2, TALLEST_FIELD_PX)}px`;
  }
}

const composer = new Composer();

// Deleting

const dialog = byId("dialog", HTMLDialogElement);
const dialogTitle = byId("dialog-title", HTMLHeadingElement);
const dialogBody = byId("dialog-body", HTMLDivElement);
const dialogError = byId("dialog-error", HTMLParagraphElement);
const dialogCancel = byId("dialog-cancel", HTMLButtonElement);
const dialogConfirm = byId("dialog-confirm", HTMLButtonElement);
const dialogDone = byId("dialog-done", HTMLButtonElement);

eraseButton.addEventListener("click", () => {
  dialogTitle.textContent = say(language, "eraseTitle");
  dialogBody.replaceChildren(make("p", {}, say(language, "eraseText")));
  dialogError.textContent = "";
  dialogConfirm.textContent = say(language, "eraseConfirm");
  dialogConfirm.disabled = false;
  dialogCancel.hidden = dialogConfirm.hidden = false;
  dialogDone.hidden = true;
  dialog.showModal();
  dialogCancel.focus();
});
dialogCancel.addEventListener("click", () => dialog.close());
dialogDone.addEventListener("click", () => dialog.close());

dialogConfirm.addEventListener("click", async () => {
  dialogConfirm.disabled = true;
  dialogConfirm.textContent = say(language, "erasing");
  dialogError.textContent = "";
  try {
    const result = await session.erase();
    list.clear();
    composer.ask(null);
    dialogTitle.textContent = say(language, "erasedTitle");
    dialogBody.replaceChildren(...(result ? erasedLists(result) : [make("p", {}, say(language, "alreadyGone"))]));
    dialogCancel.hidden = dialogConfirm.hidden = true;
    dialogDone.hidden = false;
    // Opened by a press, the outcome is read from its heading on.
    dialogTitle.focus();
    if (!dialog.open) renew();
  } catch {
    dialogError.textContent = say(language, "eraseFailed");
    dialogConfirm.disabled = false;
    dialogConfirm.textContent = say(language, "eraseConfirm");
  }
});
dialog.addEventListener("close", () => {
  if (session.closed) renew();
});

/** @param {{erased: unknown[], kept: unknown[]}} result */
function erasedLists({ erased, kept }) {
  /** @param {StringKey} title @param {unknown[]} things */
  const section = (title, things) => [
    make("h3", {}, say(language, title)),
    make("ul", { class: title }, ...things.map((thing) => make("li", {}, named(thing)))),
  ];
  return [
    ...(erased?.length ? section("erasedList", erased) : []),
    ...(kept?.length ? section("keptList", kept) : [make("p", {}, say(language, "keptNothing"))]),
  ];
}

/** @param {any} thing a text, or something with a name @returns {string} */
function named(thing) {
  if (typeof thing !== "object" || thing === null) return String(thing);
  const words = [thing.title ?? thing.name ?? thing.what, thing.reference ?? thing.reason].filter(Boolean);
  return words.length ? words.join(", ") : Object.values(thing).join(", ");
}

// Beginning

/** @param {Stored | null} stored */
function begin(stored) {
  session?.discard();
  list.clear();
  goneNotice.hidden = true;
  latest.hidden = true;
  eraseButton.hidden = !stored;
  problem = null;
  typist = null;
  composer.ask(null);
  /** Hooks of a conversation that was left do nothing. @template {unknown[]} T @param {(...rest: T) => void} hook */
  const current = (hook) => (/** @type {T} */ ...rest) => {
    if (session === own) hook(...rest);
  };
  const own = new Session(language, {
    show: current(showMessages),
    item: current(showItem),
    adopt: current((item, message) => {
      const element = drawn.get(item);
      if (element) list.adopt(element, message);
      else list.show(message);
    }),
    typing: current((sender) => {
      typist = sender;
      showTyping();
    }),
    problem: current((found) => {
      problem = found;
      showProblem();
    }),
    gone: current((unsent) => {
      problem = null;
      typist = null;
      showProblem();
      byId("typing", HTMLParagraphElement).hidden = true;
      clearTimeout(typingTimer);
      goneNotice.hidden = false;
      eraseButton.hidden = true;
      announce(say(language, "gone"));
      giveBack(unsent);
      reveal(goneNotice, goneNotice);
    }),
    anew: current((unsent) => {
      eraseButton.hidden = true;
      giveBack(unsent);
    }),
  });
  session = own;
  showProblem();
  showTyping();
  void own.start(stored);
}

/** What could not be sent is not lost: it stands in the field again. @param {Item[]} unsent */
function giveBack(unsent) {
  const texts = unsent.filter(({ button }) => !button).map(({ shown }) => shown);
  if (texts.length && !composer.field.value) {
    composer.field.value = texts.join("\n");
    composer.fit();
  }
}

function renew() {
  begin(null);
  composer.field.focus();
}

byId("renew", HTMLButtonElement).addEventListener("click", renew);
new ResizeObserver(() => {
  root.style.setProperty("--dock", `${dock.offsetHeight}px`);
  if (reading && log.lastElementChild) window.scrollTo(0, root.scrollHeight);
}).observe(dock);

const stored = storedConversation();
if (stored) language = stored.language;
begin(stored);
speak(language);
