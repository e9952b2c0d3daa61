import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Pages the server is slow to deliver. */
export function slowPages(): Record<string, Route> {
  return {
    "/slow": ({ delay, sendHeaders, later, response }) => {
      const ms = delay(2000);
      sendHeaders("text/html; charset=utf-8");
      later(ms, () => {
        response.end(
          page({ title: "Slow", plain: true, body: `<p id="arrived">Arrived after ${ms} ms</p>` }),
        );
      });
    },
    "/slow-image": ({ html, delay }) => {
      html(slowImagePage(delay(2000)));
    },
    "/slow-image.svg": ({ delay, later, send }) => {
      later(delay(2000), () => {
        send(200, "image/svg+xml", SQUARE);
      });
    },
    "/slow-navigation": ({ html, delay }) => {
      html(slowNavigationPage(delay(500)));
    },
    "/ways-to-leave": ({ html, delay }) => {
      html(waysToLeavePage(delay(100)));
    },
    "/slow-navigation/target": ({ html, delay, later }) => {
      later(delay(500), () => {
        html(page({ title: "New page", plain: true, body: `<p id="message">This is the new page</p>` }));
      });
    },
  };
}

const SQUARE = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80"><rect width="80" height="80" fill="#1d6fd6"/></svg>`;

function slowImagePage(ms: number): string {
  return page({
    title: "Slow image",
    body: `<img id="picture" src="/slow-image.svg?delay=${ms}" alt="A blue square" width="80" height="80">
<p>Picture: <span id="state">loading</span></p><button id="ready" type="button">Ready before the picture</button>`,
    script: `document.querySelector("#ready").addEventListener("click", click);
document.querySelector("#picture").addEventListener("load", () => { document.querySelector("#state").textContent = "loaded"; });`,
  });
}

function slowNavigationPage(ms: number): string {
  return page({
    title: "Old page",
    body: `<p id="message">This is the old page</p><a id="go" href="/slow-navigation/target?delay=${ms}">Go to the new page</a>`,
    script: `document.querySelector("#go").addEventListener("click", click);`,
  });
}

/** Each way to another page that input can begin: at once, in a task of its own, or at the answer to a dialog. */
function waysToLeavePage(ms: number): string {
  const target = `/slow-navigation/target?delay=${ms}`;
  return page({
    title: "Old page",
    body: `<p id="message">This is the old page</p>
<p><a id="link" href="${target}">Follow</a> <button id="script" type="button">Go</button>
<button id="confirmed" type="button">Go if confirmed</button></p>
<form id="form" action="/slow-navigation/target"><input type="hidden" name="delay" value="${ms}">
<label for="field">Field</label><input id="field"><label for="code">Code</label><input id="code">
<label for="file">File</label><input id="file" type="file"><label for="choice">Choice</label>
<select id="choice"><option>First</option><option>Second</option></select><button id="send">Send</button></form>`,
    script: `const $ = (id) => document.getElementById(id), leave = () => { location.href = "${target}"; };
$("script").addEventListener("click", () => Promise.resolve().then(leave));
$("confirmed").addEventListener("click", () => { if (confirm("Leave?")) leave(); });
$("code").addEventListener("input", () => { if ($("code").value.length === 4) $("form").requestSubmit(); });
for (const id of ["file", "choice"]) $(id).addEventListener("change", () => $("form").submit());`,
  });
}
