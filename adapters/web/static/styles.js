// How it looks. One constructed style sheet in the shadow root: the page's styles and ours never meet, and a strict
// content policy has nothing to forbid.

const DARK = `
  --ground: #181b23; --raised: #232733; --sunken: #12151b; --ink: #eceef4; --soft: #a3abbd; --rule: #343a49;
  --accent: var(--accent-night); --wrong: #ff8f8f; --hint: #2a2618; --hint-rule: #6d5c1f; --hint-ink: #f1dfa3;
  --shade: 0 0 0 / .55; color-scheme: dark;`;

const CSS = `
:host { all: initial; }
@media print { :host { display: none; } }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.root {
  --ground: #fff; --raised: #f1f2f6; --sunken: #fafbfc; --ink: #181b24; --soft: #5d6577; --rule: #e0e3ea;
  --accent: var(--accent-day); --wrong: #b3261e; --hint: #fff8e1; --hint-rule: #ecd58a; --hint-ink: #5c4700;
  --shade: 20 24 40 / .18; color-scheme: light;
  --edge: color-mix(in srgb, var(--on-brand) 16%, var(--brand));
  font: 400 15px/1.5 ui-sans-serif, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  color: var(--ink); text-align: start; letter-spacing: normal; -webkit-font-smoothing: antialiased;
}
.root[data-theme="dark"] { ${DARK} }
@media (prefers-color-scheme: dark) { .root[data-theme="auto"] { ${DARK} } }

button, textarea { font: inherit; color: inherit; letter-spacing: inherit; margin: 0; }
button { cursor: pointer; border: 0; background: none; padding: 0; -webkit-tap-highlight-color: transparent; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
svg { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; display: block; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher {
  position: fixed; z-index: 2147483000; inset-block-end: max(20px, env(safe-area-inset-bottom)); right: 20px; width: 60px; height: 60px; border-radius: 50%;
  background: var(--brand); color: var(--on-brand); border: 1px solid var(--edge); display: grid; place-items: center;
  box-shadow: 0 6px 24px rgb(var(--shade)), 0 1px 3px rgb(var(--shade)); transition: transform .18s ease, box-shadow .18s ease;
}
.launcher:hover { transform: translateY(-2px) scale(1.03); }
.launcher:active { transform: scale(.97); }
.launcher:focus-visible { outline-color: var(--ink); outline-offset: 3px; box-shadow: 0 0 0 3px var(--ground); }
.launcher svg { width: 28px; height: 28px; grid-area: 1 / 1; transition: opacity .16s, transform .2s; }
.launcher svg:nth-of-type(2) { opacity: 0; transform: rotate(-60deg); }
.launcher[aria-expanded="true"] svg:nth-of-type(1) { opacity: 0; transform: rotate(60deg); }
.launcher[aria-expanded="true"] svg:nth-of-type(2) { opacity: 1; transform: none; }
.badge {
  position: absolute; top: -3px; inset-inline-end: -3px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px;
  background: #c92a2a; color: #fff; font-size: 12.5px; font-weight: 650; line-height: 22px; text-align: center; box-shadow: 0 0 0 2px #fff;
}
.teaser {
  position: fixed; z-index: 2147483000; inset-block-end: 94px; right: 20px; max-width: min(300px, calc(100vw - 40px));
  background: var(--ground); border: 1px solid var(--rule); border-radius: 16px; border-end-end-radius: 5px; box-shadow: 0 10px 34px rgb(var(--shade));
  animation: rise .28s ease both;
}
.teaser .top { display: flex; align-items: flex-start; }
.teaser .words { flex: 1; padding: 12px 4px 12px 16px; text-align: start; border-radius: 16px; overflow-wrap: anywhere; }
[dir="rtl"] .teaser .words { padding: 12px 16px 12px 4px; }
.teaser .offers { display: flex; flex-wrap: wrap; gap: 8px; padding: 0 16px 14px; }
.teaser .dismiss { flex: none; width: 32px; height: 32px; margin: 6px; border-radius: 8px; display: grid; place-items: center; color: var(--soft); }
.teaser .dismiss svg { width: 16px; height: 16px; }

.panel {
  position: fixed; z-index: 2147483001; inset-block-end: 94px; right: 20px; width: min(392px, calc(100vw - 40px)); height: min(660px, calc(100vh - 116px)); height: min(660px, calc(100dvh - 116px));
  display: flex; flex-direction: column; overflow: hidden; background: var(--ground); border-radius: 20px; border: 1px solid var(--rule);
  box-shadow: 0 24px 70px rgb(var(--shade)), 0 4px 14px rgb(var(--shade)); transform-origin: 100% 100%; animation: unfold .2s cubic-bezier(.2, .9, .3, 1) both; outline: none;
}
.left .launcher, .left .teaser, .left .panel { right: auto; left: 20px; }
.left .panel { transform-origin: 0 100%; }

.head { display: flex; align-items: center; gap: 12px; padding: 14px 10px 14px 16px; background: var(--brand); color: var(--on-brand); border-bottom: 1px solid var(--edge); }
[dir="rtl"] .head { padding: 14px 16px 14px 10px; }
.head .face { width: 40px; height: 40px; background: color-mix(in srgb, var(--on-brand) 16%, transparent); color: inherit; }
.head .face svg { width: 22px; height: 22px; }
.names { flex: 1; min-width: 0; }
.title { margin: 0; font-size: 16px; font-weight: 650; line-height: 1.3; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who { margin: 0; font-size: 13px; line-height: 1.4; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tool { flex: none; width: 38px; height: 38px; border-radius: 11px; display: grid; place-items: center; transition: background .15s; }
.tool:hover { background: color-mix(in srgb, var(--on-brand) 15%, transparent); }
.tool:focus-visible { outline-color: var(--on-brand); outline-offset: -3px; }
.tool svg { width: 20px; height: 20px; }

.scroll { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 16px 16px 8px; scrollbar-width: thin; scrollbar-color: var(--rule) transparent; display: flex; flex-direction: column; }
.scroll:focus-visible { outline-offset: -3px; }
.log { display: flex; flex-direction: column; }
.when { align-self: center; margin: 14px 0 12px; font-size: 12px; color: var(--soft); }
.line { display: grid; grid-template-columns: 30px minmax(0, 1fr); column-gap: 9px; margin-top: 4px; animation: rise .22s ease both; }
.line.still { animation: none; }
.line.first { margin-top: 14px; }
.when:first-child { margin-top: 0; }
.when + .line.first { margin-top: 0; }
.face { width: 30px; height: 30px; border-radius: 50%; display: grid; place-items: center; flex: none; background: color-mix(in srgb, var(--accent) 14%, var(--ground)); color: var(--accent); }
.face svg { width: 17px; height: 17px; }
.face canvas { width: 100%; height: 100%; border-radius: 50%; }
.body { min-width: 0; display: flex; flex-direction: column; align-items: flex-start; grid-column: 2; }
.name { font-size: 12px; font-weight: 600; color: var(--soft); margin: 0 0 3px 2px; }
.bubble { max-width: 100%; padding: 9px 14px; border-radius: 18px; background: var(--raised); overflow-wrap: anywhere; border-start-start-radius: 6px; }
.line.first .bubble { border-start-start-radius: 18px; border-end-start-radius: 6px; }
.mine { grid-template-columns: minmax(0, 1fr); justify-items: end; }
.mine .body { grid-column: 1; align-items: flex-end; max-width: 86%; }
.mine .bubble, .mine.first .bubble { padding: 8px 13px; border: 1px solid var(--edge); background: var(--brand); color: var(--on-brand); white-space: pre-wrap; unicode-bidi: plaintext; border-radius: 18px; border-end-end-radius: 6px; }
.mine.slow .bubble { outline: 1.5px dashed var(--soft); outline-offset: 2px; }
.bubble p, .bubble ul, .bubble ol { margin: 0; unicode-bidi: plaintext; }
.bubble :is(p, ul, ol) + :is(p, ul, ol) { margin-top: 8px; }
.bubble ul, .bubble ol { padding-inline-start: 20px; }
.bubble li + li { margin-top: 3px; }
.bubble code { font: 13px/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: color-mix(in srgb, var(--ink) 9%, transparent); padding: 1px 5px; border-radius: 5px; }
.bubble a { color: var(--accent); text-decoration: underline; text-underline-offset: 2px; }
.state { font-size: 12px; color: var(--soft); margin: 4px 4px 0; display: flex; gap: 8px; align-items: center; }
.state.wrong { color: var(--wrong); }
.state button { min-height: 24px; padding: 0 4px; border-radius: 6px; color: inherit; font-weight: 650; text-decoration: underline; text-underline-offset: 2px; }

.sources { display: flex; flex-wrap: wrap; gap: 6px; margin: 7px 0 0; padding: 0; list-style: none; }
.sources a { display: inline-flex; align-items: center; gap: 5px; min-height: 26px; max-width: 230px; padding: 0 10px; border-radius: 13px; border: 1px solid var(--rule); color: var(--soft); font-size: 12.5px; text-decoration: none; transition: color .15s, border-color .15s; }
.sources a:hover { color: var(--accent); border-color: var(--accent); }
.sources svg { width: 13px; height: 13px; flex: none; }
.sources span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.hint { display: flex; gap: 9px; align-items: flex-start; margin: 8px 0 0; padding: 9px 13px; border-radius: 13px; border: 1px solid var(--hint-rule); background: var(--hint); color: var(--hint-ink); font-size: 13.5px; line-height: 1.45; overflow-wrap: anywhere; }
.hint svg { width: 17px; height: 17px; flex: none; margin-top: 1px; }

.replies { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0 2px 39px; animation: rise .26s .06s ease both; }
[dir="rtl"] .replies { margin: 12px 39px 2px 0; }
.replies button, .offers button { min-height: 36px; padding: 5px 15px; border-radius: 18px; border: 1.5px solid var(--accent); color: var(--accent); font-size: 14px; font-weight: 550; line-height: 1.3; text-align: start; overflow-wrap: anywhere; transition: background .15s, color .15s; }
.replies button:hover, .offers button:hover { background: color-mix(in srgb, var(--accent) 11%, transparent); }
.typing { margin-top: 14px; }
.typing .bubble { display: flex; gap: 5px; padding: 14px 15px; border-radius: 18px; border-end-start-radius: 6px; }
.typing i { width: 7px; height: 7px; border-radius: 50%; background: var(--soft); animation: pulse 1.2s infinite ease-in-out; }
.typing i:nth-child(2) { animation-delay: .16s; }
.typing i:nth-child(3) { animation-delay: .32s; }

.notice { padding: 6px 16px; font-size: 13px; color: var(--soft); background: var(--sunken); border-top: 1px solid var(--rule); text-align: center; }
.compose { display: flex; align-items: flex-end; gap: 8px; margin: 6px 12px 12px; padding: 5px 5px 5px 15px; border: 1.5px solid var(--rule); border-radius: 24px; background: var(--sunken); transition: border-color .15s; }
[dir="rtl"] .compose { padding: 5px 15px 5px 5px; }
.compose:focus-within { border-color: var(--accent); }
.compose textarea { flex: 1; min-width: 0; resize: none; border: 0; outline: 0; background: none; padding: 6px 0; height: 36px; max-height: 132px; line-height: 24px; scrollbar-width: thin; }
.compose textarea::placeholder { color: var(--soft); opacity: 1; }
.compose button { flex: none; width: 36px; height: 36px; border-radius: 50%; display: grid; place-items: center; background: var(--brand); color: var(--on-brand); transition: opacity .15s, transform .15s; }
.compose button[aria-disabled="true"] { background: var(--raised); color: var(--soft); cursor: default; }
.compose button svg { width: 18px; height: 18px; }
[dir="rtl"] .compose button svg { transform: scaleX(-1); }

@keyframes rise { from { opacity: 0; transform: translateY(7px); } }
@keyframes unfold { from { opacity: 0; transform: translateY(14px) scale(.97); } }
@keyframes pulse { 0%, 60%, 100% { opacity: .35; transform: none; } 30% { opacity: 1; transform: translateY(-3px); } }

@media (max-width: 480px), (max-height: 480px) {
  .panel, .left .panel { inset: 0; bottom: auto; width: 100%; height: 100vh; height: 100dvh; border-radius: 0; border: 0; }
  .open .launcher { display: none; }
  .head { padding-top: max(12px, env(safe-area-inset-top)); }
  .compose { margin-bottom: max(12px, env(safe-area-inset-bottom)); }
  .compose textarea { font-size: 16px; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; }
}
@media (forced-colors: active) {
  .launcher, .panel, .bubble, .compose, .replies button, .offers button, .teaser, .badge, .compose button { border: 1px solid ButtonText; }
  :focus-visible { outline-color: Highlight; }
  .typing i { background: CanvasText; }
}
`;

export function adoptStyles(root) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
}
