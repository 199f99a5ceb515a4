/** What a page loads: defines <hessen-chat>, and puts one on a page that has only the script. */

import { HessenChat } from "./element.js";

const NAME = "hessen-chat";

if (!customElements.get(NAME)) customElements.define(NAME, HessenChat);

/** The page's own script element, whose data attributes become the chat's. @returns {HTMLScriptElement | undefined} */
function ownScript() {
  const { origin } = new URL(import.meta.url);
  return [...document.scripts].find(
    ({ type, src }) =>
      type === "module" && src.startsWith(`${origin}/`) && new URL(src).pathname.endsWith("/widget.js"),
  );
}

function place() {
  const script = ownScript();
  if (!script || document.querySelector(NAME)) return;
  const chat = document.createElement(NAME);
  for (const [name, value] of Object.entries(script.dataset)) chat.setAttribute(name, value ?? "");
  document.body.append(chat);
}

// Modules run when the page is parsed, unless they are marked async.
if (document.readyState === "loading") addEventListener("DOMContentLoaded", place);
else place();
