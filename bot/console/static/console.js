// What makes the console live. Every page works without it.

import { followCase } from "./case.js";
import { followList } from "./list.js";
import { setUpShortcuts } from "./shortcuts.js";

const main = document.querySelector("main");

setUpShortcuts();
if (main?.dataset.live) {
  followList(main);
}
if (main?.dataset.case) {
  followCase(main);
}
