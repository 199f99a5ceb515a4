/** Say something to who cannot see the page change. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}
