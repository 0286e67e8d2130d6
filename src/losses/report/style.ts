import { trusted, type Html } from "./html.ts";

const light = `--page:#f4f6f8;--surface:#fff;--raised:#fff;--selected:#e3edfd;--line:#d5dae1;--text:#161b22;--text-2:#465160;
--muted:#5b6675;--link:#0b57d0;--border:#7a8594;--unknown:#7a4f00;--unknown-tint:#fdf3dc;--land:#eef1f4;
--c1:#d7ebfa;--c2:#a5d1f1;--c3:#73b1e6;--c4:#4589d2;--c5:#2f62ac;--c6:#1c3e81;
--on-c1:#161b22;--on-c2:#161b22;--on-c3:#161b22;--on-c4:#161b22;--on-c5:#fff;--on-c6:#fff;--shadow:0 4px 16px #161b2233;`;

const dark = `--page:#0f1318;--surface:#181e26;--raised:#202833;--selected:#1d3357;--line:#303946;--text:#e8ecf1;--text-2:#b4bdc9;
--muted:#98a3b1;--link:#8ab4ff;--border:#73808f;--unknown:#f2c14e;--unknown-tint:#352a10;--land:#181e26;
--c1:#243554;--c2:#2f4c7e;--c3:#3669ac;--c4:#418ad1;--c5:#6cb2ec;--c6:#b4defc;
--on-c1:#e8ecf1;--on-c2:#e8ecf1;--on-c3:#e8ecf1;--on-c4:#0f1318;--on-c5:#0f1318;--on-c6:#0f1318;--shadow:0 4px 16px #000a;`;

const page = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:48px}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,"Segoe UI",Roboto,sans-serif}
header,main,footer{max-width:1264px;margin:0 auto;padding:0 24px}
header{padding-top:24px;padding-bottom:16px}
.kicker{margin:0;color:var(--muted);font-size:14px}
h1{margin:4px 0 8px;font-size:clamp(26px,3.2vw,40px);line-height:1.2;text-wrap:balance}
h1 span{font-size:.55em;font-weight:400;color:var(--text-2);white-space:nowrap}
h2{margin:0;font-size:20px;line-height:1.3}
h3{margin:0;font-size:16px}
.selection{display:flex;flex-wrap:wrap;gap:0 20px;margin:0;padding:0;list-style:none;color:var(--text-2);font-size:13px}
.note{margin:2px 0 8px;color:var(--muted);font-size:13px}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
section,.figure{margin:0 0 16px;padding:16px;background:var(--surface);border:1px solid var(--line);border-radius:4px}
footer{padding-top:8px;padding-bottom:32px;color:var(--muted);font-size:12px;overflow-wrap:anywhere}
code{font:12px/1.5 ui-monospace,Consolas,"Noto Sans Mono",monospace;overflow-wrap:anywhere}
summary{cursor:pointer}
`;

/** What a chart needs wherever it stands. */
export const chartRules = `.chart{display:block;width:100%;height:auto;overflow:visible;fill:currentColor;font-size:13px;text-anchor:middle}
.chart text{white-space:pre;font-variant-numeric:tabular-nums}
.chart.narrow{display:none;font-size:14px;max-width:480px}
.chart .name{fill:var(--text);stroke:var(--surface);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.chart .leader{stroke:var(--border)}
`;

const charts = `
.charts{display:grid;grid-template-columns:minmax(0,1fr);gap:16px;margin-bottom:16px}
.figure{margin:0;min-width:0;display:flex;flex-direction:column}
.figure h2{font-size:16px}
.defs{position:absolute}
${chartRules}.pin{fill:var(--text);stroke:var(--surface)}
.swarm .counted{fill:var(--c5);stroke:var(--surface);stroke-width:.75}
.swarm .disputed{fill:var(--surface);stroke:var(--c5);stroke-width:2}
.swarm .range{fill:none;stroke:var(--muted);stroke-dasharray:3 2.5;stroke-width:1}
.swarm .unknown{fill:url(#hatch);stroke:var(--unknown);stroke-width:1}
.swarm text.in{stroke:none;font-weight:700}
.swarm text.in.counted{fill:var(--on-c5)}
.swarm text.in.disputed{fill:var(--text)}
.legend{display:flex;flex-wrap:wrap;gap:4px 14px;margin:8px 0 0;padding:0;list-style:none;color:var(--text-2);font-size:13px}
.legend li{display:flex;align-items:center;gap:5px}
.swatch{flex:none;display:inline-block;width:18px;height:12px;border:1px solid var(--border)}
.c1{background:var(--c1)}.c2{background:var(--c2)}.c3{background:var(--c3)}.c4{background:var(--c4)}.c5{background:var(--c5)}.c6{background:var(--c6)}
.land{background:var(--land)}
.swatch.range{border:1px dashed var(--c5)}
.hatch{background:repeating-linear-gradient(-45deg,var(--unknown) 0 2px,var(--surface) 2px 5px)}
.bubble{flex:none;width:12px;height:12px;border-radius:50%;border:2px solid var(--c5)}
.bubble.counted{background:var(--c5)}
.bubble.range{border:1px dashed var(--muted)}
.bubble.unknown{border:1px solid var(--unknown);background:repeating-linear-gradient(-45deg,var(--unknown) 0 1px,var(--surface) 1px 3px)}
.beside{display:flex;flex-wrap:wrap;align-items:center;gap:8px 24px}
.unplaced{margin:8px 0 0;padding:4px 8px;border:1px solid var(--line);border-radius:4px;font-size:13px}
.unplaced .swatch{margin-right:6px;vertical-align:-1px}
.unplaced span{color:var(--text-2)}
.alternative{margin-top:auto;padding-top:8px;font-size:13px}
.alternative>summary,.remarks>summary{color:var(--link);width:fit-content;min-height:24px}
`;

const tables = `
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;line-height:1.35;font-variant-numeric:tabular-nums lining-nums}
caption{text-align:left;padding:4px 0;color:var(--muted)}
.simple th,.simple td{padding:3px 12px 3px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
.simple .number{text-align:right;white-space:nowrap}
.simple thead th{color:var(--muted);vertical-align:bottom}
.simple tbody th{font-weight:400;white-space:nowrap}
.simple tbody td:first-child{white-space:nowrap}
.losses{width:100%;min-width:760px}
.losses th,.losses td{padding:0 6px;text-align:right;vertical-align:top;border-bottom:1px solid var(--line)}
.losses thead th{position:sticky;top:0;z-index:3;padding-block:6px;background:var(--surface);color:var(--muted);box-shadow:0 1px var(--border)}
.losses th:first-child{position:sticky;left:0;z-index:2;min-width:132px;padding-left:0;text-align:left;background:var(--surface)}
.losses thead th:first-child{z-index:4}
.losses tbody th{padding-block:5px;font-weight:400}
.losses td{position:relative;white-space:nowrap;padding:0 6px}
.losses td:empty::after{content:""}
.losses td:not(:has(details)){padding-block:5px}
.losses .first-year{border-left:1px solid var(--line)}
.losses .total th,.losses .total td{font-weight:700;background:var(--page);border-bottom:2px solid var(--border)}
.losses details[name]>summary{display:block;min-height:24px;padding:5px 0;list-style:none;text-decoration:underline;text-decoration-color:var(--border);text-decoration-thickness:1px;text-underline-offset:3px}
.losses details[name]>summary::-webkit-details-marker{display:none}
.losses details[name]>summary:hover,.losses details[open][name]>summary{color:var(--link);text-decoration-color:currentColor}
.losses details[name]>ul{position:absolute;top:100%;right:0;z-index:5;width:max-content;min-width:240px;max-width:min(460px,90vw);max-height:60vh;overflow:auto;margin:0;padding:8px 12px;list-style:none;text-align:left;white-space:normal;font-weight:400;background:var(--raised);border:1px solid var(--border);border-radius:4px;box-shadow:var(--shadow)}
.losses td:nth-child(-n+4) details[name]>ul{right:auto;left:0}
.losses details[name][open]>ul{display:grid;grid-template-columns:minmax(0,1fr) auto minmax(52px,auto);column-gap:12px}
.losses details[name] li{display:grid;grid-column:1/-1;grid-template-columns:subgrid;align-items:baseline;padding:3px 0;border-top:1px solid var(--line)}
.losses details[name] li:first-child{border-top:0}
.losses details[name] span{color:var(--muted)}
.losses details[name] b{font-weight:400;text-align:right}
.losses details[name] i{grid-column:1/-1;font-style:normal;font-size:12px;color:var(--unknown)}
.losses small,.remarks{display:block;color:var(--muted);font-size:12px;font-weight:400}
.remarks>summary{color:var(--muted);text-decoration:underline;text-decoration-color:var(--line);text-underline-offset:3px;list-style:none}
.remarks>summary::-webkit-details-marker{display:none}
.remarks>ul{position:absolute;top:100%;left:0;width:min(560px,90vw);max-height:60vh;overflow:auto;margin:0;padding:8px 12px 8px 28px;color:var(--text-2);background:var(--raised);border:1px solid var(--border);border-radius:4px;box-shadow:var(--shadow);overflow-wrap:anywhere}
.losses th:first-child:has(details[open]){z-index:6}
.losses tbody th:has(.remarks){padding-bottom:2px}
.dense th,.dense td{padding-inline:4px}
.on-paper{display:none}
`;

const incidents = `
article{padding:16px 0;border-top:1px solid var(--line)}
article:target{background:var(--selected);box-shadow:0 0 0 8px var(--selected)}
h3{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 12px}
h3 span{font-weight:400;color:var(--text-2);font-variant-numeric:tabular-nums}
h3 b{margin-left:auto;font-variant-numeric:tabular-nums}
#method-title{margin-bottom:8px}
dl{display:grid;grid-template-columns:96px minmax(0,1fr);gap:2px 16px;margin:0;font-size:14px;line-height:1.45}
dt{grid-column:1;color:var(--muted);font-size:13px}
dd{grid-column:2;margin:0;overflow-wrap:anywhere}
dd:target{background:var(--selected)}
.cite{color:var(--muted);font-size:12px}
.method{grid-template-columns:120px minmax(0,720px);gap:6px 16px}
`;

const sizes = `
@media screen and (min-width:1180px){
.charts{grid-template-columns:minmax(0,752fr) minmax(0,480fr)}
#timeline{grid-column:1/-1}
.chart.middle{display:none}
.losses{min-width:0}
#table .scroll{overflow:visible}
}
@media screen and (max-width:1179.98px){
.chart.wide{display:none}
.remarks>ul,.losses details[name]>ul,.losses td:nth-child(-n+4) details[name]>ul{position:fixed;inset:auto 0 0 0;width:auto;max-width:none;max-height:50vh;padding:12px 16px;border-width:1px 0 0;border-radius:0}
.remarks>ul{padding-left:32px}
.losses th:first-child{max-width:180px}
}
@media screen and (max-width:719.98px){
header,main,footer{padding-inline:12px}
section,.figure{padding:12px}
.chart.large,.chart.middle{display:none}
.chart.narrow{display:block}
h1 span{display:block;white-space:normal;font-size:.65em}
dl,.method{grid-template-columns:minmax(0,1fr)}
dt,dd{grid-column:1}
dt{margin-top:6px}
.losses th:first-child{max-width:132px;min-width:96px;overflow-wrap:anywhere}
}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media (forced-colors:active){.chart,.swatch,.bubble{forced-color-adjust:none}}
`;

const print = `
@page{size:A4;margin:14mm 12mm 18mm}
@page wide{size:A4 landscape}
@media print{
html{scroll-behavior:auto}
body{background:none;font-size:10pt}
header,main,footer{max-width:none;padding:0}
header{padding-bottom:8pt}
section,.figure{padding:0;border:0;margin-bottom:12pt}
h1{font-size:22pt}
.chart.wide,.chart.narrow{display:none}
.figure,.chart,tr,h2,h3,.legend{break-inside:avoid}
#map,#years,#timeline{display:block}
#years .chart{max-width:130mm}
.figure{break-inside:auto}
h2,h3,figcaption{break-after:avoid}
.scroll{overflow:visible}
.alternative::details-content,.remarks::details-content{content-visibility:visible;height:auto;display:block}
.alternative>summary{display:none}
.wide-print{page:wide}
.losses{width:100%;min-width:0;font-size:7.5pt}
.losses th,.losses td{padding-inline:3pt}
.losses th:first-child,.losses thead th{position:static}
.losses td{position:static}
.losses details[name]>ul,.losses details[name][open]>ul{display:none}
.losses details[name]>summary{text-decoration:none;min-height:0}
.losses .on-paper{display:block;font-size:6.5pt;color:var(--muted);max-width:95mm}
.remarks>summary{text-decoration:none;min-height:0;font-size:6.5pt}
.remarks>ul{position:static;width:auto;max-width:95mm;max-height:none;overflow:visible;padding:0 0 0 10pt;border:0;box-shadow:none;font-size:6.5pt}
thead{display:table-header-group}
article{break-inside:auto}
dl{font-size:8.5pt}
a{color:inherit}
a[rel]::after{content:" " attr(href);color:var(--muted);font-size:7.5pt;overflow-wrap:anywhere}
footer{display:none}
}
`;

/** The colours, light and dark. */
export const tokens: string = `:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}`;

/** The page's sheet: tokens for light and dark, screens of every width, paper. */
export const sheet: Html = trusted(
  `${tokens}
@media print{:root{color-scheme:light}}
${page}${charts}${tables}${incidents}${sizes}${print}`,
);

/** The line at the foot of each printed page. */
export function pageFoot(text: string): Html {
  // A string of CSS within a <style>: everything but plain characters is escaped, so that it can end neither.
  const safe = text.replaceAll(/[^A-Za-z0-9 .,:;-]/gu, (character) => `\\${character.codePointAt(0)?.toString(16)} `);
  return trusted(
    `@page{@bottom-left{content:"${safe}";font:7pt system-ui,sans-serif;color:#5b6675;width:85%}` +
      `@bottom-right{content:counter(page) "/" counter(pages);font:7pt system-ui,sans-serif;color:#5b6675}}`,
  );
}
