import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Addresses, histories, windows, frames and scrolling. */
export function navigationPages(): Record<string, Route> {
  let loads = 0;
  return {
    "/commands/first": ({ html }) => {
      html(FIRST_PAGE);
    },
    "/commands/second": ({ html }) => {
      html(page({ title: "Second", plain: true, body: `<p id="here">second page</p>` }));
    },
    "/commands/loads": ({ html }) => {
      html(page({ title: "Loads", plain: true, body: `<p id="loads">loaded ${++loads} times</p>` }));
    },
    "/commands/app": ({ html }) => {
      html(APP_PAGE);
    },
    "/commands/windows": ({ html, url }) => {
      html(windowsPage(url.searchParams.get("name") ?? "Opener"));
    },
    "/commands/frames": ({ html }) => {
      html(FRAMES_PAGE);
    },
    "/commands/frame": ({ html, url }) => {
      html(framePage(url.searchParams.get("name") ?? "frame", url.searchParams.get("inner")));
    },
    "/commands/scrolling": ({ html }) => {
      html(SCROLLING_PAGE);
    },
  };
}

const FIRST_PAGE = page({
  title: "First",
  plain: true,
  body: `<a id="next" href="/commands/second">Next</a><p id="size"></p>`,
  script: `const tell = () => { document.querySelector("#size").textContent = innerWidth + " x " + innerHeight; };
addEventListener("resize", tell);
tell();`,
});

/** An application that changes its address and title without loading anything, and late. */
const APP_PAGE = page({
  title: "Home",
  plain: true,
  body: `<button id="go" type="button">Go</button>`,
  script: `document.querySelector("#go").addEventListener("click", () => setTimeout(() => {
  history.pushState(null, "", "/commands/app/orders?id=7#top");
  document.title = "Orders";
}, 300));`,
});

function windowsPage(name: string): string {
  return page({
    title: name,
    plain: true,
    body: `<p id="who">${name}</p>
<a id="named" href="/commands/windows?name=Named" target="side">Named window</a>
<button id="late" type="button">Late window</button> <button id="close" type="button">Close</button>`,
    script: `document.querySelector("#late").addEventListener("click", () => setTimeout(() => open("/commands/windows?name=Late"), 300));
document.querySelector("#close").addEventListener("click", () => setTimeout(close, 50));`,
  });
}

const FRAMES_PAGE = page({
  title: "Frames",
  plain: true,
  body: `<p id="where">top</p><div id="place"></div>
<iframe id="left" name="left" src="/commands/frame?name=left&inner=deep" width="400" height="300"></iframe>
<iframe id="right" src="/commands/frame?name=right" width="400" height="200"></iframe>`,
  script: `setTimeout(() => {
  document.querySelector("#place").innerHTML = '<iframe id="late" src="/commands/frame?name=late" width="300" height="200"></iframe>';
}, 300);`,
});

function framePage(name: string, inner: string | null): string {
  const frame = inner === null ? "" : `<iframe id="inner" src="/commands/frame?name=${inner}"></iframe>`;
  return page({
    title: `Frame ${name}`,
    plain: true,
    body: `<p id="where">${name}</p><button id="press" type="button">Press</button>${frame}`,
    style: "h1 { display: none; } main { margin: 0; padding: 4px; }",
    script: `document.querySelector("#press").addEventListener("click", () => { document.querySelector("#where").textContent += " pressed"; });`,
  });
}

const SCROLLING_PAGE = page({
  title: "Scrolling",
  plain: true,
  body: `<p id="place">0,0 box 0</p><div id="box"><div id="tall"><p id="deep">deep</p></div></div>
<div id="wide">wide</div><p id="end">the end</p>`,
  style: `#place { position: fixed; top: 0; left: 0; background: #ffc; } #box { height: 100px; overflow: auto; }
  #tall { height: 2000px; } #deep { margin-top: 1500px; } #wide { width: 5000px; height: 3000px; }`,
  script: `const place = document.querySelector("#place"), box = document.querySelector("#box");
document.addEventListener("scroll", () => {
  place.textContent = Math.round(scrollX) + "," + Math.round(scrollY) + " box " + Math.round(box.scrollTop)
    + (Math.abs(scrollY + document.documentElement.clientHeight - document.documentElement.scrollHeight) < 2 ? " bottom" : "");
}, true);`,
});
