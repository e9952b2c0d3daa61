import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Elements that are found by what a person perceives of them. Each has an id by which a test tells it. */
export function locatorPages(): Record<string, Route> {
  return {
    "/locators": ({ html }) => {
      html(LOCATORS_PAGE);
    },
    "/many": ({ html, url }) => {
      html(manyPage(Number(url.searchParams.get("elements") ?? 5000)));
    },
  };
}

const LOCATORS_PAGE = page({
  title: "Locators",
  style: `.loud { text-transform: uppercase; } .folded { height: 0; overflow: hidden; }
  .sr-only { position: absolute; width: 1px; height: 1px; overflow: hidden; clip: rect(0 0 0 0); }`,
  body: `
<section id="roles">
  <header id="inner-header">Not a banner</header>
  <h2 id="heading">Account <em>settings</em></h2>
  <button id="save" type="button">Save</button>
  <button id="save-all" type="button">Save   all
    changes</button>
  <button id="save-hidden" type="button" hidden>Export</button>
  <div aria-hidden="true"><button id="save-aria-hidden" type="button">Export</button></div>
  <span id="export" role="button" tabindex="0" aria-label="Export">⭳</span>
  <button id="icon" type="button"><svg width="16" height="16"><title>Print</title><rect width="16" height="16"/></svg></button>
  <button id="described" type="button" aria-labelledby="described-name">x</button><i id="described-name" hidden>Close dialog</i>
  <input id="send" type="submit" value="Send form"><input id="default-submit" type="submit">
  <a id="link" href="#roles">Read more</a><a id="no-link">Anchor only</a>
  <img id="logo" alt="Company logo" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="><img id="decoration" alt="" src="data:," style="display: inline-block; width: 8px; height: 8px">
  <ul id="list"><li id="item">One</li></ul>
  <ul role="presentation"><li id="no-item">Two</li></ul>
  <span id="fallback" role="unheard-of switch" aria-label="Night mode" aria-checked="true">on</span>
  <div id="progress" role="progressbar" aria-label="Upload" aria-valuenow="40">40</div>
  <table id="grid" role="grid"><tr><td id="gridcell">7</td></tr></table>
  <details id="details"><summary id="summary">More options</summary><p>Inside</p></details>
  <fieldset id="group"><legend>Delivery</legend><input id="express" type="radio" name="delivery"><label for="express">Express</label></fieldset>
  <span id="contents" role="button" style="display: contents"><b>Boxless</b></span>
</section>
<section id="labels">
  <label for="user">User name</label><input id="user" placeholder="Your name" title="As in your passport">
  <label>Country <select id="country"><option>Germany</option><option>France</option></select></label>
  <span id="price-label">Price</span><span id="price-unit">in euro</span>
  <input id="price" aria-labelledby="price-label price-unit">
  <input id="search" type="search" aria-label="Search orders" placeholder="Order number">
  <div id="editor" role="textbox" aria-label="Message" contenteditable="true">Hello</div>
  <label for="two">First label</label><label for="two">Second label</label><input id="two">
  <label class="loud" for="city">City</label><input id="city">
</section>
<section id="texts">
  <p id="paragraph">Total: <b id="amount">12&nbsp;€</b> today</p>
  <div id="outer"><div id="middle"><span id="inner">Only here</span></div></div>
  <p id="loud" class="loud">Free shipping</p>
  <p id="twice-hidden" style="display: none">Twice</p><p id="twice">Twice</p>
  <input id="apply" type="button" value="Apply coupon">
  <script id="in-script">const words = "Only in a script";</script>
  <style id="in-style">.none::after { content: "Only in a style"; }</style>
  <p id="broken">Several
     lines   of text</p>
  <div class="folded"><p id="folded">Folded text</p></div>
</section>
<section id="cart" data-testid="cart">
  <div class="row" data-testid="row"><span class="title">Lamp</span> <button type="button" id="buy-lamp" class="buy">Buy</button></div>
  <div class="row" data-testid="row"><span class="title">Chair</span> <button type="button" id="buy-chair" class="buy">Buy</button></div>
  <div class="row" data-testid="row"><span class="title">Table</span> <button type="button" id="buy-table" class="buy">Buy</button></div>
</section>
<section id="wishes"><div class="row"><button type="button" id="buy-wish" class="buy primary">Buy</button></div></section>`,
  script: `for (const button of document.querySelectorAll("button")) button.addEventListener("click", click);`,
});

/** A large page, whose last button is the one to find. */
function manyPage(elements: number): string {
  const rows = Array.from(
    { length: Math.ceil(elements / 5) },
    (_, i) =>
      `<li class="row"><span>Product ${i}</span> <a href="#${i}">Details of ${i}</a> <button type="button">Add ${i}</button><i></i></li>`,
  );
  return page({
    title: "Many",
    body: `<ul>${rows.join("\n")}</ul><button id="last" type="button">The last button</button>`,
    script: `document.querySelector("#last").addEventListener("click", click);`,
  });
}
