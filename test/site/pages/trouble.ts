import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Pages that block the browser or leave the tab. */
export function troublePages(): Record<string, Route> {
  return {
    "/alert": ({ html }) => {
      html(ALERT_PAGE);
    },
    "/hang": ({ html }) => {
      html(HANG_PAGE);
    },
    "/popup": ({ html }) => {
      html(POPUP_PAGE);
    },
    "/popup/window": ({ html }) => {
      html(page({ title: "Popup window", plain: true, body: `<p id="message">I am the popup</p>` }));
    },
  };
}

const ALERT_PAGE = page({
  title: "Alert",
  body: `<button id="alert" type="button">Open alert</button> <button id="confirm" type="button">Open confirm</button>
<button id="after" type="button">Ordinary button</button><p id="answer">No answer yet</p>`,
  script: `const answer = document.querySelector("#answer");
document.querySelector("#alert").addEventListener("click", () => { click(); alert("Are you there?"); answer.textContent = "Alert closed"; });
document.querySelector("#confirm").addEventListener("click", () => { click(); answer.textContent = "Confirmed: " + confirm("Are you sure?"); });
document.querySelector("#after").addEventListener("click", click);`,
});

const HANG_PAGE = page({
  title: "Hang",
  body: `<button id="hang" type="button">Start an endless loop</button><p id="state">Alive</p>`,
  script: `document.querySelector("#hang").addEventListener("click", () => {
  click();
  document.querySelector("#state").textContent = "Hanging";
  // After the click has been answered: a browser that hangs inside the input action would hide which call blocked.
  setTimeout(() => { for (;;) { /* endless on purpose */ } }, 500);
});`,
});

const POPUP_PAGE = page({
  title: "Popup",
  body: `<button id="open" type="button">Open popup</button>
<a id="new-tab" href="/popup/window" target="_blank">Open in a new tab</a>`,
  script: `document.querySelector("#open").addEventListener("click", () => { click(); window.open("/popup/window", "popup", "width=400,height=300"); });
document.querySelector("#new-tab").addEventListener("click", click);`,
});
