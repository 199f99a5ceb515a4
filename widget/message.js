/** How one message looks. */

import { button, icon, make, webAddress } from "./dom.js";
import { asOf, say, timeOfDay } from "./languages.js";

/**
 * A message without what is in it. Who says it is written out, not left to colour.
 *
 * @param {Message["sender"]} sender
 * @param {Language} language its own, which may differ from that of the chat around it
 * @param {Date} [moment]
 */
export function drawFrame(sender, language, moment) {
  const who = make("p", { class: "who" }, make("strong", {}, say(language, sender)));
  if (moment) who.append(" ", make("time", { datetime: moment.toISOString() }, timeOfDay(language, moment)));
  return make("article", { class: `message ${sender}`, lang: language }, who);
}

/** @param {Message} message @param {(pressed: Button) => void} choose */
export function drawMessage(message, choose) {
  const { id, sender, text, language, sources, buttons } = message;
  const element = drawFrame(sender, language, new Date(message.created_at));
  element.dataset.id = String(id);
  const body = make("div", { class: "body" }, make("div", { class: "text" }, text));
  if (sources.length) body.append(drawSources(sources, language));
  element.append(body);
  if (buttons.length) element.append(drawChoices(buttons, language, choose));
  return element;
}

/** @param {Source[]} sources @param {Language} language */
function drawSources(sources, language) {
  const list = make("ul");
  for (const { title, url, as_of } of sources) {
    const address = webAddress(url);
    const note = make("span", { class: "unseen" }, ` (${say(language, "newTab")})`);
    const link = { href: address, target: "_blank", rel: "noopener noreferrer" };
    const name = address ? make("a", link, title, note, "\u00a0", icon("out")) : make("span", {}, title);
    const date = asOf(language, as_of);
    list.append(make("li", {}, name, date && " ", date && make("span", { class: "date" }, date)));
  }
  return make("div", { class: "sources" }, make("p", {}, say(language, "sources")), list);
}

/** @param {Button[]} buttons @param {Language} language @param {(pressed: Button) => void} choose */
export function drawChoices(buttons, language, choose) {
  const group = make("div", { class: "choices", role: "group", "aria-label": say(language, "choices") });
  for (const offered of buttons) {
    group.append(button({ "data-button": offered.id }, () => choose(offered), offered.title));
  }
  return group;
}
