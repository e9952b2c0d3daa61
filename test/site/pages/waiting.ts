import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Pages whose button is not ready at once; a click that came too early is recorded as a miss. */
export function waitingPages(): Record<string, Route> {
  return {
    "/late": ({ html, delay }) => {
      html(latePage(delay(300)));
    },
    "/moving": ({ html, delay }) => {
      html(movingPage(delay(500)));
    },
    "/halting": ({ html, delay }) => {
      html(haltingPage(delay(500)));
    },
    "/overlay": ({ html, delay }) => {
      html(overlayPage(delay(300)));
    },
    "/dodge": ({ html, delay }) => {
      html(dodgePage(delay(200)));
    },
    "/shift": ({ html }) => {
      html(SHIFT_PAGE);
    },
    "/disabled": ({ html, delay }) => {
      html(disabledPage(delay(300)));
    },
    "/rerender": ({ html, delay }) => {
      html(rerenderPage(delay(1000)));
    },
    "/long": ({ html }) => {
      html(LONG_PAGE);
    },
  };
}

function latePage(ms: number): string {
  return page({
    title: "Late",
    body: `<p>The button is rendered after ${ms} ms.</p><div id="place"></div>`,
    script: `setTimeout(() => {
  document.querySelector("#place").innerHTML = '<p id="late-text">I am here now</p><button id="late" type="button">Late button</button>';
  document.querySelector("#late").addEventListener("click", click);
}, ${ms});`,
  });
}

function movingPage(ms: number): string {
  return page({
    title: "Moving",
    body: `<p>The button moves for ${ms} ms, then rests. Pressing it or its track before that is a miss.</p>
<div id="track"><button id="moving" type="button">Catch me</button></div>`,
    style: `#track { position: relative; height: 80px; background: #eef2f6; border-radius: 6px; }
  #moving { position: absolute; left: 0; top: 20px; }`,
    // Pressed while moving is a miss even when the pointer happens to be over the button: the next time it is not.
    script: `const button = document.querySelector("#moving");
const start = performance.now();
let moving = true, pressedWhileMoving = false;
const move = (now) => {
  const elapsed = Math.min(now - start, ${ms});
  button.style.left = 240 - 240 * Math.cos(elapsed / 60) * (1 - elapsed / ${ms}) + "px";
  moving = elapsed < ${ms};
  if (moving) requestAnimationFrame(move);
};
requestAnimationFrame(move);
document.querySelector("#track").addEventListener("pointerdown", () => { pressedWhileMoving = moving; });
document.querySelector("#track").addEventListener("click", (event) => {
  if (event.target === button && !pressedWhileMoving) click(); else miss();
});`,
  });
}

function haltingPage(ms: number): string {
  return page({
    title: "Halting",
    body: `<p>For ${ms} ms the button is in each place for two frames. Pressing it or its track before that is a miss.</p>
<div id="track"><button id="halting" type="button">Catch me</button></div>`,
    style: `#track { height: 80px; background: #eef2f6; border-radius: 6px; } #halting { position: relative; }`,
    // The step added to its place is too small to move it, yet the style changes in each frame.
    script: `const button = document.querySelector("#halting"), end = performance.now() + ${ms};
let frames = 0, pressedWhileMoving = false;
const isMoving = () => performance.now() < end;
const move = () => {
  button.style.left = 10 * (Math.floor(++frames / 2) % 2) + frames / 1e5 + "px";
  if (isMoving()) requestAnimationFrame(move);
};
requestAnimationFrame(move);
document.querySelector("#track").addEventListener("pointerdown", () => { pressedWhileMoving = isMoving(); });
document.querySelector("#track").addEventListener("click", (event) => {
  if (event.target === button && !pressedWhileMoving) click(); else miss();
});`,
  });
}

function overlayPage(ms: number): string {
  return page({
    title: "Overlay",
    body: `<p>An overlay covers the page for ${ms} ms.</p><button id="covered" type="button">Covered button</button>
<div id="overlay">Loading…</div>`,
    style: `#overlay { position: fixed; inset: 0; display: grid; place-items: center; background: #ffffffd0; }`,
    script: `document.querySelector("#covered").addEventListener("click", click);
const overlay = document.querySelector("#overlay");
overlay.addEventListener("click", miss);
setTimeout(() => overlay.remove(), ${ms});`,
  });
}

/** Covers its button in the very moment in which the pointer arrives, once. */
function dodgePage(ms: number): string {
  return page({
    title: "Dodge",
    body: `<p>The first time the pointer reaches the button, something else slides over it for ${ms} ms.</p>
<button id="dodging" type="button">Click me</button>`,
    style: `#cover { position: fixed; inset: 0; background: #ffffffd0; }`,
    script: `const button = document.querySelector("#dodging");
button.addEventListener("click", click);
button.addEventListener("pointermove", () => {
  const cover = document.createElement("div");
  cover.id = "cover";
  for (const type of ["pointerdown", "mousedown", "mouseup", "click"]) cover.addEventListener(type, miss);
  document.body.append(cover);
  setTimeout(() => cover.remove(), ${ms});
}, { once: true });`,
  });
}

/** Moves its buttons down in the very moment in which one is pressed, once; the others answer to the press. */
const SHIFT_PAGE = page({
  title: "Shift",
  body: `<p id="notice" hidden style="height: 120px">Something has come in above.</p>
<button id="shifting" type="button">Click me</button> <button id="pressed" type="button">Press me</button>
<button id="renewed" type="button">Press me too</button>`,
  script: `const notice = document.querySelector("#notice");
document.querySelector("#shifting").addEventListener("click", click);
document.querySelector("#shifting").addEventListener("pointerdown", () => { notice.hidden = false; }, { once: true });
document.querySelector("main").addEventListener("click", (event) => { if (event.target.localName === "main") miss(); });
document.querySelector("#pressed").addEventListener("pointerdown", (event) => { click(); event.target.remove(); });
const renew = (event) => {
  click();
  const newer = event.target.cloneNode(true);
  newer.addEventListener("pointerdown", renew);
  event.target.replaceWith(newer);
};
document.querySelector("#renewed").addEventListener("pointerdown", renew);`,
});

function disabledPage(ms: number): string {
  return page({
    title: "Disabled",
    body: `<p>The field and the button are enabled after ${ms} ms.</p>
<label for="field">Field</label><input id="field" disabled>
<div class="actions"><button id="button" type="button" disabled>Enabled later</button></div>`,
    // A disabled control gets no click event, but its press still reaches the document as a pointer event.
    script: `const button = document.querySelector("#button"), field = document.querySelector("#field");
button.addEventListener("click", click);
document.addEventListener("pointerdown", (event) => { if (event.target.disabled) miss(); }, true);
setTimeout(() => { field.disabled = false; button.disabled = false; }, ${ms});`,
  });
}

function rerenderPage(ms: number): string {
  return page({
    title: "Rerender",
    body: `<p>The button is replaced every 50 ms for ${ms} ms.</p>
<div id="place"><button id="fresh" type="button">Always new</button></div><p>Renders: <span id="renders">1</span></p>`,
    // Pressed on one node and released on the next, the click goes to their parent: a miss.
    script: `const place = document.querySelector("#place"), renders = document.querySelector("#renders");
place.addEventListener("click", (event) => { if (event.target.id === "fresh") click(); else miss(); });
const timer = setInterval(() => {
  place.innerHTML = '<button id="fresh" type="button">Always new</button>';
  renders.textContent = Number(renders.textContent) + 1;
}, 50);
setTimeout(() => clearInterval(timer), ${ms});`,
  });
}

const LONG_PAGE = page({
  title: "Long",
  body: `<header id="header">Sticky header</header>
<p>The button is far below.</p><div class="space"></div>
<button id="below" type="button">Far below</button><div class="space"></div>
<button id="bottom" type="button">At the bottom</button>
<footer id="footer">Sticky footer</footer>`,
  style: `#header, #footer { position: fixed; left: 0; right: 0; z-index: 1; height: 120px; padding: 16px;
    color: #fff; background: #33475b; }
  #header { top: 0; } #footer { bottom: 0; } main { padding-top: 140px; margin-bottom: 200px; }
  .space { height: 3000px; } .space + #bottom { display: block; }`,
  script: `for (const id of ["below", "bottom"]) document.getElementById(id).addEventListener("click", click);
for (const id of ["header", "footer"]) document.getElementById(id).addEventListener("click", miss);`,
});
