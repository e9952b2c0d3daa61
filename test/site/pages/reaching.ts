import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Pages that lead the browser to an address, by every road that a page has. The address is the query's `to`. */
export function reachingPages(): Record<string, Route> {
  return {
    "/reach/redirect": ({ url, redirect }) => {
      redirect(targetOf(url));
    },
    "/reach/refresh": ({ url, html }) => {
      const to = escape(targetOf(url));
      html(
        page({ title: "Refresh", body: "", plain: true }).replace(
          "<style>",
          `<meta http-equiv="refresh" content="0;url=${to}"><style>`,
        ),
      );
    },
    "/reach/links": ({ url, html }) => {
      const to = escape(targetOf(url));
      html(
        page({
          title: "Links",
          plain: true,
          body: `<a id="link" href="${to}">here</a> <a id="new" href="${to}" target="_blank">in a new tab</a>
<form action="${to}"><button id="form">by a form</button></form>
<button id="popup" type="button">in a popup</button> <button id="assign" type="button">by a script</button>
<p id="frame"></p>`,
          script: `const to = ${JSON.stringify(targetOf(url))};
document.querySelector("#popup").onclick = () => window.open(to, "popup", "width=400,height=300");
document.querySelector("#assign").onclick = () => { try { location.href = to; } catch {} };
const frame = document.createElement("iframe");
frame.src = to;
document.querySelector("#frame").append(frame);`,
        }),
      );
    },
  };
}

function targetOf(url: URL): string {
  return url.searchParams.get("to") ?? "/";
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
