// Keys for who answers all day. They can be switched off, as speech input and slips of the hand would trigger them.

const OFF = "console-shortcuts-off";

/** Listen to keys, and show the overview of them. */
export function setUpShortcuts() {
  const help = document.getElementById("help");
  if (!help) {
    return;
  }
  const opener = document.getElementById("show-help");
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  const choice = document.getElementById("shortcuts-on");
  choice.checked = !localStorage.getItem(OFF);
  choice.addEventListener("change", () => {
    if (choice.checked) {
      localStorage.removeItem(OFF);
    } else {
      localStorage.setItem(OFF, "1");
    }
  });
  document.addEventListener("keydown", (event) => {
    if (choice.checked && !help.open && !isTyping(event) && KEYS[event.key]?.(help)) {
      event.preventDefault();
    }
  });
}

function isTyping(event) {
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.target.closest("textarea, select, input:not([type=checkbox])") !== null
  );
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => pick(),
  u: () => follow("back"),
  r: () => focusOn("reply"),
  n: () => focusOn("note"),
  "/": () => focusOn("q"),
  "?": (help) => {
    help.showModal();
    return true;
  },
};

function step(by) {
  const links = [...document.querySelectorAll(".row .open")];
  if (links.length === 0) {
    return false;
  }
  const row = document.activeElement.closest(".row");
  const at = row ? links.indexOf(row.querySelector(".open")) : by > 0 ? -1 : links.length;
  links[Math.min(Math.max(at + by, 0), links.length - 1)].focus();
  return true;
}

function pick() {
  const box = document.activeElement.closest(".row")?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function follow(id) {
  const link = document.getElementById(id);
  link?.click();
  return Boolean(link);
}

function focusOn(id) {
  const field = document.getElementById(id);
  field?.focus();
  return Boolean(field);
}
