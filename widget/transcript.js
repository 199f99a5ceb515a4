/** The conversation as a text file that the visitor keeps. Made in the browser: nothing is sent. */

import { make } from "./dom.js";
import { asOf, say } from "./languages.js";

/** @param {Message[]} messages @param {Language} language */
export function saveTranscript(messages, language) {
  const text = transcript(messages, language);
  // The mark at the beginning tells editors that it is UTF-8.
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/plain;charset=utf-8" }));
  make("a", { href: url, download: `${say(language, "title")} ${new Date().toISOString().slice(0, 10)}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** @param {Message[]} messages @param {Language} language */
function transcript(messages, language) {
  const locale = language === "en" ? "en-GB" : language;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
  const saved = say(language, "savedAt", { date: format.format(new Date()) });
  const head = [say(language, "title"), saved, say(language, "note")];
  const parts = messages
    .sort((a, b) => a.id - b.id)
    .map(({ sender, created_at, text, sources, language: spoken }) => {
      const lines = [`${say(language, sender)} (${format.format(new Date(created_at))})`, text];
      for (const { title, url, as_of } of sources) {
        lines.push(`${say(spoken, "sources")}: ${[title, url, asOf(spoken, as_of)].filter(Boolean).join(", ")}`);
      }
      return lines.join("\n");
    });
  return `${[head.join("\n"), ...parts].join("\n\n")}\n`;
}
