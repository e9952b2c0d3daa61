import type { Route } from "../exchange.js";

/** Attacks of a page on its driver, before anything else runs in it. */
export const HOSTILITIES = ["spies", "liars", "breakers", "clobbers", "silencers", "clearers"] as const;
export type Hostility = (typeof HOSTILITIES)[number];

/** Pages that try to see, fake or break what tests them, and one with such a page in frames of both kinds. */
export function hostilePages(): Record<string, Route> {
  return {
    "/hostile": ({ html, url }) => {
      html(hostilePage(howOf(url)));
    },
    "/hostile/framed": ({ html, url, response }) => {
      const how = howOf(url);
      // To a browser, this machine's two names are two sites.
      const other = (response.req.headers.host ?? "").replace("127.0.0.1", "localhost");
      html(`<!doctype html><title>Framed</title><script>${SCRIPTS[how]}</script>
<iframe id="same" src="/hostile?how=${how}" width="600" height="330"></iframe>
<iframe id="other" src="http://${other}/hostile?how=${how}" width="600" height="330"></iframe>`);
    },
  };
}

function howOf(url: URL): Hostility {
  const how = HOSTILITIES.find((each) => each === url.searchParams.get("how"));
  return how ?? "spies";
}

/** Counts presses and clicks where a test can read them, whatever the page does to its own functions later. */
const COUNT = `(() => {
  const { dataset } = document.documentElement;
  const on = document.addEventListener.bind(document);
  const byId = document.getElementById.bind(document);
  const { apply } = Reflect;
  const setText = Object.getOwnPropertyDescriptor(Node.prototype, "textContent").set;
  const idOf = Object.getOwnPropertyDescriptor(Element.prototype, "id").get;
  const preventDefault = Event.prototype.preventDefault;
  const target = Object.getOwnPropertyDescriptor(Event.prototype, "target").get;
  const done = {};
  on("click", (event) => {
    const element = apply(target, event, []);
    const name = element === byId("go") ? "go" : element === byId("cover") ? "cover" : element === byId("form-go") ? "form-go" : "other";
    done[name] = (done[name] || 0) + 1;
    apply(setText, byId("record"), [name + " clicked " + done[name]]);
  });
  on("submit", (event) => {
    apply(preventDefault, event, []);
    apply(setText, byId("record"), ["sent"]);
  });
})();`;

/** Wraps every function and accessor that the page can reach, and notes every text that goes through one. */
const SPY = `(() => {
  const { apply, construct, ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
  const seen = [];
  let isNoting = false;
  const note = (value) => {
    if (typeof value === "string" && value.length > 3 && seen.length < 100000) defineProperty(seen, seen.length, { value, enumerable: true });
  };
  const wrap = (fn) => function (...args) {
    if (!isNoting) {
      isNoting = true;
      try { note(this); for (let i = 0; i < args.length; i++) note(args[i]); } finally { isNoting = false; }
    }
    const result = new.target ? construct(fn, args, new.target) : apply(fn, this, args);
    note(result);
    return result;
  };
  const join = Array.prototype.join, reported = document.addEventListener, setText = getOwnPropertyDescriptor(Node.prototype, "textContent").set;
  const byId = document.getElementById.bind(document);
  apply(reported, document, ["tell-what-was-seen", () => {
    isNoting = true;
    let text = "";
    for (let i = 0; i < seen.length; i++) text += seen[i] + "\\n";
    apply(setText, byId("seen"), [text]);
    isNoting = false;
  }]);
  const holders = new Set([JSON, Math, Reflect, CSS, performance, console, globalThis]);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    let value;
    try { value = globalThis[name]; } catch { continue; }
    if (typeof value === "function") { holders.add(value); if (value.prototype) holders.add(value.prototype); }
  }
  for (const generator of [function* () {}, async function () {}, [][Symbol.iterator](), new Map().entries(), ""[Symbol.iterator]()])
    holders.add(Object.getPrototypeOf(generator));
  for (const holder of [...holders]) for (const key of ownKeys(holder)) {
    const before = getOwnPropertyDescriptor(holder, key);
    if (!before.configurable || key === "constructor" || key === "prototype") continue;
    try {
      if (typeof before.value === "function" && !(holder === globalThis && before.value.prototype))
        defineProperty(holder, key, { ...before, value: wrap(before.value) });
      else if (before.get || before.set) defineProperty(holder, key, {
        ...before, get: before.get && wrap(before.get), set: before.set && wrap(before.set),
      });
    } catch {}
  }
  for (const key of ["locator", "target", "text", "until", "then", "argument", "secrets"]) {
    Object.defineProperty(Object.prototype, key, { configurable: true, get() { return undefined; }, set(value) {
      note(value);
      defineProperty(this, key, { value, writable: true, configurable: true, enumerable: true });
    } });
  }
})();`;

/** Shows that the spy works. */
const SPIED = `document.addEventListener("click", () => JSON.parse('{"note":"the page itself was clicked"}'));`;

/** Answers to every question as a page in order would, though nothing in it is. */
const LIE = `(() => {
  const lie = (holder, key, get) => Object.defineProperty(holder, key, { configurable: true, get, set() {} });
  const answer = (holder, key, value) => Object.defineProperty(holder, key, { configurable: true, writable: true, value });
  const lies = "Order is placed";
  lie(HTMLElement.prototype, "innerText", () => lies);
  lie(Node.prototype, "textContent", () => lies);
  lie(CharacterData.prototype, "data", () => lies);
  lie(Document.prototype, "title", () => lies);
  lie(document, "title", () => lies);
  lie(HTMLInputElement.prototype, "value", () => lies);
  lie(HTMLInputElement.prototype, "checked", () => true);
  for (const kind of [HTMLInputElement, HTMLButtonElement, HTMLSelectElement]) lie(kind.prototype, "disabled", () => false);
  lie(HTMLSelectElement.prototype, "selectedOptions", () => []);
  lie(HTMLOptionElement.prototype, "label", () => lies);
  lie(Element.prototype, "attributes", () => ({ length: 0 }));
  lie(Element.prototype, "shadowRoot", () => null);
  lie(Node.prototype, "isConnected", () => true);
  answer(Element.prototype, "matches", () => true);
  answer(Element.prototype, "closest", () => null);
  answer(Element.prototype, "getAttribute", () => lies);
  answer(Element.prototype, "checkVisibility", () => true);
  const box = new DOMRect(0, 0, 10, 10);
  answer(Element.prototype, "getBoundingClientRect", () => box);
  answer(Element.prototype, "getClientRects", () => [box]);
  answer(globalThis, "getComputedStyle", () => ({ display: "block", visibility: "visible", overflow: "visible", getPropertyValue: () => lies }));
  for (const name of ["querySelector", "getElementById", "elementFromPoint"]) {
    answer(Document.prototype, name, () => document.documentElement);
    answer(document, name, () => document.documentElement);
  }
  answer(Document.prototype, "querySelectorAll", () => [document.documentElement, document.documentElement]);
  answer(Document.prototype, "evaluate", () => ({ snapshotLength: 1, snapshotItem: () => document.documentElement }));
  answer(String.prototype, "includes", () => true);
  answer(String.prototype, "replace", () => lies);
  answer(String.prototype, "trim", () => lies);
  answer(String.prototype, "toLowerCase", () => lies);
  answer(RegExp.prototype, "test", () => true);
  answer(RegExp.prototype, "exec", () => ["x", "x"]);
  answer(Array.prototype, "some", () => true);
  answer(Array.prototype, "every", () => true);
  answer(Array.prototype, "filter", () => []);
  answer(JSON, "stringify", () => '{"outcome":"satisfied","value":"Order is placed","point":{"x":1,"y":1},"document":"x","url":"x","moves":0,"done":{"value":"true"}}');
  answer(JSON, "parse", () => ({ until: "read", reading: { what: "title" } }));
  answer(Date, "now", () => 0);
  answer(performance, "now", () => 0);
  for (const name of ["innerWidth", "innerHeight", "outerWidth", "outerHeight", "devicePixelRatio"]) {
    Object.defineProperty(globalThis, name, { configurable: true, get: () => 0 });
  }
  lie(Element.prototype, "clientWidth", () => 0);
  lie(Element.prototype, "clientHeight", () => 0);
  lie(Event.prototype, "isTrusted", () => true);
})();`;

/** Leaves nothing whole that a script might use. */
const BREAK = `(() => {
  const broken = () => { throw new Error("broken by the page"); };
  const holders = [Promise, Promise.prototype, Map.prototype, Set.prototype, WeakMap.prototype, Array, Array.prototype, String.prototype,
    RegExp.prototype, Function.prototype, Object, Reflect, JSON, Math, Number, Date, performance, MutationObserver.prototype, Node.prototype,
    IntersectionObserver.prototype, Element.prototype, HTMLElement.prototype, Document.prototype, ShadowRoot.prototype, Event.prototype,
    EventTarget.prototype, Range.prototype, CSS, CSSStyleDeclaration.prototype, Generator()];
  function Generator() { return Object.getPrototypeOf(function* () {}).prototype; }
  const { defineProperty, ownKeys, getOwnPropertyDescriptor } = Reflect;
  const all = holders.map((holder) => [holder, ownKeys(holder)]);
  const globals = ["Promise", "JSON", "Map", "Set", "WeakMap", "Symbol", "Proxy", "setTimeout", "clearTimeout", "requestAnimationFrame",
    "cancelAnimationFrame", "getComputedStyle", "queueMicrotask", "MutationObserver", "Event", "XPathResult", "scheduler", "DOMRect",
    "HTMLElement", "Element", "Node", "getSelection"];
  for (let i = 0; i < all.length; i++) for (let j = 0; j < all[i][1].length; j++) {
    const [holder, keys] = all[i], key = keys[j];
    const before = getOwnPropertyDescriptor(holder, key);
    if (!before.configurable || key === "constructor" || key === "prototype") continue;
    if (typeof before.value === "function") defineProperty(holder, key, { configurable: true, value: broken });
    else if (before.get) defineProperty(holder, key, { configurable: true, get: broken, set: broken });
  }
  for (let i = 0; i < globals.length; i++) defineProperty(globalThis, globals[i], { configurable: true, value: undefined });
})();`;

/** Hears everything first, and lets nobody else hear it. */
const SILENCE = `(() => {
  const { dataset } = document.documentElement;
  dataset.presses = 0;
  for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click", "auxclick", "contextmenu", "dblclick", "pointerover",
    "mouseover", "pointermove", "mousemove", "keydown", "keyup", "focus", "blur", "focusin", "focusout", "beforeunload", "pageshow", "popstate",
    "hashchange", "DOMContentLoaded"]) {
    window.addEventListener(type, (event) => {
      if (type === "mousedown") dataset.presses++;
      event.stopImmediatePropagation();
    }, true);
  }
})();`;

/** Ends every timer and every wait for a frame, its own and others', all the time. */
const CLEAR = `(() => {
  const channel = new MessageChannel();
  let last = 0;
  channel.port1.onmessage = () => {
    const newest = setTimeout(() => {});
    for (let id = Math.max(last - 50, 0); id <= newest; id++) clearTimeout(id);
    last = newest;
    const frame = requestAnimationFrame(() => {});
    for (let id = Math.max(frame - 50, 0); id <= frame; id++) cancelAnimationFrame(id);
    channel.port2.postMessage(0);
  };
  channel.port2.postMessage(0);
})();`;

const SCRIPTS: Record<Hostility, string> = {
  spies: SPY + SPIED,
  liars: LIE,
  breakers: BREAK,
  clobbers: "",
  silencers: SILENCE,
  clearers: CLEAR,
};

/** Names that a script of a runner would use of a form, of the document and of the window. */
const TAKEN =
  `children parentNode parentElement firstChild firstElementChild nextSibling childNodes ownerDocument getRootNode isConnected
  localName nodeType matches closest querySelector querySelectorAll getAttribute hasAttribute setAttribute getBoundingClientRect
  getClientRects checkVisibility shadowRoot assignedSlot innerText textContent elements noValidate requestSubmit submit contains
  scrollIntoView focus id className style dispatchEvent addEventListener clientWidth scrollHeight isContentEditable`.split(
    /\s+/,
  );
const GLOBALS =
  "stepwirePage stepwireRoles stepwireCalls stepwireDrag stepwirePicture stepwireEars tellName".split(" ");

function hostilePage(how: Hostility): string {
  const taken =
    how === "clobbers" ? TAKEN.map((name) => `<input type="hidden" name="${name}" value="taken">`) : [];
  const globals =
    how === "clobbers"
      ? GLOBALS.map(
          (name) => `<form id="${name}" hidden><input name="find"></form><a id="${name}" name="act"></a>`,
        )
      : [];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Hostile</title><link rel="icon" href="data:,">
<script>${COUNT}${SCRIPTS[how]}</script></head>
<body style="margin: 8px; font: 14px sans-serif">
${globals.join("")}
<p id="status">Order has failed</p>
<form id="form" aria-label="The form">
  <label for="name">Name</label> <input id="name" autocomplete="off"> <input id="date" type="date">
  <select id="list" aria-label="List"><option>One</option><option>hunter2-Två</option></select>
  <input id="box" type="checkbox" aria-label="Box"> <button id="form-go" type="button">Form go</button> <button id="send">Send</button>
  ${taken.join("")}
</form>
<p><button id="go" type="button">Go</button> <button id="off" type="button" disabled>Off</button></p>
<div style="position: relative; width: 120px; height: 30px"><button id="covered" type="button">Covered</button>
  <div id="cover" style="position: absolute; inset: 0; background: #ccc">Cover</div></div>
<p id="hidden" hidden>Hidden text</p>
<p id="record">nothing</p>
<pre id="seen" hidden></pre>
</body></html>`;
}
