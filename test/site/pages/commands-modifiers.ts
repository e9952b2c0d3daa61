import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Rows, maps and cards that answer otherwise while a key is held, and to the wheel. */
export function modifierPages(): Record<string, Route> {
  return {
    "/commands/modifiers": ({ html }) => {
      html(MODIFIERS_PAGE);
    },
    "/commands/wheel": ({ html }) => {
      html(WHEEL_PAGE);
    },
    "/commands/wheel/frame": ({ html }) => {
      html(FRAMED_WHEEL_PAGE);
    },
  };
}

/** Writes the keys that are held during an event, such as `Control+Shift`. */
const KEYS_OF = `const keysOf = (event) => ["Alt", "Control", "Meta", "Shift"]
  .filter((key) => event.getModifierState(key)).join("+") || "none";`;

const MODIFIERS_PAGE = page({
  title: "Modifiers",
  plain: true,
  body: `<ul id="rows"><li>Anna</li><li>Ben</li><li>Cleo</li><li>Dan</li></ul>
<p id="chosen"></p><p id="keys"></p>
<div id="pad">pad</div><pre id="events"></pre>
<a id="link" href="/windows/other?name=Beside">elsewhere</a>
<button id="alert" type="button">Alert</button><input id="field" aria-label="Field">
<div id="card" draggable="true">Card</div><div id="basket">Basket</div><p id="dropped">nothing dropped</p>`,
  style: `#rows { user-select: none; } p { height: 1.5em; overflow: hidden; } [data-on] { background: gold; }
  #pad { width: 200px; height: 60px; background: #cde; user-select: none; }
  #card { width: 100px; background: #fde; } #basket { width: 200px; height: 60px; background: #dfd; }`,
  script: `${KEYS_OF}
const rows = [...document.querySelectorAll("#rows li")], $ = (id) => document.getElementById(id);
let last = 0;
rows.forEach((row, place) => row.addEventListener("click", (event) => {
  if (event.shiftKey) rows.forEach((each, index) => each.toggleAttribute("data-on", index >= Math.min(last, place) && index <= Math.max(last, place)));
  else if (event.ctrlKey) row.toggleAttribute("data-on");
  else rows.forEach((each) => each.toggleAttribute("data-on", each === row));
  last = place;
  $("chosen").textContent = rows.filter((each) => each.hasAttribute("data-on")).map((each) => each.textContent).join(", ");
}));
for (const type of ["keydown", "keyup"])
  addEventListener(type, (event) => { if (event.key.length > 1) $("keys").textContent += type + " " + event.key + " "; });
for (const type of ["mousemove", "mousedown", "mouseup", "click", "dblclick", "contextmenu"])
  $("pad").addEventListener(type, (event) => {
    if (type === "contextmenu") event.preventDefault();
    $("events").textContent += type + " with " + keysOf(event) + "\\n";
  });
$("alert").addEventListener("click", (event) => alert("with " + keysOf(event)));
$("card").addEventListener("dragstart", (event) => {
  event.dataTransfer.effectAllowed = "copyMove";
  event.dataTransfer.setData("text/plain", "card");
});
$("basket").addEventListener("dragover", (event) => {
  event.preventDefault();
  event.dataTransfer.dropEffect = event.ctrlKey ? "copy" : "move";
});
$("basket").addEventListener("drop", (event) => {
  event.preventDefault();
  $("dropped").textContent = (event.ctrlKey ? "copied " : "moved ") + event.dataTransfer.getData("text/plain");
});`,
});

const WHEEL_SCRIPT = `${KEYS_OF}
const map = document.querySelector("#map");
let zoom = 1;
map.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom += event.deltaY < 0 ? 1 : -1;
  document.querySelector("#zoom").textContent = "Zoom " + zoom + " by " + event.deltaX + "," + event.deltaY + " with " + keysOf(event);
}, { passive: false });`;

const MAP = `<div id="map" style="width: 300px; height: 200px; background: #cde">Map</div><p id="zoom">Zoom 1</p>`;

const WHEEL_PAGE = page({
  title: "Wheel",
  plain: true,
  body: `${MAP}
<div id="list"><div>long</div></div><p id="scrolled">not scrolled</p>
<div id="still">nothing happens here</div>
<div id="glass">glass</div><p id="turned">not turned</p>
<div id="late">late</div>
<iframe id="frame" title="Framed map" src="/commands/wheel/frame"></iframe>
<div id="below"></div>`,
  style: `#list { width: 200px; height: 100px; overflow: auto; } #list div { height: 2000px; }
  #still, #glass { width: 200px; height: 30px; background: #eee; }
  #late { width: 200px; height: 50px; overflow: auto; } #below { height: 3000px; }
  #frame { width: 400px; height: 300px; }`,
  script: `${WHEEL_SCRIPT}
const list = document.querySelector("#list");
list.addEventListener("scroll", () => { document.querySelector("#scrolled").textContent = "scrolled"; });
// A listener that the browser takes for one that never keeps the page from scrolling.
document.querySelector("#glass").addEventListener("wheel", () => { document.querySelector("#turned").textContent = "turned"; }, { passive: true });
if (location.hash === "#late") setTimeout(() => {
  document.querySelector("#late").innerHTML = "<div style='height: 900px'>more</div>";
}, 300);`,
});

const FRAMED_WHEEL_PAGE = page({ title: "Framed wheel", plain: true, body: MAP, script: WHEEL_SCRIPT });
