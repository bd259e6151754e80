"""The style of the page: black on white, the fonts that a computer has, one printed page, and a phone's width."""

STYLE = """\
@page { margin: 9mm 10mm; }
* { box-sizing: border-box; }
html { background: #fff; color: #000; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 1em; max-width: 56em; font: 14px/1.35 Arial, Helvetica, "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main + main { margin-top: 3em; }
h1, h2, p, ul, table { margin: 0; padding: 0; }
h1 { font-size: 1.25em; }
h2 { font-size: 1em; text-transform: uppercase; border-bottom: 1.5px solid #000; margin: .6em 0 .1em; }
.about span, .lead span, .log > span { display: inline-block; margin-right: 1.2em; }
.lead { font-weight: bold; }
.alarm { font-weight: bold; border: 2px solid #000; padding: .1em .4em; margin: .2em 0; }
.checks { list-style: none; display: flex; flex-wrap: wrap; }
.checks li { display: flex; align-items: baseline; }
.checks .told { width: 100%; }
.checks .told > b { flex: 0 0 11em; font-weight: normal; }
.checks .told > span:last-child { flex: 1; display: flex; flex-wrap: wrap; }
.checks .told > span:last-child .blank { flex: 1; margin-left: .4em; }
.checks .bare { margin-right: 1.5em; }
.checks .bare b { font-weight: normal; }
.box, .note { flex: none; display: inline-block; width: 1.1em; height: 1.1em; line-height: .95em; text-align: center;
  margin-right: .5em; font-weight: bold; }
.box { border: 1px solid #000; }
td .box { margin: 0; width: .9em; height: .9em; line-height: 1; vertical-align: middle; }
td .blank { height: 0; width: 8em; }
.blank { display: inline-block; min-width: 5em; border-bottom: 1px solid #000; height: 1em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin-bottom: .2em; }
th, td { text-align: left; vertical-align: baseline; padding: .03em 1em .03em 0; border-bottom: 1px dotted #000; }
th { font-weight: bold; overflow-wrap: normal; }
.result { white-space: nowrap; }
tbody th { font-weight: normal; }
tbody th[scope="row"] { white-space: nowrap; }
tbody th[scope="rowgroup"] { font-weight: bold; }
.figure { text-align: right; white-space: nowrap; overflow-wrap: normal; }
th:last-child, td:last-child { padding-right: 0; }
.last span { display: flex; align-items: baseline; }
.last .blank { flex: 1; margin-left: .4em; }
@media (max-width: 40em) {
  .checks .told { flex-wrap: wrap; }
  .checks .told > b { flex: 1; font-weight: bold; }
  .checks .told > span:last-child { flex: 0 0 100%; padding-left: 1.65em; }
}
@media print {
  body { padding: 0; max-width: none; font-size: 7.7pt; line-height: 1.18; }
  main { break-after: page; }
  main:last-child { break-after: auto; }
  main + main { margin-top: 0; }
  .wide { overflow: visible; }
  tr, li { break-inside: avoid; }
}
"""
