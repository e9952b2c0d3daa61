import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Everything that a mouse can do, written down where a test can read it. */
export function pointerPages(): Record<string, Route> {
  return {
    "/commands/pointer": ({ html }) => {
      html(POINTER_PAGE);
    },
    "/commands/drag": ({ html }) => {
      html(DRAG_PAGE);
    },
  };
}

const POINTER_PAGE = page({
  title: "Pointer",
  plain: true,
  body: `<div id="pad">pad</div>
<button id="off" type="button" disabled>Disabled</button>
<nav id="menu"><span id="menu-title">Menu</span><ul><li><button id="item" type="button">Item</button></li></ul></nav>
<p id="chosen">nothing chosen</p><pre id="events"></pre>`,
  style: `#pad { width: 200px; height: 100px; background: #cde; }
  #menu { width: 200px; } #menu ul { display: none; margin: 0; } #menu:hover ul { display: block; }
  #off:hover { outline: 3px solid rgb(255, 0, 0); }`,
  script: `const events = document.querySelector("#events"), pad = document.querySelector("#pad");
for (const type of ["mousedown", "mouseup", "click", "dblclick", "auxclick", "contextmenu"])
  pad.addEventListener(type, (event) => {
    if (type === "contextmenu") event.preventDefault();
    const box = pad.getBoundingClientRect();
    const place = Math.round(event.clientX - box.x) + "," + Math.round(event.clientY - box.y);
    events.textContent += [type, "button=" + event.button, "detail=" + event.detail, "at=" + place,
      "trusted=" + event.isTrusted].join(" ") + "\\n";
  });
document.querySelector("#item").addEventListener("click", () => { document.querySelector("#chosen").textContent = "item chosen"; });`,
});

const DRAG_PAGE = page({
  title: "Drag",
  plain: true,
  body: `<div id="track"><div id="knob"></div></div><p id="position">0,0</p>
<div id="card" draggable="true">Card</div><div id="basket">Basket</div><div id="place"></div>
<p id="dropped">nothing dropped</p><p id="drags">0 moves</p>`,
  style: `#track { position: relative; height: 120px; background: #eef2f6; }
  #knob { position: absolute; left: 0; top: 0; width: 40px; height: 40px; background: #1d6fd6; }
  #card { width: 100px; padding: 8px; background: #fde; }
  #basket, #late { width: 200px; height: 60px; margin-top: 40px; background: #dfd; }`,
  script: `const knob = document.querySelector("#knob");
let hold, left = 0, top_ = 0, moves = 0;
knob.addEventListener("mousedown", (event) => { event.preventDefault(); hold = { x: event.clientX - left, y: event.clientY - top_ }; });
addEventListener("mousemove", (event) => {
  if (!hold) return;
  document.querySelector("#drags").textContent = ++moves + " moves";
  left = event.clientX - hold.x; top_ = event.clientY - hold.y;
  knob.style.left = left + "px"; knob.style.top = top_ + "px";
});
addEventListener("mouseup", () => {
  if (hold) document.querySelector("#position").textContent = Math.round(left) + "," + Math.round(top_);
  hold = undefined;
});
const dropped = document.querySelector("#dropped"), card = document.querySelector("#card");
const acceptDrops = (zone) => {
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    dropped.textContent = event.dataTransfer.getData("text/plain") + " dropped on " + zone.id;
  });
};
acceptDrops(document.querySelector("#basket"));
card.addEventListener("dragstart", (event) => {
  event.dataTransfer.setData("text/plain", "the card");
  // A place to drop on that is there only while something is being dragged, and not at once.
  setTimeout(() => {
    const late = document.createElement("div");
    late.id = "late"; late.textContent = "Late";
    document.querySelector("#place").replaceChildren(late);
    acceptDrops(late);
  }, 100);
});
card.addEventListener("dragend", () => document.querySelector("#place").replaceChildren());`,
});
