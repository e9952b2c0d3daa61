import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Controls of every kind, and forms that are submitted. */
export function controlPages(): Record<string, Route> {
  return {
    "/commands/controls": ({ html }) => {
      html(CONTROLS_PAGE);
    },
    "/commands/keys": ({ html }) => {
      html(KEYS_PAGE);
    },
    "/commands/submit": ({ html, url }) => {
      html(submitPage(url.searchParams.toString()));
    },
  };
}

const CONTROLS_PAGE = page({
  title: "Controls",
  plain: true,
  body: `<form id="form">
<input id="box" type="checkbox"><label for="box">Box</label>
<input id="ticked" type="checkbox" checked>
<label id="fancy"><input id="fancy-box" type="checkbox"><span>Fancy</span></label>
<input id="red" type="radio" name="colour"><input id="blue" type="radio" name="colour" checked>
<button id="switch" type="button" role="switch" aria-checked="false">Switch</button>
<input id="stubborn" type="checkbox">
<input id="late-box" type="checkbox" disabled>
<select id="sizes" multiple><option value="s">Small</option><option value="m" selected>Medium</option>
  <option value="l">Large</option><option value="xl" disabled>Extra large</option></select>
<select id="size"><option value="">Choose</option><option value="s">Small</option><option value="m">Medium</option></select>
<input id="file" type="file"><input id="files" type="file" multiple hidden>
<input id="name" value="Old"><input id="locked" value="Locked" readonly>
</form>
<div id="region" contenteditable="true"><b>Old</b> content</div><div id="plain">plain</div>
<pre id="events"></pre><pre id="uploads"></pre>`,
  style: `#fancy-box { position: absolute; opacity: 0; width: 0; height: 0; }`,
  script: `const form = document.querySelector("#form"), events = document.querySelector("#events");
for (const type of ["change", "focusin", "focusout", "click"]) document.addEventListener(type, (event) => {
  events.textContent += type + " " + event.target.id + " trusted=" + event.isTrusted + "\\n";
});
document.querySelector("#stubborn").addEventListener("click", (event) => event.preventDefault());
setTimeout(() => { document.querySelector("#late-box").disabled = false; }, 300);
const toggle = document.querySelector("#switch");
toggle.addEventListener("click", () => toggle.setAttribute("aria-checked", toggle.getAttribute("aria-checked") !== "true"));
for (const input of document.querySelectorAll("[type=file]")) input.addEventListener("change", async () => {
  const texts = await Promise.all(Array.from(input.files, async (file) => file.name + "=" + await file.text()));
  document.querySelector("#uploads").textContent = texts.join(" ");
});`,
});

const KEYS_PAGE = page({
  title: "Keys",
  plain: true,
  body: `<input id="first" value="one two"><input id="second"><p id="saved">not saved</p><pre id="events"></pre>`,
  script: `addEventListener("keydown", (event) => {
  const held = ["ctrlKey", "shiftKey", "altKey", "metaKey"].filter((name) => event[name]).join("+");
  document.querySelector("#events").textContent += [event.key, held, event.target.id, event.isTrusted].join(" ") + "\\n";
  if (event.ctrlKey && event.key === "s") { event.preventDefault(); document.querySelector("#saved").textContent = "saved"; }
});`,
});

const submitPage = (sent: string): string =>
  page({
    title: "Submit",
    plain: true,
    body: `<form action="/commands/submit"><input id="query" name="q" required>
<button id="go" name="with" value="button">Go</button></form><p id="outside">outside</p><p id="sent">${
      sent === "" ? "nothing sent" : sent.replaceAll("&", "&amp;")
    }</p>`,
  });
