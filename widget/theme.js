/** Colours that a page sets are used only where they can be read (WCAG 2.2, 1.4.3: 4.5 to 1). */

import { make } from "./dom.js";

const CONTRAST_MIN = 4.5;

/** Takes a page's accent back if text on it, or in it, would be too faint. @param {HTMLElement} host */
export function checkTheme(host) {
  const probe = make("span");
  const { style } = probe;
  [style.color, style.backgroundColor, style.borderTopColor] = ["var(--on-accent)", "var(--accent)", "var(--surface)"];
  host.shadowRoot?.append(probe);
  const { color, backgroundColor, borderTopColor } = getComputedStyle(probe);
  probe.remove();
  const [text, accent, surface] = [color, backgroundColor, borderTopColor].map(luminance);
  if (Math.min(contrast(text, accent), contrast(accent, surface)) >= CONTRAST_MIN) return;
  console.warn("hessen-chat: --hessen-chat-accent is not used: its contrast is less than 4.5 to 1");
  host.setAttribute("plain", "");
}

/** @param {number} one @param {number} other */
function contrast(one, other) {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** @param {string} color as computed: rgb(…), or color(srgb …) */
function luminance(color) {
  const numbers = (color.match(/[\d.]+/g) ?? []).map(Number);
  const scale = color.startsWith("rgb") ? 255 : 1;
  const [red, green, blue] = numbers.map((value) => {
    const share = value / scale;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
