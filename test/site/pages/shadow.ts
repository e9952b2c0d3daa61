import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Custom elements whose content is in open shadow roots, one inside another and with a slot. */
export function shadowPages(): Record<string, Route> {
  return {
    "/shadow": ({ html, delay }) => {
      html(shadowPage(delay(200)));
    },
  };
}

function shadowPage(ms: number): string {
  return page({
    title: "Shadow",
    body: `<p>The card's content is in shadow roots. The second card is rendered after ${ms} ms.</p>
<shop-card id="card"><span id="slotted">Slotted text</span></shop-card>
<late-card id="late-card"></late-card>`,
    script: `class Card extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = \`<style>.cover { position: absolute; inset: 0; } .box { position: relative; }</style>
      <section class="box" aria-label="Product card"><h2 class="name">Desk lamp</h2><slot></slot>
      <label for="amount">Amount</label><input id="amount" name="amount" placeholder="How many" title="Pieces">
      <price-tag data-testid="price"></price-tag>
      <a href="#shadow-link">Link in shadow</a></section>\`;
  }
}
class Price extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = '<b id="inner-price" class="amount">49 €</b> <button id="buy" type="button"><span>Buy it</span></button>';
    root.querySelector("button").addEventListener("click", click);
  }
}
customElements.define("price-tag", Price);
customElements.define("shop-card", Card);
const late = document.querySelector("#late-card").attachShadow({ mode: "open" });
late.innerHTML = '<div class="place"></div>';
setTimeout(() => {
  const button = document.createElement("button");
  button.id = "late-buy";
  button.textContent = "Late in shadow";
  button.addEventListener("click", click);
  late.querySelector(".place").append(button);
}, ${ms});`,
  });
}
