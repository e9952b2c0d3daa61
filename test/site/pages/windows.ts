import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** A page that opens windows in every way, and one that closes itself. */
export function windowPages(): Record<string, Route> {
  return {
    "/windows": ({ html }) => {
      html(WINDOWS_PAGE);
    },
    "/windows/other": ({ html, url }) => {
      html(otherPage(url.searchParams.get("name") ?? "Other"));
    },
  };
}

const WINDOWS_PAGE = page({
  title: "Opener",
  plain: true,
  body: `<a id="blank" href="/windows/other?name=Blank" target="_blank">Blank</a>
<button id="named" type="button">Named</button> <button id="empty" type="button">Empty</button>
<a id="file" href="/downloads/file?name=popup.txt" target="_blank">File</a>`,
  script: `document.querySelector("#named").addEventListener("click", () => open("/windows/other?name=Named", "side", "width=300,height=200"));
document.querySelector("#empty").addEventListener("click", () => open("about:blank", "nothing").document.body.append("written by the opener"));`,
});

function otherPage(name: string): string {
  return page({
    title: name,
    plain: true,
    body: `<button id="close" type="button">Close</button> <button id="alert" type="button">Alert</button>`,
    script: `console.log("opened " + ${JSON.stringify(name).replaceAll("<", "\\u003c")});
document.querySelector("#close").addEventListener("click", () => close());
document.querySelector("#alert").addEventListener("click", () => alert("from " + document.title));`,
  });
}
