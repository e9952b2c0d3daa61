import type { Exchange, Route } from "../exchange.js";
import { page } from "../page.js";

/** Elements that are hard to hit: scrolled away, transformed, drawn by something else, in frames. */
export function actionabilityPages(): Record<string, Route> {
  return {
    "/scrollers": ({ html }) => {
      html(SCROLLERS_PAGE);
    },
    "/shapes": ({ html }) => {
      html(SHAPES_PAGE);
    },
    "/stand-ins": ({ html }) => {
      html(STAND_INS_PAGE);
    },
    "/usable": ({ html, delay }) => {
      html(usablePage(delay(300)));
    },
    "/actionability/frames": (exchange) => {
      exchange.html(framesPage(exchange));
    },
    "/framed": ({ html }) => {
      html(FRAMED_PAGE);
    },
    "/actionability/dialogs": ({ html }) => {
      html(DIALOGS_PAGE);
    },
    "/forms": ({ html }) => {
      html(FORMS_PAGE);
    },
  };
}

const SCROLLERS_PAGE = page({
  title: "Scrollers",
  style: `.outer { height: 200px; overflow: auto; border: 1px solid; } .inner { height: 150px; overflow: auto; margin: 400px 0; }
  .gap { height: 900px; } .wide { width: 3000px; padding-left: 2500px; } .sideways { overflow-x: auto; }
  .sticky { position: sticky; top: 0; height: 60px; background: #dde; z-index: 1; }
  .tall { height: 2400px; background: #eef; }`,
  body: `<div class="gap"></div>
<div class="outer" id="outer"><div class="sticky" id="sticky">Sticky</div><div class="gap"></div>
  <div class="inner" id="inner"><div class="sticky">Sticky</div><div class="gap"></div><button id="deep" type="button">Deep</button><div class="gap"></div></div>
<div class="gap"></div></div>
<div class="sideways"><div class="wide"><button id="right" type="button">Far right</button></div></div>
<div class="tall" id="tall">A tall box</div><p id="spot">none</p>
<p id="page-top">0</p><p id="outer-top">0</p>
<div class="gap"></div>`,
  script: `const tell = () => {
  document.querySelector("#page-top").textContent = Math.round(scrollY);
  document.querySelector("#outer-top").textContent = Math.round(document.querySelector("#outer").scrollTop);
};
document.addEventListener("scroll", tell, true);
for (const id of ["deep", "right"]) document.getElementById(id).addEventListener("click", click);
for (const each of document.querySelectorAll(".sticky")) each.addEventListener("pointerdown", miss);
document.querySelector("#tall").addEventListener("click", (event) => {
  document.querySelector("#spot").textContent = event.offsetX + "," + event.offsetY;
});`,
});

const SHAPES_PAGE = page({
  title: "Shapes",
  style: `.place { position: relative; height: 160px; } .place > * { position: absolute; left: 100px; top: 40px; }
  #zero { display: block; width: 0; height: 0; } #zero span { position: absolute; width: 120px; height: 30px; background: #cde; }
  #empty, #folded { width: 0; height: 0; } #folded { overflow: hidden; }
  #faint { opacity: 0; } #unseen { visibility: hidden; }`,
  body: `
<div class="place"><button id="rotated" type="button" style="transform: rotate(50deg)">Rotated button</button></div>
<div class="place"><button id="scaled" type="button" style="transform: scale(0.3)">Scaled button</button></div>
<div class="place"><button id="skewed" type="button" style="transform: perspective(300px) rotateY(40deg)">Turned</button></div>
<div class="place"><svg id="picture" width="300" height="100" viewBox="0 0 300 100">
  <rect id="bar" x="0" y="0" width="40" height="80" fill="#3a7"/>
  <g id="group"><circle id="disc" cx="90" cy="40" r="30" fill="#a37"/></g>
  <circle id="ring" cx="170" cy="40" r="30" fill="none" stroke="#37a" stroke-width="8"/>
  <line id="line" x1="220" y1="50" x2="290" y2="50" stroke="#000" stroke-width="6"/>
</svg></div>
<div id="contents" style="display: contents"><b id="in-contents">Content without a box</b></div>
<p><a id="zero" href="#zero"><span id="overflowing">Overflowing</span></a></p>
<div id="empty"></div><div id="folded"><button id="in-folded" type="button">Folded</button></div>
<p id="faint">Faint</p><p id="unseen">Unseen <b id="seen" style="visibility: visible">seen</b></p>
<p id="none" hidden>Not drawn</p>
<p style="width: 120px">Some words and then <a id="wrapped" href="#wrapped">a link that wraps</a> on</p>
<div id="pad" style="width: 300px; height: 100px; background: #eef">Pad</div><p id="spot">none</p>`,
  script: `for (const id of ["rotated", "scaled", "skewed", "bar", "group", "ring", "line", "contents", "zero", "wrapped"])
  document.getElementById(id).addEventListener("click", (event) => { event.preventDefault(); click(); });
document.querySelector("#picture").addEventListener("click", (event) => { if (event.target.id === "picture") miss(); });
const spot = document.querySelector("#spot"), pad = document.querySelector("#pad");
const tell = (event) => { spot.textContent = event.type + " " + event.button + " " + event.offsetX + "," + event.offsetY; };
for (const type of ["click", "dblclick", "contextmenu", "auxclick"]) pad.addEventListener(type, tell);`,
});

/** Elements pressed in place of those that a locator names: labels, icons that let the pointer through, links in labels. */
const STAND_INS_PAGE = page({
  title: "Stand-ins",
  style: `.gone { display: none; } .sr-only { position: absolute; left: -9999px; opacity: 0; } .box { display: inline-block; width: 20px; height: 20px; border: 1px solid; }
  .through { pointer-events: none; } .stack { position: relative; width: 200px; height: 40px; } .stack > * { position: absolute; inset: 0; }`,
  body: `
<label id="wrapping"><input id="wrapped-box" type="checkbox" class="gone"><span class="box"></span> Wrapped</label>
<input id="beside" type="checkbox" class="sr-only"><label for="beside">Beside</label>
<label id="terms-label"><input id="terms" type="checkbox" class="gone"><span class="box" id="terms-box"></span> <a id="terms-link" href="#terms">Read and accept the terms and conditions</a></label>
<button id="with-icon" type="button"><i id="icon" class="through">★</i> Star</button>
<div class="stack"><div id="behind">Behind</div><div id="glass" class="through">Glass</div></div>
<label id="far-label" for="far">Far away</label><input id="far" type="checkbox">
<label id="off-label" for="off">Turned off</label><input id="off" disabled>
<label id="note-label">Note <input id="note"></label>`,
  script: `for (const id of ["wrapped-box", "beside", "terms", "far"]) document.getElementById(id).addEventListener("change", click);
for (const id of ["terms-link", "behind"]) document.getElementById(id).addEventListener("click", miss);
document.querySelector("#with-icon").addEventListener("click", click);`,
});

function usablePage(ms: number): string {
  return page({
    title: "Usable",
    body: `<fieldset id="set" disabled><legend><input id="in-legend" value="usable"></legend><button id="in-set" type="button">In a set</button><input id="field-in-set"></fieldset>
<div role="toolbar" aria-disabled="true" id="toolbar"><button id="in-toolbar" type="button">In a toolbar</button><button id="exempt" type="button" aria-disabled="false">Exempt</button></div>
<button id="off" type="button" disabled><span id="in-off">Off</span></button>
<select id="list"><option id="option">One</option><optgroup label="More" disabled><option id="disabled-option">Two</option></optgroup></select>
<input id="fixed" readonly value="Fixed"><textarea id="area"></textarea><input id="file" type="file"><input id="hidden" type="hidden">
<div id="region" contenteditable="true"><p id="part">First <b>part</b></p><p>Second part</p></div>
<div id="locked" role="textbox" aria-readonly="true" contenteditable="true">Locked</div>
<input id="ticked" type="checkbox" checked><input id="unticked" type="checkbox">
<span id="on" role="switch" aria-checked="true">On</span><span id="mixed" role="checkbox" aria-checked="mixed">Some</span><span id="bare" role="radio">Bare</span>
<button id="here" type="button">Here</button>
<p id="late-state">The set is enabled and the button is gone after ${ms} ms.</p>`,
    script: `document.querySelector("#in-set").addEventListener("click", click);
setTimeout(() => { document.querySelector("#set").disabled = false; document.querySelector("#here").remove(); }, ${ms});`,
  });
}

/** A frame of the same origin that begins below the fold, one inside it, and one of another origin. */
function framesPage({ url }: Exchange): string {
  const other = url.searchParams.get("other");
  const foreign =
    other === null ? "" : `<iframe id="foreign" src="${other}/framed" width="400" height="900"></iframe>`;
  return page({
    title: "Frames",
    style: `.gap { height: 1500px; } iframe { border: 7px solid #678; padding: 5px; } #bar { position: fixed; inset: auto 0 0; height: 80px; background: #abc; }`,
    body: `<input id="outer-word"><div class="gap"></div><iframe id="frame" name="shop-frame" src="/framed?nested" width="500" height="1400"></iframe>
<div class="gap"></div>${foreign}<p id="page-top"></p><div id="bar">Bar</div>`,
    script: `const tell = () => { document.querySelector("#page-top").textContent = Math.round(scrollY); };
document.addEventListener("scroll", tell);
document.querySelector("#bar").addEventListener("pointerdown", miss);`,
  });
}

const FRAMED_PAGE = page({
  title: "Framed",
  style: `#tall { height: 900px; background: #eef; } #low { display: block; } #lower { display: block; margin: 2000px 0; } iframe { border: 3px solid; }`,
  body: `<button id="high" type="button">High</button><input id="word"><div id="place"></div>
<div id="tall">Tall</div><button id="low" type="button">Low</button><button id="lower" type="button">Lower</button>`,
  script: `for (const id of ["high", "tall", "low", "lower"]) document.getElementById(id).addEventListener("click", click);
if (location.search === "?nested")
  document.querySelector("#place").innerHTML = '<iframe id="nested" src="/framed" width="300" height="200"></iframe>';`,
});

const DIALOGS_PAGE = page({
  title: "Dialogs",
  body: `<button id="ask" type="button">Ask</button><button id="soon" type="button">Ask soon</button>
<select id="choice"><option>None</option><option>Alerting</option></select><p id="answer">none</p>`,
  script: `document.querySelector("#ask").addEventListener("click", () => {
  document.querySelector("#answer").textContent = String(confirm("Really?"));
});
document.querySelector("#soon").addEventListener("click", () => setTimeout(() => alert("Now"), 200));
document.querySelector("#choice").addEventListener("change", () => alert("Chosen"));`,
});

/** Forms that tell what they were sent with, and lists that tell what was chosen. */
const FORMS_PAGE = page({
  title: "Forms",
  body: `<form id="plain"><input id="word" name="word" value="hello"><button name="how" value="first">Send</button><button name="how" value="second">Other</button></form>
<form id="bare"><input id="bare-field" name="word" value="bare"></form>
<form id="strict"><input id="needed" name="needed" required><button id="strict-button">Send</button></form>
<input id="outside"><input id="linked" form="plain">
<select id="many" multiple><option value="a">Apple</option><option value="b" selected>Pear</option><option value="c">Plum</option><option value="d" disabled>Sloe</option></select>
<select id="one"><option value="x">Ex</option><option value="y">Why</option></select>
<input id="watched"><p id="events"></p><p id="sent">none</p>`,
  script: `const sent = document.querySelector("#sent"), events = document.querySelector("#events");
document.addEventListener("submit", (event) => {
  event.preventDefault();
  sent.textContent = event.target.id + ": " + new URLSearchParams(new FormData(event.target, event.submitter));
});
for (const id of ["many", "one"]) for (const type of ["input", "change"])
  document.getElementById(id).addEventListener(type, () => { events.textContent += type + " "; });
for (const type of ["focus", "blur"]) document.querySelector("#watched").addEventListener(type, () => { events.textContent += type + " "; });`,
});
