/**
 * The page's whole style. Colours are of one lightness in each scheme, told apart by people who see red and green
 * alike, and at least 4.5 : 1 on the paper, because names beside lines have the colour of their line.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --raised: #f6f7f8; --ink: #1b1f24; --muted: #57606a; --line: #d9dee3; --grid: #d3d9df;
  --floor: #dfe3e7; --limit: #8a5a00; --accent: #0b5cad;
  --pass: #0f6b4a; --pass-paper: #e3f4ec; --fail: #a3271c; --fail-paper: #fbe8e6; --open: #7a5200; --open-paper: #faf0d9;
  --series-0: #4b5563; --series-1: #0b62a8; --series-2: #b3440a; --series-3: #00735a; --series-4: #97397b;
  --series-5: #6f5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --raised: #1c2025; --ink: #e7eaee; --muted: #a3adb8; --line: #333a42; --grid: #3b434c;
    --floor: #2c333a; --limit: #e0b350; --accent: #7db8f2;
    --pass: #6fd3a6; --pass-paper: #14322a; --fail: #ff9d92; --fail-paper: #3b1c1a; --open: #e9c46a; --open-paper: #352b12;
    --series-0: #b4bec9; --series-1: #6bb5f0; --series-2: #f4a06c; --series-3: #57c9a7; --series-4: #e49aca;
    --series-5: #d8bd55;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: auto; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif;
  overflow-wrap: break-word;
}
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem .75rem; z-index: 1; }
header, main, footer { max-width: 70rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 3rem; }
.eyebrow { margin: 0 0 .75rem; color: var(--muted); font-size: .9rem; }
h1 { margin: 0 0 1.25rem; font-size: clamp(1.5rem, 1.1rem + 1.8vw, 2.25rem); line-height: 1.25; font-weight: 600; letter-spacing: -.012em; max-width: 34em; text-wrap: balance; }
h2 { margin: 0 0 1rem; font-size: 1.35rem; line-height: 1.3; font-weight: 600; letter-spacing: -.006em; }
h3 { margin: 0 0 .25rem; font-size: 1rem; line-height: 1.4; font-weight: 600; }
p, ul, dl { margin: 0 0 1rem; max-width: 46rem; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code, q { overflow-wrap: anywhere; }
code { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
.further { padding: 0; list-style: none; }
.further li { margin: .3rem 0; }
nav { border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); margin-top: 2rem; padding: .65rem 0; }
nav ol { margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; max-width: none; font-size: .9rem; }
main > section { padding: 2.5rem 0 1.5rem; border-bottom: 1px solid var(--line); }
main > section:last-child { border-bottom: 0; }
.state { display: inline-block; padding: 0 .5em; border-radius: .3em; font-weight: 600; white-space: nowrap; }
h1 .state { font-size: .8em; vertical-align: .08em; white-space: normal; }
.pass { color: var(--pass); background: var(--pass-paper); }
.fail { color: var(--fail); background: var(--fail-paper); }
.inconclusive { color: var(--open); background: var(--open-paper); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 2rem 2.5rem; margin: 1.5rem 0 1rem; }
figure { margin: 0; min-width: 0; max-width: 36rem; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; font-family: inherit; }
figure svg text { font-size: 13px; }
figcaption { margin-top: .35rem; color: var(--muted); font-size: .9rem; line-height: 1.5; }
.note, .advice { color: var(--muted); font-size: .95rem; }
.scroll { overflow-x: auto; margin: 0 0 1.5rem; }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.4; font-variant-numeric: tabular-nums; min-width: min(100%, 30rem); }
caption { text-align: left; font-weight: 600; padding: .25rem 0 .5rem; font-size: 1rem; }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; text-align: left; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-weight: 600; vertical-align: bottom; border-bottom-color: var(--muted); }
tbody th { font-weight: 500; }
th.number, td.number { text-align: right; white-space: nowrap; }
td.words { max-width: 28rem; }
.matrices > * { max-width: 100%; }
.matrices { display: flex; flex-wrap: wrap; gap: 1.5rem 3rem; align-items: flex-start; }
.matrix td.wrong { color: var(--fail); }
.matrix td.right { color: var(--pass); }
.warnings { padding: 0; list-style: none; }
.warnings li { border-left: 3px solid var(--open); padding: .1rem 0 .1rem 1rem; margin: 0 0 1rem; }
.warnings p { margin: 0 0 .15rem; }
.tag { font-weight: 600; color: var(--open); margin-right: .35em; }
.examples { padding-left: 1.1rem; }
.examples .where { color: var(--muted); }
.facts div { display: grid; grid-template-columns: minmax(6rem, 9rem) 1fr; gap: 0 1rem; padding: .3rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; min-width: 0; }
footer { color: var(--muted); font-size: .9rem; padding-top: 1rem; padding-bottom: 3rem; }
@media (max-width: 34rem) {
  header, main, footer { padding-left: 1rem; padding-right: 1rem; }
  header { padding-top: 1.75rem; }
  figure svg text { font-size: 16px; }
  .facts div { grid-template-columns: 1fr; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #ffffff; --raised: #ffffff; --ink: #000000; --muted: #444c54; --line: #c9ced4; --grid: #d3d9df;
    --floor: #e3e6e9; --limit: #8a5a00; --accent: #000000;
    --pass: #0f6b4a; --pass-paper: #ffffff; --fail: #a3271c; --fail-paper: #ffffff; --open: #7a5200; --open-paper: #ffffff;
    --series-0: #4b5563; --series-1: #0b62a8; --series-2: #b3440a; --series-3: #00735a; --series-4: #97397b;
    --series-5: #6f5a00;
  }
  @page { margin: 16mm 14mm; }
  html { font-size: 9.5pt; }
  header { padding-top: 0; }
  nav, .skip { display: none; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  .figures { grid-template-columns: 1fr 1fr; gap: 1rem 1.5rem; }
  .scroll { overflow: visible; }
  table { font-size: .8rem; }
  h1 { font-size: 1.7rem; }
  th, td { padding: .2rem .5rem .2rem 0; }
  figure, tr, .warnings li, .facts div { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  main > section { padding: 1rem 0 .5rem; }
  .state { border: 1px solid currentColor; }
}
`
