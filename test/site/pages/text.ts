import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Text as a person sees it beside text as the document holds it. */
export function textPages(): Record<string, Route> {
  return {
    "/text": ({ html }) => {
      html(TEXT_PAGE);
    },
    "/values": ({ html }) => {
      html(VALUES_PAGE);
    },
    "/seen-text": ({ html }) => {
      html(SEEN_PAGE);
    },
  };
}

const TEXT_PAGE = page({
  title: "Text",
  body: `<p id="plain">Plain visible text</p>
<p id="nbsp">Price:&nbsp;12&nbsp;€</p>
<p id="whitespace">  Several
   lines	and   spaces  </p>
<p id="nested">Hello <strong>brave <em>new</em></strong> world</p>
<p id="blocks"><span style="display: block">First line</span><span style="display: block">Second line</span></p>
<p id="upper" style="text-transform: uppercase">shouted</p>
<p id="mixed">Seen <span style="display: none">not seen</span>again</p>
<p id="hidden" style="display: none">Hidden by display</p>
<p id="invisible" style="visibility: hidden">Hidden by visibility</p>
<p id="transparent" style="opacity: 0">Hidden by opacity</p>
<p id="empty"></p>
<pre id="preformatted">keeps   its
  spaces</pre>
<p id="unicode">Grüße, 世界 👋🏽</p>
<p>Counter: <span id="counter">0</span></p>
<button id="count" type="button">Count late</button>`,
  script: `document.querySelector("#count").addEventListener("click", () => {
  click();
  setTimeout(() => { document.querySelector("#counter").textContent++; }, 300);
});`,
});

/** Texts of which people see another part, or in another form, than the document holds. */
const SEEN_PAGE = page({
  title: "Seen",
  style: `.sr-only { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .old-sr-only { position: absolute; clip: rect(0 0 0 0); } .icon::before { content: "\\f0c7"; } .more::after { content: " ▾"; }
  .needed::after { content: " *"; } .quoted::before { content: "“"; } .quoted::after { content: "”"; }
  .badge::after { content: "3"; } .far { content-visibility: auto; contain-intrinsic-size: 600px; min-height: 600px; }`,
  body: `
<section id="unseen">
  <p id="cut">Paid <span style="display: inline-block; clip-path: polygon(0 0, 0 0, 0 0)">by polygon</span> <span style="display: inline-block; clip-path: inset(50%)">in the flow <i style="position: fixed">fixed in it</i></span> now</p>
    <p id="faded">Paid <span style="opacity: 0">not</span> today</p>
  <div id="within-faded" style="opacity: 0"><p id="in-faded">In a faded box</p></div>
  <div id="hidden-ways">Seen<i style="display: none">gone</i><i style="visibility: hidden">blank</i><i
    style="font-size: 0">tiny</i><i class="sr-only">for readers</i><i class="old-sr-only">for old readers</i><i
    style="position: absolute; left: -9999px">far left</i><i style="position: fixed; top: -500px">far up</i><b
    style="display: block; height: 0; overflow: hidden">folded</b><b
    style="display: block; overflow: hidden; text-indent: -9999px">indented</b></div>
  <div id="escapes"><div style="height: 0; overflow: hidden"><p>Folded away</p><p style="position: fixed; top: 0; right: 0">Fixed</p></div></div>
  <div id="some-visible" style="visibility: hidden">Hidden <b style="visibility: visible">but this</b></div>
  <details id="closed"><summary>Terms</summary><p id="small-print">Small print</p></details>
  <select id="list"><option>Small</option><option selected>Medium</option><option>Large</option></select>
  <select id="box" size="3"><option>Red</option><option>Green</option></select>
  <div id="buttons"><input type="submit" value="Send it"><input value="typed"><textarea>area</textarea></div>
  <p id="gone" style="display: none">Not there</p>
</section>
<section id="marks">
  <h2 id="hyphens">Benutzer&shy;verwaltung</h2>
  <button id="zero-width" type="button">Speichern&#8203;Schließen</button>
  <a id="soft-link" href="#marks">Rechts&shy;schutz</a>
  <p id="accents">Cafe&#769; au lait</p>
  <p id="direction">Total: &#8207;1,234.50&nbsp;&#8207;₪</p>
</section>
<section id="names">
  <button id="with-icon" type="button"><i class="icon"></i> Save</button>
  <button id="with-arrow" type="button" class="more">Options</button>
  <button id="with-quotes" type="button" class="quoted">Motto</button>
  <button id="with-badge" type="button" class="badge">Inbox</button>
  <button id="with-readers" type="button">Next<span class="sr-only"> page of results</span></button>
  <button id="with-star" type="button">★ Favourite</button>
  <button id="exact-last" type="button">Reload ›</button><button id="exact" type="button">Reload</button>
  <label for="mail">E-mail <span aria-hidden="true">*</span></label><input id="mail">
  <label for="needed" class="needed">Phone</label><input id="needed">
  <label for="colon">Street: *</label><input id="colon">
  <label for="broken">First<br>name</label><input id="broken">
  <label for="split"><span style="display: block">Date</span><span style="display: block">of birth</span></label><input id="split">
  <label id="around">Size <select id="in-label"><option>S</option><option selected>M</option></select></label>
</section>
<section id="blocks">
  <a id="order" href="#blocks"><div>Order 17</div><div>shipped</div></a>
  <p id="line-break">Ship<br>today</p>
  <a id="reader-part" href="#blocks">Back<span class="sr-only"> to the list of orders</span></a>
  <p id="reader-middle">Delete <span class="sr-only">order 17</span> for good</p>
  <p id="ligature"><i aria-hidden="true">shopping_cart</i> Basket</p>
</section>
<section id="shadow"><text-card id="card"><b id="light">Kettle</b><i id="unslotted" slot="nowhere">Nowhere</i></text-card></section>
<section class="far" id="far">Directly far<p id="far-away">Far away</p></section>`,
  script: `document.querySelector("#card").attachShadow({ mode: "open" }).innerHTML =
  "<style>p { color: black }</style><p id=row>Order 17: <slot></slot> – shipped</p><p style='opacity: 0'>Cancelled</p>";
document.querySelector("#far").style.marginTop = "5000px";`,
});

/** Fields whose attributes tell how they began. */
const VALUES_PAGE = page({
  title: "Values",
  body: `<label>Meeting <input id="meeting" type="datetime-local" step="1"></label>
<label>Alarm <input id="alarm" type="time" step="0.001" value="07:15"></label>
<label>Note <input id="note" value="first"></label>
<label>Clock text <input id="clock-text" value="14:30"></label>
<label>Terms <input id="terms" type="checkbox" checked></label>
<textarea id="area">as it began</textarea>
<select id="size"><option id="small" selected>Small</option><option id="large">Large</option></select>
<a id="link" href="/relative" data-checked="yes">Link</a>`,
});
