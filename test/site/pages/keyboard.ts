import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Pages that are particular about when keys come, and about those of the browser. */
export function keyboardPages(): Record<string, Route> {
  return {
    "/code-fields": ({ html }) => {
      html(CODE_FIELDS);
    },
    "/scanner": ({ html }) => {
      html(SCANNER);
    },
    "/browser-keys": ({ html }) => {
      html(BROWSER_KEYS);
    },
    "/zoom": ({ html, response }) => {
      html(zoomPage(`//${(response.req.headers.host ?? "").replace("127.0.0.1", "localhost")}`));
    },
    "/zoom/frame": ({ html }) => {
      html(page({ title: "Frame", body: COUNTING_BUTTON, script: COUNT, plain: true }));
    },
  };
}

/** Fields for a digit or some each, which take the focus on a moment after each key; one kind tells no length. */
const CODE_FIELDS = page({
  title: "Code",
  body: `<fieldset id="digits">${fields("digit", 'maxlength="1" size="1"')}</fieldset>
<fieldset id="narrow">${fields("narrow", 'style="width: 2.5em; padding: 4px"')}</fieldset>
<fieldset id="groups">${fields("group", 'maxlength="2"')}</fieldset>
<p id="digits-are"></p><p id="narrow-are"></p><p id="groups-are"></p>`,
  script: `for (const set of document.querySelectorAll("fieldset")) {
  const fields = [...set.querySelectorAll("input")];
  fields.forEach((field, index) => field.addEventListener("input", () => {
    const most = set.id === "groups" ? 2 : 1;
    field.value = field.value.slice(0, most);
    if (field.value.length === most) setTimeout(() => fields[index + 1]?.focus(), 5);
    document.querySelector("#" + set.id + "-are").textContent = fields.map(({ value }) => value).join("-");
  }));
}`,
});

function fields(name: string, attributes: string): string {
  return [1, 2, 3, 4].map((number) => `<input id="${name}-${number}" ${attributes}>`).join("");
}

/** Takes keys that come faster than people type for a barcode scanner's. */
const SCANNER = page({
  title: "Scanner",
  body: `<input id="search"><p id="says"></p>`,
  script: `let last = 0;
let quick = 0;
document.querySelector("#search").addEventListener("keydown", ({ key, timeStamp, target }) => {
  quick = timeStamp - last < 20 ? quick + 1 : 0;
  last = timeStamp;
  if (quick > 2) document.querySelector("#says").textContent = "Scanned";
  else if (key === "Enter") document.querySelector("#says").textContent = "Looked for " + target.value;
});`,
});

const COUNTING_BUTTON = `<button id="press" type="button">0</button>`;
const COUNT = `const button = document.querySelector("#press");
button.addEventListener("click", () => { button.textContent = Number(button.textContent) + 1; });`;

/** Tells the viewport that it finds, and has a button in its far corner and another in a frame. */
function zoomPage(otherSite: string): string {
  return page({
    title: "Zoom",
    body: `<style>#press { position: fixed; right: 0; bottom: 0 } @media (max-width: 900px) { #wide { display: none } }</style>
<p id="seen"></p><p id="wide">Wide</p>${COUNTING_BUTTON}
<iframe title="Part" src="${otherSite}/zoom/frame" width="200" height="80"></iframe>`,
    script: `${COUNT}
const tell = () => {
  const scale = Math.round(devicePixelRatio * 100);
  document.querySelector("#seen").textContent = innerWidth + " x " + innerHeight + " at " + scale + " %";
};
addEventListener("resize", tell);
tell();`,
    plain: true,
  });
}

const BROWSER_KEYS = page({
  title: "Browser keys",
  body: `<p id="loads"></p><p id="kept"></p><button id="keep" type="button">Keep keys</button><input id="field">`,
  script: `if (location.search === "?first") {
  sessionStorage.clear();
  history.replaceState(null, "", location.pathname);
}
sessionStorage.loads = Number(sessionStorage.loads ?? 0) + 1;
document.querySelector("#loads").textContent = "Loaded " + sessionStorage.loads;
const keep = (event) => {
  event.preventDefault();
  document.querySelector("#kept").textContent = "Kept " + event.key;
};
document.querySelector("#keep").addEventListener("click", () => addEventListener("keydown", keep));`,
});
