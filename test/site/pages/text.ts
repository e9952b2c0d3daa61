import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Text as a person sees it beside text as the document holds it. */
export function textPages(): Record<string, Route> {
  return {
    "/text": ({ html }) => {
      html(TEXT_PAGE);
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
