/** The page's one style sheet: light and dark, laptop, phone and paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --surface: #fcfcfa; --card: #ffffff; --ink: #1d2430; --muted: #5d6673; --grid: #e3e5e8; --line: #e3e5e8;
  --c1: #1f5fbf; --c2: #c2660a; --c3: #7a4fb0; --c4: #0f7f86; --truth: #20854e;
  --good: #20854e; --warning: #b26a00; --bad: #bb2a33; --tint: #eef3fb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --surface: #13161b; --card: #1a1e25; --ink: #e7eaee; --muted: #a0a9b5; --grid: #2f3641; --line: #2f3641;
    --c1: #7fb2ff; --c2: #f0a04b; --c3: #c3a1f2; --c4: #5cc8cf; --truth: #67c98f;
    --good: #67c98f; --warning: #f0b14b; --bad: #ff8086; --tint: #1f2836;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--surface); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
main, header.top { max-width: 1216px; margin: 0 auto; padding: 0 40px; }
header.top { padding-top: 48px; }
.answer { padding: 0; }
.answer h1 { border-left: 8px solid var(--muted); padding-left: 16px; }
.answer.good h1 { border-color: var(--good); } .answer.warning h1 { border-color: var(--warning); } .answer.bad h1 { border-color: var(--bad); }
.points { margin: 0 0 20px; padding: 0; list-style: none; max-width: 90ch; }
.points li { padding: 6px 12px; margin: 0 0 6px; border-left: 3px solid var(--muted); background: var(--card); overflow-wrap: anywhere; }
.points li.bad { border-color: var(--bad); } .points li.warning { border-color: var(--warning); }
.mark.good, .sub.good { color: var(--good); } .mark.warning, .sub.warning, span.warning { color: var(--warning); } .mark.bad, .sub.bad, strong.bad { color: var(--bad); }
.mark.bad, .mark.warning { font-weight: 650; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -0.015em; overflow-wrap: anywhere; text-wrap: balance; }
h2 { font-size: 22px; line-height: 1.25; margin: 0 0 4px; letter-spacing: -0.01em; scroll-margin-top: 16px; }
h3 { font-size: 16px; margin: 32px 0 4px; }
p { margin: 0 0 12px; max-width: 76ch; }
a { color: var(--c1); }
.lead, .note, .rows, .facts dt, .empty, .sub { color: var(--muted); }
.lead { font-size: 17px; margin-bottom: 20px; max-width: none; }
nav { border-block: 1px solid var(--line); margin: 28px 0 0; padding: 12px 0; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0; padding: 0; font-size: 14px; }
nav a { text-decoration: none; } nav a:hover { text-decoration: underline; }
section { padding: 40px 0 8px; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 12px 32px; margin: 0 0 16px; font-size: 14px; }
.facts dt { font-size: 13px; }
.absent { margin: 12px 0 0; font-size: 14px; } .absent div { margin-bottom: 10px; } .absent dt { font-weight: 600; } .absent dd { margin: 0; color: var(--muted); max-width: 90ch; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.grid { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 28px 32px; margin: 16px 0 24px; align-items: start; }
.broad-figure { grid-column: 1 / -1; }
figure { margin: 0; min-width: 0; break-inside: avoid; }
h2 + figure { margin-top: 16px; }
figcaption strong { display: block; font-size: 15px; line-height: 1.35; }
figcaption .note { display: block; font-size: 13px; line-height: 1.4; }
.rows { font-size: 12px; margin: 2px 0 0; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 6px 0; padding: 0; font-size: 13px; line-height: 1.5; }
.key { display: inline-block; width: 18px; height: 10px; margin-right: 6px; vertical-align: baseline; position: relative; }
.key.dot::before, .key.ring::before { content: ""; position: absolute; left: 4px; top: 0; width: 10px; height: 10px; border-radius: 50%; background: var(--key); }
.key.ring::before { background: none; border: 1.5px solid var(--key); }
.key.line::before, .key.dashes::before { content: ""; position: absolute; left: 0; right: 0; top: 4px; border-top: 2.5px solid var(--key); }
.key.dashes::before { border-top-style: dashed; }
.key.band { background: var(--key); opacity: 0.25; border-radius: 2px; }
svg.plot { display: block; width: 100%; height: auto; overflow: visible; }
.plot text { fill: var(--ink); white-space: pre; }
.plot [aria-label$="tick label"], .plot [aria-label$="axis label"] { color: var(--muted); }
.plot [aria-label$="tick label"] text, .plot [aria-label$="axis label"] text { fill: var(--muted); }
.for-narrow { display: none; }
/* A shadow at the right edge tells that there is more to scroll to. */
.scroll { overflow-x: auto; margin: 12px 0 24px; background: linear-gradient(to left, var(--surface) 30%, transparent) right / 40px 100% no-repeat local, linear-gradient(to left, rgba(120, 130, 145, 0.45), transparent) right / 14px 100% no-repeat scroll; }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.4; }
th { text-align: left; font-weight: 600; color: var(--muted); font-size: 13px; }
th, td { padding: 6px 20px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th.number, td.number { text-align: right; white-space: nowrap; }
td.text { overflow-wrap: break-word; } table.cards td:first-child { white-space: nowrap; }
table.scores tbody th { font-size: 14px; color: var(--ink); min-width: 220px; } table.scores tbody th .sub { display: block; font-weight: 400; font-size: 13px; max-width: 66ch; }
table.scores thead th { white-space: normal; } table.scores .whose { display: none; }
.share { display: inline-block; width: 72px; height: 8px; border-radius: 4px; background: var(--grid); margin-right: 8px; overflow: hidden; }
.share i { display: block; height: 100%; background: var(--c1); }
.empty { border: 1px dashed var(--line); border-radius: 8px; padding: 14px 16px; max-width: none; margin-top: 12px; }
footer { color: var(--muted); font-size: 13px; padding: 24px 0 56px; border-top: 1px solid var(--line); margin-top: 40px; }
@media (max-width: 1100px) { .grid { grid-template-columns: minmax(0, 1fr); } .grid figure { max-width: 640px; } .grid .broad-figure { max-width: none; } }
@media (max-width: 640px) {
  main, header.top { padding-inline: 16px; }
  header.top { padding-top: 28px; }
  h1 { font-size: 22px; } h2 { font-size: 20px; }
  section { padding-top: 32px; }
  .for-broad { display: none; } .for-narrow { display: block; max-width: 460px; }
  nav::before { content: "On this page (swipe for more) →"; display: block; font-size: 12px; color: var(--muted); margin-bottom: 4px; }
  nav ul { flex-wrap: nowrap; overflow-x: auto; white-space: nowrap; padding-right: 15%; mask-image: linear-gradient(to right, #000 80%, transparent); -webkit-mask-image: linear-gradient(to right, #000 80%, transparent); }
  table.cards thead, table.scores thead { display: none; }
  table.cards tr, table.scores tr { display: block; padding: 10px 12px; margin-bottom: 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
  table.cards td, table.scores td { display: flex; justify-content: space-between; gap: 16px; padding: 3px 0; border: 0; text-align: right; white-space: normal; overflow-wrap: anywhere; }
  table.cards td::before { content: attr(data-title); color: var(--muted); text-align: left; flex: none; max-width: 40%; }
  table.cards .cell { text-align: right; }
  table.scores th { display: block; padding: 0 0 6px; border: 0; min-width: 0; }
  table.scores .whose { display: inline; text-align: left; }
  th, td { padding-right: 12px; } table.plain td.text:first-child { min-width: 150px; }
  .facts { grid-template-columns: 1fr; gap: 10px 16px; }
}
@media print {
  :root { color-scheme: light; --surface: #fff; --card: #fff; --ink: #000; --muted: #444; --grid: #ddd; --line: #ccc;
    --c1: #1f5fbf; --c2: #c2660a; --c3: #7a4fb0; --c4: #0f7f86; --truth: #20854e; --good: #20854e; --warning: #b26a00; --bad: #bb2a33; }
  body { font-size: 11pt; } nav { display: none; }
  main, header.top { max-width: none; padding: 0; }
  section { padding-top: 20px; } h2, h3 { break-after: avoid; }
  .grid { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px 20px; }
  .for-broad { display: block; } .for-narrow { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
