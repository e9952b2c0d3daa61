import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** A page that opens windows in every way, one that closes itself, and one that has workers. */
export function windowPages(): Record<string, Route> {
  return {
    "/windows": ({ html }) => {
      html(WINDOWS_PAGE);
    },
    "/worker": ({ html }) => {
      html(WORKER_PAGE);
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

/** It shows what each of its workers says, in the order of their names. */
const WORKER_PAGE = page({
  title: "Worker",
  plain: true,
  body: `<p id="answers"></p>`,
  script: `const heard = [];
const hear = ({ data }) => { heard.push(data); document.querySelector("#answers").textContent = heard.sort((a, b) => "oisn".indexOf(a[0]) - "oisn".indexOf(b[0])).join(" "); };
const at = (source) => URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
const inner = JSON.stringify("postMessage('inner')");
const own = new Worker(at("postMessage('own'); new Worker(URL.createObjectURL(new Blob([" + inner + "]))).onmessage = ({ data }) => postMessage(data);"));
own.onmessage = hear;
new SharedWorker(at("onconnect = ({ ports: [port] }) => port.postMessage('shared');")).port.onmessage = hear;`,
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
