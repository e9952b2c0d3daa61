import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Frames of this site and of another one, which a browser puts into another process; also inside each other. */
export function framePages(): Record<string, Route> {
  return {
    "/frames": ({ html }) => {
      html(FRAMES_PAGE);
    },
    "/frames/moving": ({ html }) => {
      html(MOVING_FRAME_PAGE);
    },
    "/frames/moving-inner": ({ html }) => {
      html(MOVING_INNER_PAGE);
    },
    "/frames/losing": ({ html, url }) => {
      html(losingFramePage(url.search));
    },
    "/frames/losing-inner": ({ html, url }) => {
      html(losingInnerPage(url.searchParams.has("silent")));
    },
    "/frames/worker": ({ html }) => {
      html(WORKER_FRAME_PAGE);
    },
    "/frames/inner": ({ html, url }) => {
      html(innerPage(url.searchParams.get("name") ?? "inner", url.searchParams.has("nested")));
    },
  };
}

/** To a browser, this machine's two names are two sites. */
const OTHER_SITE = `const otherSite = location.origin.includes("127.0.0.1")
  ? location.origin.replace("127.0.0.1", "localhost") : location.origin.replace("localhost", "127.0.0.1");`;

const FRAMES_PAGE = page({
  title: "Frames",
  plain: true,
  body: `<iframe id="same" src="/frames/inner?name=same"></iframe>
<iframe id="other"></iframe><div id="plain">no frame</div>`,
  style: `iframe { display: block; width: 420px; height: 260px; margin: 7px 0 0 11px; border: 3px solid #456; padding: 5px 9px; }
  #other { transform: scale(0.8); transform-origin: 0 0; }`,
  script: `${OTHER_SITE}
document.querySelector("#other").src = otherSite + "/frames/inner?name=other&nested";`,
});

/** A page of the other site with workers, in a frame. */
const WORKER_FRAME_PAGE = page({
  title: "Frame with workers",
  plain: true,
  body: `<iframe></iframe>`,
  script: `${OTHER_SITE}
document.querySelector("iframe").src = otherSite + "/worker";`,
});

/** The frame moves away at the first press in it, and hears of it once it has. */
const MOVING_FRAME_PAGE = page({
  title: "Moving frame",
  plain: true,
  body: `<div id="gap" hidden></div><iframe id="frame" src="/frames/moving-inner"></iframe>`,
  style: `#gap { height: 200px; } iframe { width: 420px; height: 160px; }`,
  script: `addEventListener("message", ({ source }) => {
  document.querySelector("#gap").hidden = false;
  requestAnimationFrame(() => requestAnimationFrame(() => source.postMessage("moved", "*")));
});`,
});

const MOVING_INNER_PAGE = page({
  title: "Inside",
  body: `<button id="press" type="button">Press</button> <p id="pointer">elsewhere</p>`,
  style: `h1 { display: none; } main { margin: 0; padding: 4px; }`,
  script: `const press = document.querySelector("#press"), drag = () => { document.querySelector("#pointer").textContent = "dragging"; };
press.addEventListener("mousedown", () => parent.postMessage("pressed", "*"));
press.addEventListener("click", click);
press.addEventListener("mousedown", () => { addEventListener("mousemove", drag); });
addEventListener("mouseup", () => { removeEventListener("mousemove", drag); });
press.addEventListener("mouseenter", () => { document.querySelector("#pointer").textContent = "over it"; });
addEventListener("message", () => { document.title = "Moved"; });`,
});

/** @param search the query of both frames: `?silent`, or nothing */
function losingFramePage(search: string): string {
  return page({
    title: "Losing frame",
    plain: true,
    body: `<iframe id="frame" src="/frames/losing-inner${search}"></iframe> <iframe id="foreign"></iframe> <input id="outer">`,
    script: `${OTHER_SITE}
document.querySelector("#foreign").src = otherSite + "/frames/losing-inner${search}";`,
  });
}

/**
 * Each field loses the focus once, before any key or when it holds three characters: to the document around the frame,
 * as it happens while Chromium starts a process for another frame, or to a field out there, as a page has it. Chromium may
 * do so here as well, so that what has been pressed before tells nothing.
 *
 * @param isSilent whether the page lets nobody else hear of the focus and of keys
 */
function losingInnerPage(isSilent: boolean): string {
  return page({
    title: "Inside",
    plain: true,
    body: `<input id="before" value="old" data-after="0"> <input id="third" value="old" data-after="3">
<input id="leaving" data-after="3" data-to="#outer"> <div id="region" contenteditable data-after="0">old</div>`,
    style: `h1 { display: none; } main { margin: 0; padding: 4px; }`,
    script: `for (const field of document.querySelectorAll("[data-after]")) {
  let isLost = false;
  const lose = () => {
    if (isLost) return;
    isLost = true;
    (field.dataset.to ? top.document.querySelector(field.dataset.to) : top).focus();
  };
  if (field.dataset.after === "0") window.addEventListener("focus", ({ target }) => { if (target === field) queueMicrotask(lose); }, true);
  else field.addEventListener("input", () => { if (field.value.length === 3) lose(); });
}
if (${isSilent})
  for (const type of ["focus", "blur", "focusin", "focusout", "keydown", "keyup"])
    window.addEventListener(type, (event) => { event.stopImmediatePropagation(); }, true);`,
  });
}

function innerPage(name: string, nested: boolean): string {
  return page({
    title: `Frame ${name}`,
    plain: true,
    body: `<button id="press" type="button">Press</button> <input id="field"> <p id="pressed">0</p>
${nested ? `<iframe id="nested"></iframe>` : ""}`,
    style: `h1 { display: none; } main { margin: 0; padding: 4px; } iframe { height: 120px; border: 2px solid #654; }`,
    script: `const pressed = document.querySelector("#pressed");
document.querySelector("#press").addEventListener("click", () => { pressed.textContent = Number(pressed.textContent) + 1; });
const nested = document.querySelector("#nested");
${OTHER_SITE}
if (nested) nested.src = otherSite + "/frames/inner?name=nested";`,
  });
}
