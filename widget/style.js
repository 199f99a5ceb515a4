/** How the chat looks. A page may set --hessen-chat-accent, -on-accent, -font, -radius, -inset and -layer. */

const CSS = `
:host {
  all: initial;
  color-scheme: light dark;
  --surface: light-dark(#fff, #19212d);
  --accent: var(--hessen-chat-accent, light-dark(#0f4684, #9cc4f5));
  --on-accent: var(--hessen-chat-on-accent, light-dark(#fff, #0b1d33));
  --ground: light-dark(#f4f6f9, #0f141c);
  --tint: light-dark(#e8eff8, #21334b);
  --ink: light-dark(#17202c, #e7ecf3);
  --soft: light-dark(#505d6e, #a9b5c5);
  --rule: light-dark(#d8dfe8, #2d3848);
  --edge: light-dark(#74839a, #7f8ea4);
  --danger: light-dark(#a3201d, #ffb0a8);
  --on-danger: light-dark(#fff, #3a0805);
  --notice: light-dark(#fff5dc, #3a2f12);
  --on-notice: light-dark(#4a3600, #fbe6b4);
  --radius: var(--hessen-chat-radius, .875em);
  --inset: var(--hessen-chat-inset, 1.25em);
  color: var(--ink);
  font: medium/1.55 var(--hessen-chat-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", sans-serif);
  overflow-wrap: anywhere;
  text-align: start;
}
:host([scheme="light"]) { color-scheme: light }
:host([scheme="dark"]) { color-scheme: dark }
:host([plain]) { --accent: light-dark(#0f4684, #9cc4f5); --on-accent: light-dark(#fff, #0b1d33) }
:host([hidden]), [hidden] { display: none !important }
*, ::before, ::after { box-sizing: border-box }
:lang(ko) { word-break: keep-all }
:lang(de) .text { hyphens: auto }
h2, h3, p, ul { margin: 0 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
svg { flex: none; width: 1.25em; height: 1.25em; fill: none; stroke: currentcolor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }

button { min-height: 2.75em; min-width: 2.75em; padding: .5em 1em; border: 1px solid transparent; border-radius: .625em; background: none; color: inherit; font: inherit; line-height: 1.3; cursor: pointer }
button:disabled { opacity: .65; cursor: default }
.icon { display: grid; place-items: center; padding: 0 }
.icon:hover, .quiet:hover, .languages button:hover { background: var(--tint) }
.primary { background: var(--accent); color: var(--on-accent); font-weight: 600 }
.quiet { border-color: var(--edge); background: var(--surface) }
.primary:hover, .launcher:hover { text-decoration: underline; filter: brightness(1.08) }
.link { padding: .25em .5em; font-weight: 600; text-decoration: underline; text-underline-offset: .2em }
.acts { display: flex; flex-wrap: wrap; gap: .5em }

.launcher, .panel { position: fixed; z-index: var(--hessen-chat-layer, 2147483000); inset: auto var(--inset) var(--inset) auto }
.launcher { display: flex; align-items: center; gap: .625em; min-height: 3.25em; padding: .5em 1.375em .5em 1.125em; border-radius: 2em; background: var(--accent); box-shadow: 0 2px 12px rgb(0 0 0 / 28%); color: var(--on-accent); font-weight: 600 }
.panel { display: flex; flex-direction: column; width: 27em; height: min(52em, 100dvh - 2 * var(--inset)); overflow: hidden; border: 1px solid var(--rule); border-radius: var(--radius); background: var(--ground); box-shadow: 0 8px 40px rgb(0 0 0 / 22%) }

header, footer { flex: none; background: var(--surface) }
header { display: grid; grid-template-columns: 1fr auto auto; align-items: center; padding: .375em .5em .5em 1em; border-top: 4px solid var(--accent); border-bottom: 1px solid var(--rule) }
h2 { font-size: 1.0625em; font-weight: 650; line-height: 1.3 }
h2:focus { outline: none }
.languages { display: flex; flex-wrap: wrap; gap: .25em; grid-row: 2; grid-column: 1 / -1; margin-inline-start: -.5em }
.languages button { min-height: 2.25em; padding: .25em .625em; font-size: .9375em }
.languages [aria-pressed="true"] { background: var(--tint); color: var(--accent); font-weight: 600; text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: .3em }
.log { flex: 1; display: flex; flex-direction: column; gap: 1.125em; min-height: 0; padding: 1em; overflow: auto; overscroll-behavior: contain }
.log:focus-visible { outline-offset: -3px }
.message { display: flex; flex-direction: column; align-items: flex-start; max-width: 100% }
.user { align-self: flex-end; align-items: flex-end; max-width: 88% }
.who { margin: 0 .25em .25em; color: var(--soft); font-size: .8125em; line-height: 1.4 }
.who strong { color: var(--ink); font-weight: 600 }
.who time { margin-inline-start: .25em }
.text { white-space: pre-line }
.body, .user > .text { max-width: 100%; padding: .75em 1em; border: 1px solid var(--rule); border-radius: .25em var(--radius) var(--radius); background: var(--surface) }
.user > .text, .user > .body { padding: .5em .875em; border-color: var(--accent); border-radius: var(--radius) .25em var(--radius) var(--radius); background: var(--accent); color: var(--on-accent) }
[data-state="waiting"] > .text, [data-state="failed"] > .text, [data-state="rejected"] > .text { border: 1px dashed var(--edge); background: var(--surface); color: var(--ink) }
.fate { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; color: var(--soft); font-size: .875em }
[data-state="sending"] > .fate, [data-state="queued"] > .fate { animation: late .8s step-end }
@keyframes late { from { opacity: 0 } }

.choices { display: flex; flex-wrap: wrap; gap: .5em; margin-top: .625em }
.choices button { border-color: var(--accent); border-radius: 1.375em; background: var(--surface); color: var(--accent); font-weight: 500; text-align: start }
.choices button:hover { background: var(--tint) }


footer { position: relative; padding: .625em .75em .5em; border-top: 1px solid var(--rule) }
.composer { display: flex; align-items: flex-end; gap: .5em }
textarea, input:not([type="checkbox"]) { display: block; width: 100%; min-width: 0; min-height: 2.75em; padding: .5625em .75em; border: 1px solid var(--edge); border-radius: .625em; background: var(--surface); color: inherit; font: inherit; line-height: 1.5; resize: none }
textarea { max-height: min(11em, 30vh) }
[aria-invalid="true"] { border-color: var(--danger) !important }
textarea:focus-visible, input:focus-visible { outline-width: 2px; outline-offset: -1px }
::placeholder { color: var(--soft); opacity: 1 }
.note { margin-top: .375em; color: var(--soft); font-size: .8125em; line-height: 1.4 }
.banner { display: flex; flex-wrap: wrap; align-items: center; margin-bottom: .5em; padding: .5em .75em; border-radius: .625em; background: var(--notice); color: var(--on-notice); font-size: .9375em; line-height: 1.4 }

@media (max-width: 32em), (max-height: 30em) {
  .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0 }
}
@media (max-height: 30em) {
  .panel { display: block; overflow: auto }
  .log { overflow: visible }
}
@media (forced-colors: active) {
  .launcher, .primary { border-color: ButtonText }
  [aria-pressed="true"] { forced-color-adjust: none; background: Highlight !important; color: HighlightText !important }
}
`;

/** Constructed, so that a page's policy need not allow inline styles. @param {string} css */
export function sheet(css = CSS) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
