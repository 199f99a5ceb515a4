/** The three languages: which one to speak, its words, and how it writes dates. */

/** @type {Readonly<Record<Language, string>>} */
export const LANGUAGES = { ko: "한국어", de: "Deutsch", en: "English" };

/** @type {Partial<Record<Language, Partial<Texts>>>} */
const loaded = {};
let all = false;

/**
 * Has a language's words there for `say`.
 *
 * @param {Language} language
 * @param {boolean} [more] from now on, also what is said in a conversation
 */
export async function loadTexts(language, more = false) {
  all ||= more;
  // Those of before as well: an answer may come in the language that the chat was in.
  const due = /** @type {Language[]} */ (more ? [language, ...Object.keys(loaded)] : [language]);
  const folders = ["", ...(all ? ["more/"] : [])];
  for (const name of due) {
    const parts = await Promise.all(folders.map((folder) => import(`./texts/${folder}${name}.js`)));
    loaded[name] = Object.assign({}, ...parts.map((part) => part.default));
  }
}

/**
 * @param {Language} language one that was loaded; of another, words come in one that was
 * @param {TextKey} key
 * @param {Record<string, string | number>} [values] what to put for `{name}`
 * @returns {string}
 */
export function say(language, key, values = {}) {
  const text = loaded[language]?.[key] ?? Object.values(loaded).find((texts) => texts[key])?.[key];
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {unknown} value @returns {value is Language} */
export function isLanguage(value) {
  return typeof value === "string" && Object.hasOwn(LANGUAGES, value);
}

/**
 * The first of some language tags that is one of ours.
 *
 * @param {...(string | null | undefined)} tags
 * @returns {Language}
 */
export function firstOf(...tags) {
  for (const tag of tags) {
    const primary = tag?.toLowerCase().split("-")[0];
    if (isLanguage(primary)) return primary;
  }
  return "en";
}

/**
 * What a visitor's own text is announced in until the server says.
 *
 * @param {string} text
 * @param {Language} otherwise
 * @returns {Language}
 */
export function guess(text, otherwise) {
  return /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/.test(text) ? "ko" : otherwise;
}

/**
 * How old a source is: "Stand März 2021", "2021년 3월 기준", "as of March 2021".
 *
 * @param {Language} language
 * @param {string | null} date YYYY or YYYY-MM
 */
export function asOf(language, date) {
  const [, year, month] = /^(\d{4})(?:-(\d{2}))?$/.exec(date ?? "") ?? [];
  if (!year) return date ? say(language, "asOf", { date }) : "";
  const moment = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1));
  const length = month ? "long" : undefined;
  const written = new Intl.DateTimeFormat(language, { year: "numeric", month: length, timeZone: "UTC" });
  return say(language, "asOf", { date: month || language === "ko" ? written.format(moment) : year });
}

/**
 * When a message was written: the time, and the day too if it was not today.
 *
 * @param {Language} language
 * @param {Date} moment
 */
export function timeOfDay(language, moment) {
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { hour: language === "ko" ? "numeric" : "2-digit", minute: "2-digit" };
  const today = moment.toDateString() === new Date().toDateString();
  if (!today) Object.assign(options, { day: "numeric", month: "short" });
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options).format(moment);
}
