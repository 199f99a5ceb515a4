/** A visitor's message on its way. */

/** randomUUID exists in secure contexts only, and a first look at the program may be over plain http. */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

/** @param {string} shown @param {string | null} button @returns {Item} */
export function newItem(shown, button) {
  return { client_id: uuid(), shown, button, state: "queued", reason: null, after: 0, before: 0 };
}
