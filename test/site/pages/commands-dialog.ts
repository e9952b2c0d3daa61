import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Dialogs of every kind, and files to download. */
export function dialogPages(): Record<string, Route> {
  return {
    "/commands/dialogs": ({ html }) => {
      html(DIALOGS_PAGE);
    },
    "/commands/downloads": ({ html }) => {
      html(DOWNLOADS_PAGE);
    },
    "/commands/file": ({ url, delay, later, response }) => {
      const name = url.searchParams.get("name") ?? "file.txt";
      response.writeHead(200, {
        "content-type": "application/octet-stream",
        "content-disposition": `attachment; filename="${name}"`,
        "content-length": "12",
      });
      response.write("hello ");
      later(delay(0), () => {
        if (url.searchParams.has("broken")) response.destroy();
        else response.end("world!");
      });
    },
  };
}

const DIALOGS_PAGE = page({
  title: "Dialogs",
  plain: true,
  body: `<button id="alert" type="button">Alert</button> <button id="confirm" type="button">Confirm</button>
<button id="prompt" type="button">Prompt</button> <button id="late" type="button">Late</button>
<button id="twice" type="button">Twice</button> <p id="answer">no answer</p><input id="field">`,
  script: `const answer = document.querySelector("#answer");
const late = Number(new URLSearchParams(location.search).get("late") ?? 300);
const on = (id, act) => document.getElementById(id).addEventListener("click", act);
on("alert", () => { alert("Saved order 1001"); answer.textContent = "alert closed"; });
on("confirm", () => { answer.textContent = "confirmed " + confirm("Delete order 1001?"); });
on("prompt", () => { answer.textContent = "prompted " + prompt("Your name?", "nobody"); });
on("late", () => setTimeout(() => { answer.textContent = "confirmed late " + confirm("Still there?"); }, late));
on("twice", () => { alert("First"); alert("Second"); answer.textContent = "both closed"; });`,
});

const DOWNLOADS_PAGE = page({
  title: "Downloads",
  plain: true,
  body: `<a id="report" href="/commands/file?name=report-2026.csv" download>Report</a>
<a id="slow" href="/commands/file?name=slow.csv&delay=500" download>Slow</a>
<a id="broken" href="/commands/file?name=broken.csv&broken&delay=200" download>Broken</a>`,
});
