#include "plugins/calculators/scope3/inventory/page_style.hpp"

namespace chunkmill::scope3 {

// Every colour of text has a contrast of at least 4.5 to its ground; the three of the bars are told
// apart by colour-blind readers, too, and have their order and their numbers beside them.
const std::string_view kPageStyle = R"css(
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ground: #f6f7f8; --ink: #1c2430; --muted: #5a6675; --rule: #dde2e8;
  --primary: #12724f; --activity: #2f6fb7; --spend: #d98a1f; --accent: #2f6fb7; --rest: #aab4c0;
  --more: #b3402f; --less: #12724f; --warn-ground: #fdf1e3; --warn: #8a4b00; --on-bar: #ffffff;
  --on-spend: #1c2430;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ground: #1d232a; --ink: #e8ecf1; --muted: #a3afbd; --rule: #323b46;
    --primary: #4cc296; --activity: #77aef0; --spend: #efb45c; --accent: #77aef0; --rest: #5d6977;
    --more: #f08c7a; --less: #4cc296; --warn-ground: #3a2c18; --warn: #f3c587; --on-bar: #14181d;
    --on-spend: #14181d;
  }
}
* { box-sizing: border-box; }
html { background: var(--ground); }
body {
  margin: 0 auto; max-width: 67rem; padding: 3rem 3.5rem 4rem; background: var(--paper);
  color: var(--ink);
  font: 1rem/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
    "Liberation Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
header { border-bottom: 3px solid var(--ink); padding-bottom: 1rem; margin-bottom: 2rem; }
header p { margin: 0; color: var(--muted); }
h1 { margin: 0 0 .2rem; font-size: 2.1rem; line-height: 1.15; letter-spacing: -.015em; }
h2 { margin: 3rem 0 .3rem; font-size: 1.3rem; letter-spacing: -.005em; }
h2 + p { margin-top: 0; }
p { max-width: 46rem; }
.lead { color: var(--muted); }
.figures {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(13.5rem, 1fr)); gap: 1px;
  margin: 0 0 1.5rem; padding: 1px;
}
.figures div { outline: 1px solid var(--rule); padding: .9rem 1.1rem; }
.figures dt { color: var(--muted); font-size: .85rem; }
.figures dd { margin: 0; font-size: 1.3rem; font-weight: 600; line-height: 1.3; }
.figures dd small { white-space: nowrap; font-size: .85rem; font-weight: 400; color: var(--muted); }
.figures .main dd { font-size: 1.9rem; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
figure { margin: 1.2rem 0; }
svg.chart { display: block; width: 100%; min-width: 44rem; height: auto; }
svg.chart text { font: 13px/1 inherit; font-family: inherit; font-size: 13px; fill: var(--ink); }
svg.chart .muted { fill: var(--muted); }
svg.chart .strong { font-weight: 600; }
svg.chart .onbar { fill: var(--on-bar); font-weight: 600; }
svg.chart .onspend { fill: var(--on-spend); font-weight: 600; }
.primary { fill: var(--primary); } .activity { fill: var(--activity); } .spend { fill: var(--spend); }
.accent { fill: var(--accent); } .rest { fill: var(--rest); }
.more { fill: var(--more); } .less { fill: var(--less); }
.grid { stroke: var(--rule); } .axis { stroke: var(--muted); }
.whisker { stroke: var(--ink); stroke-width: 1.4; }
.goal { stroke: var(--muted); stroke-dasharray: 5 4; }
.cumulative { fill: none; stroke: var(--ink); stroke-width: 1.6; }
.knot { fill: var(--paper); stroke: var(--ink); stroke-width: 1.6; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0 0; font-size: .9rem; }
caption { text-align: left; color: var(--muted); padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .38rem .8rem .38rem 0; }
thead th { border-bottom: 1.5px solid var(--ink); font-weight: 600; vertical-align: bottom; }
tbody tr { border-bottom: 1px solid var(--rule); }
tbody th { font-weight: 400; }
tr.total th, tr.total td { font-weight: 600; }
td.n, th.n { text-align: right; white-space: nowrap; }
td.n + td:not(.n), th.n + th:not(.n) { padding-left: 1rem; }
td.quiet, .quiet { color: var(--muted); }
.tag { white-space: nowrap; border-radius: .25rem; padding: .05rem .4rem; background: var(--ground); }
.tag.warning, .tag.rejected, .tag.no_data { background: var(--warn-ground); color: var(--warn); }
code { font: .95em ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace; overflow-wrap: break-word; }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--muted); font-size: .88rem; }
@media (max-width: 45rem) { body { padding: 1.5rem 1rem 2rem; } h1 { font-size: 1.6rem; } }
@media print {
  :root {
    --paper: #fff; --ground: #fff; --ink: #000; --muted: #444; --rule: #bbb; --primary: #12724f;
    --activity: #2f6fb7; --spend: #d98a1f; --accent: #2f6fb7; --rest: #aab4c0; --more: #b3402f;
    --less: #12724f; --warn-ground: #fff; --warn: #8a4b00; --on-bar: #fff;
    --on-spend: #1c2430;
  }
  @page { margin: 16mm 14mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; }
  svg.chart { min-width: 0; }
  figure, tr, .figures div { break-inside: avoid; }
  h2, h2 + p, caption, thead { break-after: avoid; }
  thead { display: table-header-group; }
}
)css";

}  // namespace chunkmill::scope3
