// The one style sheet of the operator's pages.

/** A drawing of that many events scrolls where there is no room for their words. */
function roomFor(mostEvents: number): string {
  const counts = Array.from({ length: mostEvents }, (_, n) => n + 1);
  return counts.map((count) => `.room-${count} { min-width: ${count * 78}px; }`).join('\n');
}

export const style = `:root {
  color-scheme: light dark;
  --page: #f4f5f8; --card: #ffffff; --edge: #dde1e8; --text: #1b2029; --quiet: #5a6372;
  --accent: #1a56c4; --on-accent: #ffffff; --good: #18794e; --bad: #b42318; --faint: #8d97a8; --shade: #1b202933;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #13151a; --card: #1c1f26; --edge: #333944; --text: #e7eaf0; --quiet: #a3acbb;
    --accent: #8fb8ff; --on-accent: #0d1a33; --good: #5fd39b; --bad: #ff8f85; --faint: #6b7486; --shade: #00000080;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 20px 24px 40px; max-width: 1120px; background: var(--page); color: var(--text);
  font: 16px / 1.5 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: 26px; line-height: 1.25; letter-spacing: -0.01em; }
h2 { font-size: 19px; }
h3 { font-size: 16px; }
a { color: var(--accent); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 6px 24px; margin-bottom: 22px; }
.brand { font-size: 20px; font-weight: 700; letter-spacing: -0.01em; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px; }
nav a { display: block; padding: 8px 12px; border-radius: 8px; color: inherit; text-decoration: none; }
nav a:hover { background: var(--card); }
nav [aria-current] { background: var(--card); box-shadow: inset 0 -2px var(--accent); font-weight: 600; }
main { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); }
.card { padding: 18px 20px; background: var(--card); border: 1px solid var(--edge); border-radius: 14px; }
.columns { display: grid; gap: 16px; grid-template-columns: repeat(2, minmax(0, 1fr)); align-items: start; }
.column { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); }
.quiet, footer { color: var(--quiet); font-size: 14px; }
.heading { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; }
.headline { margin-top: 10px; font-size: 18px; text-wrap: pretty; }
.headline + .headline { margin-top: 4px; }
.note { margin-top: 8px; color: var(--quiet); font-size: 14px; }
.chip { padding: 1px 10px; border: 1px solid currentColor; border-radius: 99px; color: var(--quiet); font-size: 13px; white-space: nowrap; }
.way { padding: 0 6px; border: 1px solid var(--edge); border-radius: 6px; color: var(--quiet); font-size: 13px; font-weight: 400; white-space: nowrap; }
.is-agreed, .is-sent, .is-well { color: var(--good); }
.is-cancelled, .is-declined, .is-missed, .is-refused, .is-unknown, .is-ill { color: var(--bad); }
.is-planned, .is-sending { color: var(--accent); }
.answer { padding: 10px 16px; border: 1px solid var(--good); border-radius: 10px; background: var(--card); }
.refused { border-color: var(--bad); }

.drawn { margin-top: 12px; }
.drawn, .scrolled {
  overflow-x: auto;
  background:
    linear-gradient(to left, transparent, var(--card) 24px) left / 48px 100% no-repeat local,
    linear-gradient(to right, transparent, var(--card) 24px) right / 48px 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) left / 14px 100% no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) right / 14px 100% no-repeat scroll;
}
.drawn > svg { display: block; }
${roomFor(42)}
svg text { fill: var(--quiet); font-size: 13px; text-anchor: middle; }
svg .name { fill: var(--text); font-weight: 600; font-size: 14px; }
svg .rail { stroke: var(--edge); stroke-width: 4; stroke-linecap: round; }
svg .past { stroke: var(--accent); stroke-width: 4; stroke-linecap: round; }
svg .dot { fill: var(--card); stroke: var(--faint); stroke-width: 2.5; }
svg .word { fill: var(--accent); stroke: var(--accent); }
svg .is-planned .dot, svg .is-sending .dot { stroke: var(--accent); }
svg .is-sent .dot { fill: var(--good); stroke: var(--good); }
svg .is-missed .dot, svg .is-refused .dot, svg .is-unknown .dot { fill: var(--bad); stroke: var(--bad); }
svg .mark { fill: none; stroke: var(--card); stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
svg .cross { fill: none; stroke: var(--bad); stroke-width: 2.5; stroke-linecap: round; }
svg .end { fill: var(--accent); }
svg .off .end { fill: var(--card); stroke: var(--faint); stroke-width: 2.5; }
svg .play { fill: var(--on-accent); }
svg .now { stroke: var(--text); stroke-width: 2; }
svg .bar { fill: var(--accent); }
svg .is-dropped .name, svg .is-skipped .name { fill: var(--quiet); text-decoration: line-through; }

.rows > li { padding: 10px 0; border-top: 1px solid var(--edge); }
.rows > li:first-child { border-top: 0; }
.row { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; }
.grow { flex: 1 1 16em; }
.history { margin-top: 8px; }
.history time { white-space: nowrap; }
.history li { display: grid; grid-template-columns: 12.5em 1fr; gap: 12px; padding: 6px 0; font-size: 14px; border-top: 1px solid var(--edge); }
time { font-variant-numeric: tabular-nums; }
.table { width: 100%; margin-top: 10px; border-collapse: collapse; overflow-wrap: break-word; }
.table .number { text-align: right; }
.table .whole { white-space: nowrap; }
.table .rule .quiet { font-weight: 400; }
.table .words { overflow-wrap: anywhere; }
.table .words p { margin-top: 6px; }
.table caption { padding-bottom: 6px; text-align: left; }
.table .rule { color: var(--text); font-size: 16px; font-weight: 600; white-space: nowrap; }
.table th, .table td { padding: 7px 12px 7px 0; border-top: 1px solid var(--edge); text-align: left; vertical-align: top; }
.table th { color: var(--quiet); font-size: 14px; font-weight: 400; }
dl div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; padding: 7px 0; border-top: 1px solid var(--edge); }
dl div:first-child { border-top: 0; }
dt { color: var(--quiet); }
dd { margin-left: auto; font-weight: 600; text-align: right; }

h2 + form.line, h2 + p { margin-top: 10px; }
form.line { display: flex; flex-wrap: wrap; gap: 10px 12px; align-items: end; }
label { display: grid; gap: 3px; font-size: 14px; color: var(--quiet); }
label.check { display: flex; gap: 8px; align-items: center; min-height: 44px; }
input, select, button { min-height: 44px; padding: 8px 12px; border: 1px solid var(--faint); border-radius: 10px; background: var(--card); color: var(--text); font: inherit; max-width: 100%; }
input[type="checkbox"] { min-height: 0; width: 20px; height: 20px; accent-color: var(--accent); }
label.wide { flex: 1 1 16em; }
label.wide input { width: 100%; }
button { font-weight: 600; cursor: pointer; }
button:hover { border-color: var(--accent); }
button.first { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
button.grave { border-color: var(--bad); color: var(--bad); }
.acts { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.acts button { min-height: 40px; padding: 4px 14px; font-size: 15px; }
details { margin-top: 6px; font-size: 15px; }
summary { padding: 6px 0; color: var(--quiet); cursor: pointer; }
pre { margin: 6px 0; padding: 12px; border-radius: 8px; background: var(--page); white-space: pre-wrap; font-size: 13px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
footer { margin-top: 20px; }
.skip { position: absolute; left: -999px; }
.skip:focus { position: static; }
@media (min-width: 761px) {
  .lined { display: grid; column-gap: 12px; }
  .lined.upcoming { grid-template-columns: auto auto 1fr auto auto; }
  .lined.found { grid-template-columns: 1fr auto auto auto; }
  .lined > li { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; align-items: baseline; }
  .lined .chip, .lined .way { justify-self: start; }
  .lined > li > .is-ill { grid-column: span 3; }
}
@media (max-width: 760px) {
  body { padding: 14px 14px 32px; }
  .card { padding: 15px; }
  nav a { padding: 8px 7px; }
  .columns { grid-template-columns: minmax(0, 1fr); }
  .history li { grid-template-columns: minmax(0, 1fr); gap: 0; }
  h1 { font-size: 22px; }
  .table { font-size: 14px; }
  .table th, .table td { padding-right: 8px; }
  .scrolled .rule { white-space: normal; }
  .tried thead { display: none; }
  .tried tr { display: block; padding: 7px 0; border-top: 1px solid var(--edge); }
  .tried th, .tried td { display: block; padding: 1px 0; border-top: 0; }
}
`;
