/** How that looks which comes with the first message: sources, form, rating, options, dialog. */

export const TALK_CSS = `
.rating, .comment { display: flex; flex-wrap: wrap; align-items: center; gap: .375em }
.rating { margin: .25em -.5em -.375em 0; color: var(--soft); font-size: .875em }
.rating > span, .comment input { flex: 1 }
.rating [aria-pressed="true"] { border-color: var(--accent); background: var(--tint); color: var(--accent) }
.comment { flex: 1 1 100%; padding: .25em .5em .5em 0 }
.comment label { flex: 1 1 100% }
.comment input { min-width: 8em }
.form { width: 100%; margin-top: .5em; padding: .875em 1em 1em; border: 1px solid var(--accent); border-radius: var(--radius); background: var(--surface) }
.form[aria-busy="true"] > * { opacity: .75 }
.step { margin-bottom: .375em; color: var(--soft); font-size: .875em }
.form label { display: block; margin-bottom: .25em; font-weight: 600 }
.form .acts { margin-top: .75em }
[data-asks="confirm"] .choices button:first-child { background: var(--accent); color: var(--on-accent) }
.error { margin-top: .375em; color: var(--danger) }
.options { padding: .5em 1em .875em; border-bottom: 1px solid var(--rule) }
.choice { display: flex; align-items: center; gap: .625em; min-height: 2.75em }
.choice input { flex: none; width: 1.375em; height: 1.375em; margin: 0; accent-color: var(--accent) }
.choice label { padding: .5em 0 }
.hint { margin-bottom: .75em; color: var(--soft); font-size: .875em }

.gone { flex: none; display: grid; justify-items: start; gap: .75em; margin: 0 1em 1em; padding: 1em; border: 1px solid var(--edge); border-radius: var(--radius); background: var(--surface) }

dialog { width: min(30em, 100vw - 2em); max-height: calc(100dvh - 2em); padding: 1.5em; border: 1px solid var(--rule); border-radius: var(--radius); background: var(--surface); color: inherit }
dialog::backdrop { background: rgb(8 16 28 / 55%) }
dialog h2 { margin-bottom: .75em; font-size: 1.25em }
dialog h3 { margin: 1em 0 .25em; font-size: 1em }
dialog ul { padding-inline-start: 1.25em }
dialog .acts { justify-content: flex-end; margin-top: 1.5em }
.staff > .body { border-inline-start: 4px solid var(--accent) }
[data-state="failed"] > .fate, [data-state="rejected"] > .fate { color: var(--danger) }
.danger { background: var(--danger); color: var(--on-danger); font-weight: 600 }
.options { flex: none; background: var(--surface) }
.danger:hover { text-decoration: underline; filter: brightness(1.08) }

.badge { display: inline-block; min-width: 1.5em; margin-inline-start: .25em; padding: 0 .375em; border-radius: 1em; background: var(--on-accent); color: var(--accent); font-size: .875em; text-align: center }
.sources { display: flex; gap: .125em .75em; margin-top: .75em; padding-top: .5em; border-top: 1px solid var(--rule); font-size: .875em }
.sources p, .date { color: var(--soft) }
.sources ul { flex: 1; min-width: 0; padding: 0; list-style: none }
.sources li { padding-bottom: .25em }
.sources a { display: inline-block; min-height: 1.75em; color: var(--accent); text-underline-offset: .2em }
.sources svg { width: 1em; height: 1em; margin-inline-start: .25em; vertical-align: -.125em }
.choices.past button { border-color: var(--edge); background: none; color: var(--soft); font-weight: 400 }
.latest { position: absolute; bottom: calc(100% + .5em); left: 50%; display: flex; align-items: center; gap: .5em; border-radius: 1.375em; background: var(--accent); box-shadow: 0 2px 10px rgb(0 0 0 / 25%); color: var(--on-accent); font-size: .9375em; white-space: nowrap; transform: translateX(-50%) }
.typing { display: flex; align-items: center; gap: .5em; margin-bottom: .375em; color: var(--soft); font-size: .875em }
.dots { width: 1.75em; height: .4375em; background: radial-gradient(circle closest-side, var(--accent) 98%, transparent) 0 0 / 33.33% 100%; animation: breathe 1.2s ease-in-out infinite }
@keyframes breathe { 50% { opacity: .3 } }
@media (prefers-reduced-motion: reduce) {
  .dots { animation: none }
}
@media (forced-colors: active) {
  .danger, .latest { border-color: ButtonText }
  .dots { background: CanvasText }
}
`;
