// The list: what comes in appears by itself, without taking anything from under somebody's hands.

import { announce } from "./announce.js";

// Every look at the list is written down, so it is read anew only for eyes, and not for each of many changes.
const PAUSE_MILLISECONDS = 2000;

/** Follow the list as long as the page is open. */
export function followList(main) {
  const events = new EventSource(main.dataset.live);
  let isDue = false;
  let isResting = false;
  const look = async () => {
    if (!isDue || isResting || document.hidden) {
      return;
    }
    isDue = false;
    isResting = true;
    setTimeout(() => {
      isResting = false;
      look();
    }, PAUSE_MILLISECONDS);
    await refresh(main);
  };
  events.addEventListener("changed", () => {
    isDue = true;
    look();
  });
  document.addEventListener("visibilitychange", look);
  events.addEventListener("signed-out", () => location.reload());
  addEventListener("pagehide", () => events.close());
}

async function refresh(main) {
  const rows = document.getElementById("rows");
  const response = await fetch(location.href, { headers: { accept: "text/html", "x-refresh": "1" } });
  if (!response.ok || response.redirected) {
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("rows");
  if (!fresh || fresh.innerHTML === rows.innerHTML) {
    return;
  }
  // Only now, as somebody may have begun while the page was on its way.
  if (rows.querySelector("input:checked")) {
    document.getElementById("arrived").hidden = false;
    return;
  }
  const focused = document.activeElement.closest?.("[data-reference]")?.dataset.reference;
  const isPick = document.activeElement.matches?.("input");
  const known = new Set([...rows.children].map((row) => row.dataset.reference));
  const isNew = [...fresh.children].some((row) => !known.has(row.dataset.reference));
  rows.replaceChildren(...fresh.children);
  rows.hidden = rows.children.length === 0;
  document.querySelector(".list .empty")?.toggleAttribute("hidden", rows.children.length > 0);
  if (focused) {
    const row = rows.querySelector(`[data-reference="${CSS.escape(focused)}"]`);
    row?.querySelector(isPick ? "input" : ".open")?.focus();
  }
  if (isNew) {
    announce(main.dataset.arrived);
  }
}
