import type { Route } from "../exchange.js";

/** Small pages about what people can see and get at. The element in question is `#it`. */

/** Elements that people see, though a look at the box alone may say otherwise. */
export const SEEN: Readonly<Record<string, string>> = {
  "faint text": `<p id="it" style="opacity: 0.4">Saved</p>`,
  "further down": `<div style="height: 3000px"></div><p id="it">Saved</p>`,
  "further down in a list that scrolls": `<div style="height: 60px; overflow: auto"><div style="height: 500px"></div><p id="it">Saved</p></div>`,
  "below the end of a list that scrolls backwards": `<div style="height: 60px; overflow: auto; display: flex; flex-direction: column-reverse"><p>New</p><div style="height: 500px; flex: none"></div><p id="it">Saved</p></div>`,
  "left of the middle of a page that is read from the right": `<div dir="rtl" style="width: 200px; overflow: auto"><div style="width: 900px; text-align: left"><span id="it">Saved</span></div></div>`,
  "cut off in part": `<div style="width: 200px; height: 12px; overflow: hidden"><p id="it" style="margin: 0">Saved</p></div>`,
  "a long line that ends in dots": `<p id="it" style="width: 60px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap">Saved for later use</p>`,
  "out of a box that hides its overflow, by its position": `<div style="height: 0; overflow: hidden"><p id="it" style="position: absolute">Saved</p></div>`,
  "fixed in a box that hides its overflow": `<div style="height: 0; overflow: hidden"><p id="it" style="position: fixed; top: 40px">Saved</p></div>`,
  "a row of a table": `<table><tr id="it"><td>Saved</table>`,
  "an element without a box": `<div id="it" style="display: contents"><b>Saved</b></div>`,
  "letters cut from a gradient": `<h2 id="it" style="color: transparent; background: linear-gradient(red, blue) text">Saved</h2>`,
  "under a veil": `<p id="it">Saved</p><div style="position: fixed; inset: 0; background: #0009"></div>`,
  "under a cover that is transparent": `<p id="it">Saved</p><div style="position: fixed; inset: 0; background: white; opacity: 0.5"></div>`,
  "behind a dialog": `<p id="it">Saved</p><dialog id="d">Sure?</dialog><script>d.showModal()</script>`,
  "under a bar that people scroll it out from": `<div style="position: fixed; top: 0; left: 0; right: 0; height: 80px; background: white">Bar</div><p id="it" style="margin: 20px 0">Saved</p><div style="height: 3000px"></div>`,
  "covered in part": `<p id="it" style="width: 200px; position: relative">Saved</p><div style="position: absolute; top: 0; left: 0; width: 20px; height: 200px; background: white"></div>`,
  "a label over its own field": `<label style="position: relative"><input id="it"><span style="position: absolute; left: 4px">Name</span></label>`,
  inert: `<div inert><p id="it">Saved</p></div>`,
  "text that no pointer meets": `<div style="background: white"><p id="it" style="pointer-events: none">Saved</p></div>`,
  "over a cover": `<div style="position: fixed; inset: 0; background: white"></div><p id="it" style="position: relative; z-index: 1">Saved</p>`,
  "in a shadow root": `<div id="host"></div><script>host.attachShadow({ mode: "open" }).innerHTML = '<p id="it">Saved</p>'</script>`,
  "an area of an image": `<img usemap="#m" width="100" height="50" alt="" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"><map name="m"><area id="it" href="#x" shape="rect" coords="0,0,50,50" alt="x"></map>`,
  "the chosen option of a closed list": `<select><option>Small<option id="it" selected>Large</select>`,
  "an option of an open list": `<select size="3"><option>Small<option id="it">Large</select>`,
  "a thin line of a drawing": `<svg width="100" height="20"><path id="it" d="M0 10H100" stroke="black"/></svg>`,
  "a rule": `<hr id="it" style="height: 0; border: 0; border-top: 1px solid">`,
  "content that is laid out late": `<div style="height: 3000px"></div><div style="content-visibility: auto"><p id="it">Saved</p></div>`,
  "a clip path that leaves most of it": `<p id="it" style="clip-path: inset(2px 10% 2px 0 round 4px)">Saved</p>`,
  "an image replacement": `<h2 id="it" style="text-indent: -9999px; overflow: hidden; width: 80px; height: 20px; background: url('data:image/svg+xml,%3Csvg/%3E')">Saved</h2>`,
  "an icon from a style": `<style>#it::before { content: "✓" }</style><i id="it"></i>`,
  "room for something": `<div id="it" style="width: 50px; height: 50px"></div>`,
  "room that a sign without a shape holds open": `<div id="it" role="combobox"><span>&#8203;</span></div>`,
};

/** Elements that nobody sees, though they have a box. */
export const UNSEEN: Readonly<Record<string, string>> = {
  transparent: `<p id="it" style="opacity: 0">Saved</p>`,
  "all but transparent": `<p id="it" style="opacity: 0.01">Saved</p>`,
  "in something transparent": `<div style="opacity: 0.2"><div style="opacity: 0.2"><p id="it">Saved</p></div></div>`,
  "filtered away": `<div style="filter: opacity(0%)"><p id="it">Saved</p></div>`,
  "left of the page": `<p id="it" style="position: absolute; left: -9999px">Saved</p>`,
  "above the page": `<a id="it" href="#main" style="position: absolute; top: -60px">Skip</a><div style="height: 3000px"></div>`,
  "moved out of the page": `<div style="transform: translateX(-100vw)"><p id="it" style="width: 200px">Saved</p></div>`,
  "beside the viewport": `<aside id="it" style="position: fixed; left: 100%; width: 300px; height: 100px; background: #eee">Cart</aside>`,
  "in the next slide": `<div style="width: 300px; height: 60px; overflow: hidden"><div style="height: 60px">1</div><div style="height: 60px"><button id="it">Buy</button></div></div>`,
  "in a slide beside": `<div style="width: 300px; overflow: clip; display: flex"><div style="flex: none; width: 300px">1</div><div style="flex: none; width: 300px"><p id="it">Saved</p></div></div>`,
  "in a folded menu": `<div style="height: 0; overflow: hidden"><p id="it">Saved</p></div>`,
  "scrolled out of a box that hides its overflow": `<div id="box" style="height: 40px; overflow: hidden"><p id="it" style="margin: 0; height: 40px">Saved</p><p style="margin: 0; height: 40px">2</p></div><script>box.scrollTop = 40</script>`,
  "further down in a locked page": `<style>body { overflow: hidden }</style><div style="height: 3000px"></div><p id="it">Saved</p>`,
  "further down in a locked document": `<style>html { overflow: hidden }</style><div style="height: 3000px"></div><p id="it">Saved</p>`,
  "for screen readers": `<span id="it" style="position: absolute; width: 1px; height: 1px; overflow: hidden; clip: rect(0, 0, 0, 0)">Saved</span>`,
  "for screen readers, by a path": `<span id="it" style="position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)">Saved</span>`,
  "in something for screen readers": `<div style="position: absolute; width: 1px; height: 1px; overflow: hidden"><p id="it">Saved</p></div>`,
  "clipped to nothing": `<p id="it" style="clip-path: polygon(0 0, 0 0, 0 0)">Saved</p>`,
  "inside a circle without size": `<div style="clip-path: circle(0px at 50% 50%)"><p id="it">Saved</p></div>`,
  "text without a size": `<p id="it" style="font-size: 0; padding: 10px">Saved</p>`,
  "text without a colour": `<p id="it" style="color: transparent">Saved</p>`,
  "text out of its box": `<h2 id="it" style="text-indent: -9999px; overflow: hidden; width: 80px; height: 20px">Saved</h2>`,
  "shrunk to nothing": `<p id="it" style="transform: scale(0)">Saved</p>`,
  invisible: `<div style="visibility: hidden"><p id="it">Saved</p></div>`,
  "collapsed details": `<details><summary>More</summary><p id="it">Saved</p></details>`,
  "under a page that is loading": `<p id="it">Saved</p><div style="position: fixed; inset: 0; background: white">Loading…</div>`,
  "further down under a page that is loading": `<div style="height: 3000px"></div><p id="it">Saved</p><div style="position: fixed; inset: 0; background: white">Loading…</div>`,
  "under an image": `<p id="it" style="margin: 0; width: 60px">Saved</p><img style="position: absolute; left: 0; top: 0" width="300" height="200" alt="" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E">`,
  "under a gradient": `<p id="it">Saved</p><div style="position: fixed; inset: 0; background: linear-gradient(white, silver)"></div>`,
  "under the card it is in": `<div style="position: relative; width: 200px; height: 60px"><p id="it" style="margin: 0">Saved</p><div style="position: absolute; inset: 0; background: white">Loading…</div></div>`,
  "text of which only the empty end is free": `<p id="it" style="margin: 0">Saved</p><div style="position: absolute; left: 0; top: 0; width: 150px; height: 60px; background: white"></div>`,
  "under the cover of a shadow root": `<p id="it">Saved</p><div id="host"></div><script>host.attachShadow({ mode: "open" }).innerHTML = '<div style="position: fixed; inset: 0; background: white"></div>'</script>`,
  "inert and covered": `<main inert><p id="it">Saved</p></main><div style="position: fixed; inset: 0; background: white">Sure?</div>`,
  "behind a dialog that fills the window": `<p id="it">Saved</p><dialog id="d" style="width: 100vw; height: 100vh; max-width: none; max-height: none; inset: 0; margin: 0; background: white">Sure?</dialog><script>d.showModal()</script>`,
  "behind a backdrop": `<style>::backdrop { background: black }</style><p id="it">Saved</p><dialog id="d">Sure?</dialog><script>d.showModal()</script>`,
  "an area of a hidden image": `<img usemap="#m" width="100" height="50" alt="" hidden src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"><map name="m"><area id="it" href="#x" shape="rect" coords="0,0,50,50" alt="x"></map>`,
  "an option of a closed list": `<select><option>Small<option id="it">Large</select>`,
  "outside of its drawing": `<svg width="100" height="20"><rect id="it" x="200" width="20" height="20"/></svg>`,
};

/** Pages with an element `#it` to work on; a command that does so writes into `#o`. */
export const WORK = {
  twins: `<nav style="display: none"><a href="#a" onclick="o.textContent = 'Wrong'">Log in</a></nav><nav><a href="#b" onclick="o.textContent = 'Right'">Log in</a></nav>`,
  "transparent twin": `<button class="go" style="opacity: 0" onclick="o.textContent = 'Wrong'">Go</button><button class="go" onclick="o.textContent = 'Right'">Go</button>`,
  "three twins": `<button class="go" hidden>Go</button><button class="go" id="a" onclick="o.textContent = 'First'">Go</button><button class="go" id="b">Go</button>`,
  "fields with one name": `<div style="display: none"><input name="q"></div><input name="q" oninput="o.textContent = 'Typed ' + this.value"><label hidden>Size <select name="s"><option>L</select></label><select name="s" onchange="o.textContent = 'Chosen ' + this.value"><option>S<option>L</select>`,
  "a label and its field": `<p class="name">Name</p><label class="name">Name</label><input class="name" oninput="o.textContent = 'Typed ' + this.value">`,
  "a dialog over its twin": `<button onclick="o.textContent = 'Wrong'">Delete</button><div style="position: fixed; inset: 0; background: #0009"><div role="dialog" style="margin: 80px; background: white"><button onclick="o.textContent = 'Right'">Delete</button></div></div>`,
  "a dialog beside its backdrop": `<button onclick="o.textContent = 'Wrong'">Delete</button><div style="position: fixed; inset: 0; background: #0009"></div><div style="position: fixed; top: 80px; background: white"><button onclick="o.textContent = 'Right'">Delete</button></div>`,
  "a modal dialog": `<button onclick="o.textContent = 'Wrong'">Delete</button><dialog id="d"><button onclick="o.textContent = 'Right'">Delete</button></dialog><script>d.showModal()</script>`,
  "an inert twin": `<main inert><button onclick="o.textContent = 'Wrong'">Delete</button></main><button onclick="o.textContent = 'Right'">Delete</button>`,
  "a notice that goes away": `<button onclick="o.textContent = 'Right'">Edit</button><button style="margin-left: 90px" onclick="o.textContent = 'Wrong'">Edit</button><div id="n" style="position: absolute; left: 0; top: 0; width: 70px; height: 60px; background: gold"></div><script>setTimeout(() => n.remove(), 300)</script>`,
  "a notice that stays": `<button onclick="o.textContent = 'Wrong'">Edit</button><button style="margin-left: 90px" onclick="o.textContent = 'Right'">Edit</button><div id="n" style="position: absolute; left: 0; top: 0; width: 70px; height: 60px; background: gold"></div>`,
  "twins under a bar": `<style>body { margin: 0 } button { display: block; margin: 0; height: 40px }</style><div style="position: fixed; top: 0; left: 0; right: 0; height: 60px; background: gold"></div><button onclick="o.textContent = 'First'">Edit</button><div style="height: 3000px"></div><button onclick="o.textContent = 'Second'">Edit</button><script>scrollTo(0, 1)</script><style>body { padding-top: 62px }</style>`,
  "a hidden container": `<div class="box" hidden><button onclick="o.textContent = 'Wrong'">Go</button></div><div class="box"></div><div class="box"><button onclick="o.textContent = 'Right'">Go</button></div>`,
  "a bubble over the middle": `<button id="it" style="position: fixed; bottom: 10px; left: 10px; width: 400px; height: 60px" onclick="o.textContent = 'Right'">Pay now</button><div style="position: fixed; bottom: 0; left: 150px; width: 120px; height: 80px; background: gold" onclick="o.textContent = 'Wrong'">Chat</div>`,
  "all but a corner": `<button id="it" style="position: absolute; left: 0; top: 0; width: 200px; height: 100px" onclick="o.textContent = 'Right'">Pay</button><div style="position: absolute; left: 0; top: 0; width: 170px; height: 100px; background: gold"></div>`,
  "half in its box": `<div style="position: relative; width: 100px; height: 40px; overflow: hidden"><button id="it" style="position: absolute; left: 80px; width: 200px; height: 40px" onclick="o.textContent = 'Right'">Pay</button></div>`,
  "a link over two lines": `<p style="width: 140px; font: 20px monospace">Read all <a id="it" href="#x" onclick="o.textContent = 'Right'">of the terms</a> now</p>`,
  "next slide": `<div id="box" style="width: 300px; height: 60px; overflow: hidden"><div style="height: 60px">1</div><div style="height: 60px"><button id="it" onclick="o.textContent = 'Wrong'">Buy</button></div></div>`,
  "locked page": `<style>body { overflow: hidden }</style><div style="height: 3000px"></div><button id="it">Buy</button><input id="field"><select id="list"><option>S<option>L</select>`,
  "half in a locked page": `<style>body { overflow: hidden; margin: 0 }</style><button id="it" style="position: absolute; top: calc(100vh - 20px); height: 200px" onclick="o.textContent = 'Right ' + scrollY">Buy</button><div style="height: 3000px"></div>`,
  "under a veil": `<button id="it">Go</button><input id="field"><select id="list"><option>S<option>L</select><label><input id="tick" type="checkbox">Tick</label><input id="file" type="file"><label><input id="unseen" type="file" style="display: none">File</label><div style="position: fixed; inset: 0; background: #0009"></div>`,
  inert: `<main inert><button id="it">Go</button><input id="field"><select id="list"><option>S<option>L</select><input id="tick" type="checkbox"><input id="file" type="file"><input id="unseen" type="file" hidden></main>`,
  "behind a modal dialog": `<button id="it">Go</button><input id="field"><select id="list"><option>S<option>L</select><input id="tick" type="checkbox"><input id="file" type="file"><input id="unseen" type="file" hidden><dialog id="d">Sure?</dialog><script>d.showModal()</script>`,
  "in a disabled fieldset": `<fieldset disabled><button id="it">Go</button><input id="field"><select id="list"><option>S<option>L</select><input id="tick" type="checkbox"><input id="file" type="file"><input id="unseen" type="file" hidden></fieldset>`,
  "under a bar": `<div style="position: fixed; top: 0; left: 0; right: 0; height: 100px; background: gold"></div><div style="height: 300px"></div><input id="field" oninput="o.textContent = 'Typed ' + this.value"><select id="list" onchange="o.textContent = 'Chosen ' + this.value"><option>S<option>L</select><div style="height: 3000px"></div><script>scrollTo(0, 290)</script>`,
  "transparent fields": `<div style="position: relative; width: 90px; height: 30px">0 0 0<input id="field" style="position: absolute; inset: 0; opacity: 0" oninput="o.textContent = 'Typed ' + this.value"></div><div style="position: relative; width: 90px; height: 30px">S<select id="list" style="position: absolute; inset: 0; opacity: 0" onchange="o.textContent = 'Chosen ' + this.value"><option>S<option>L</select></div><div style="position: relative; width: 20px; height: 20px; background: silver"><input id="tick" type="checkbox" style="position: absolute; inset: 0; opacity: 0" onchange="o.textContent = 'Ticked'"></div>`,
  "file fields": `<script>addEventListener("input", ({ target }) => { if (target.id === "refused") target.value = ""; }, true)</script><input id="refused" type="file"><input id="field" type="file" onchange="o.textContent = 'Given ' + this.files.length; this.value = ''"><label style="display: block; width: 90px; border: 1px solid">Photo <input id="unseen" type="file" hidden onchange="o.textContent = 'Photo ' + this.files[0].name"></label>`,
  "shown under the pointer": `<style>.row button { opacity: 0 } .row:hover button { opacity: 1 }</style><div class="row">One <button id="it" onclick="o.textContent = 'Right'">Delete</button></div>`,
  "never shown": `<button id="it" style="opacity: 0" onclick="o.textContent = 'Wrong'">Delete</button>`,
  "an image map": `<img usemap="#rooms" width="300" height="120" alt="" style="padding: 10px; border: 5px solid" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='30' height='12'/%3E"><map name="rooms"><area id="rect" href="#r" coords="0,0,80,120" alt="r" onclick="o.textContent = 'rect'"><area id="circle" href="#c" shape="circle" coords="150,60,50" alt="c" onclick="o.textContent = 'circle'"><area id="poly" href="#p" shape="poly" coords="220,0,300,0,300,120,290,120,290,10,220,10" alt="p" onclick="o.textContent = 'poly'"><area id="rest" href="#d" shape="default" alt="d" onclick="o.textContent = 'rest'"></map>`,
  "a scaled image map": `<div style="height: 2000px"></div><div style="transform: scale(2); transform-origin: 0 0; height: 200px"><img usemap="#rooms" width="150" height="60" alt="" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"></div><map name="rooms"><area id="circle" href="#c" shape="circle" coords="120,40,15" alt="c" onclick="o.textContent = 'circle'"></map>`,
  lists: `<select id="list" onchange="o.textContent = 'Chosen ' + this.value" oninput="this.dataset.typed = 1"><option>Small<option id="large">Large<option id="off" disabled>Off<optgroup id="group" label="More" disabled><option id="grouped">Grouped</optgroup><option id="gone" style="display: none">Gone</select><select id="long" size="4" multiple onchange="o.textContent = 'Chosen ' + this.value"><optgroup label="G"><option>One<option id="two">Two</optgroup></select><button id="order" onclick="o.textContent = 'Ordered ' + list.value">Order</button>`,
  drawings: `<svg width="300" height="120" style="display: block"><path id="arc" d="M10 110 A100 100 0 0 1 210 110" fill="none" stroke="black" stroke-width="3" onclick="o.textContent = 'arc'"/><g id="group" onclick="o.textContent = 'group'"><path d="M220 10 L220 110 L290 110" fill="none" stroke="red" stroke-width="3"/></g><circle id="ring" cx="110" cy="70" r="30" fill="none" stroke="blue" stroke-width="4" pointer-events="stroke" onclick="o.textContent = 'ring'"/></svg>`,
  "custom elements": `<script>
customElements.define("x-field", class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: "open", delegatesFocus: true }).innerHTML = '<input>'; this.shadowRoot.firstChild.oninput = (e) => { o.textContent = this.title + ' ' + e.target.value; }; } });
customElements.define("x-form-field", class extends HTMLElement { static formAssociated = true; connectedCallback() { this.attachShadow({ mode: "open", delegatesFocus: true }).innerHTML = '<div><textarea></textarea></div>'; this.shadowRoot.firstChild.firstChild.oninput = (e) => { o.textContent = this.title + ' ' + e.target.value; }; } });
customElements.define("x-tick", class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: "open" }).innerHTML = '<input type="checkbox">'; this.shadowRoot.firstChild.onchange = (e) => { o.textContent = 'ticked ' + e.target.checked; }; } });
</script><label for="it">City</label> <x-field id="it" title="city"></x-field><label>Street <x-field title="street"></x-field></label><label for="note">Note</label><x-form-field id="note" title="note"></x-form-field><x-tick id="tick"></x-tick>`,
} as const;

export type WorkPage = keyof typeof WORK;

/** Each of the pages by its name: `/sight?transparent`, `/work?twins`. */
export function sightPages(): Record<string, Route> {
  return { "/sight": pagesOf({ ...SEEN, ...UNSEEN }), "/work": pagesOf(WORK) };
}

function pagesOf(bodies: Readonly<Record<string, string>>): Route {
  return ({ url, html }) => {
    html(pageOf(bodies[decodeURIComponent(url.search.slice(1))] ?? "There is no such page."));
  };
}

function pageOf(body: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sight</title><link rel="icon" href="data:,">
<body style="font: 16px sans-serif">${body}<p id="o"></p>`;
}
