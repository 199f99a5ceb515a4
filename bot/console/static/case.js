// The case: who else has it open, whether it has changed, and answers inserted where the cursor is.

import { announce } from "./announce.js";

let hasBeenIn = false;

/** Follow one inquiry as long as the page is open. */
export function followCase(main) {
  const events = new EventSource(main.dataset.case);
  events.addEventListener("case", (event) => {
    const { version, colleagues } = JSON.parse(event.data);
    const notice = document.getElementById("colleagues");
    notice.querySelector("span").textContent = colleagues.join(", ");
    notice.hidden = colleagues.length === 0;
    if (version > Number(main.dataset.version)) {
      document.getElementById("stale").hidden = false;
      announce(main.dataset.stale);
    }
  });
  events.addEventListener("gone", () => events.close());
  events.addEventListener("signed-out", () => events.close());
  addEventListener("pagehide", () => events.close());
  const field = document.getElementById("reply");
  field?.addEventListener("focus", () => {
    hasBeenIn = true;
  });
  for (const button of document.querySelectorAll("[data-insert]")) {
    button.addEventListener("click", (event) => insert(event, button.dataset.insert));
  }
}

function insert(event, text) {
  event.preventDefault();
  const field = document.getElementById("reply");
  // Where nobody has been, the cursor is at the beginning: an answer belongs behind what is written already.
  const [start, end] = hasBeenIn ? [field.selectionStart, field.selectionEnd] : [field.value.length, field.value.length];
  const before = field.value.slice(0, start).trimEnd();
  const after = field.value.slice(end).trimStart();
  field.value = [before, text, after].filter(Boolean).join("\n\n");
  const place = [before, text].filter(Boolean).join("\n\n").length;
  field.focus();
  field.setSelectionRange(place, place);
}
