/** Making elements. Whatever comes from outside becomes text, never markup. */

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  chat: "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2ZM8 11h.01M12 11h.01M16 11h.01",
  close: "M6 6l12 12M18 6 6 18",
  more: "M4 8h8M18 8h2M4 16h2M12 16h8M15 5.5v5M9 13.5v5",
  send: "M4.5 12h14M12.5 5.5 19 12l-6.5 6.5",
  down: "M12 5v14M6 13l6 6 6-6",
  out: "M14 5h5v5M19 5l-8 8M17 14v4.5H5.5V7H10",
};

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | null | undefined>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children strings become text
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * @param {Record<string, string | null | undefined>} attributes
 * @param {() => void} act
 * @param {...(Node | string)} children
 */
export function button(attributes, act, ...children) {
  const element = make("button", { type: "button", ...attributes }, ...children);
  element.addEventListener("click", act);
  return element;
}

/** A line drawing; `shape` is the name of one, or its path. @param {string} shape */
export function icon(shape) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", Object.hasOwn(ICONS, shape) ? ICONS[/** @type {keyof typeof ICONS} */ (shape)] : shape);
  svg.append(path);
  return svg;
}

/** The address if it is one that a link may lead to. @param {string | null} url */
export function webAddress(url) {
  try {
    const { protocol, href } = new URL(url ?? "");
    return /^https?:$/.test(protocol) ? href : null;
  } catch {
    return null;
  }
}
