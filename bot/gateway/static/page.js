/** The page at /: a question that is chosen there is asked in the chat, which is open where there is room for both. */

const ROOM = "(min-width: 64em) and (min-height: 40em)";

customElements.whenDefined("hessen-chat").then(() => {
  const chat = /** @type {import("../../../widget/element.js").HessenChat} */ (document.querySelector("hessen-chat"));
  if (matchMedia(ROOM).matches) void chat.open({ focus: false });
  for (const button of document.querySelectorAll("[data-ask]")) {
    button.addEventListener("click", () => void chat.ask(button.textContent ?? ""));
  }
});
