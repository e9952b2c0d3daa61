import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Pages that ask: at a click, while they load, and when they are left. */
export function dialogPages(): Record<string, Route> {
  return {
    "/dialogs": ({ html }) => {
      html(DIALOGS_PAGE);
    },
    "/dialogs/at-load": ({ html }) => {
      html(page({ title: "At load", plain: true, body: `<p id="state">open</p>`, script: AT_LOAD }));
    },
    "/dialogs/leaving": ({ html }) => {
      html(page({ title: "Leaving", plain: true, body: `<input id="field">`, script: LEAVING }));
    },
  };
}

const DIALOGS_PAGE = page({
  title: "Dialogs",
  plain: true,
  body: `<button id="alert" type="button">Alert</button> <button id="confirm" type="button">Confirm</button>
<button id="prompt" type="button">Prompt</button> <input id="field"> <p id="answer"></p>`,
  script: `const answer = document.querySelector("#answer");
const on = (id, ask) => document.getElementById(id).addEventListener("click", () => { answer.textContent = String(ask()); });
on("alert", () => alert("Saved"));
on("confirm", () => confirm("Sure?"));
on("prompt", () => prompt("Name?", "nobody"));
document.querySelector("#field").addEventListener("input", ({ target }) => { if (target.value === "ab") alert("Typed ab"); });`,
});

const AT_LOAD = `alert("Welcome"); document.querySelector("#state").textContent = "closed";`;

const LEAVING = `addEventListener("beforeunload", (event) => event.preventDefault());`;
