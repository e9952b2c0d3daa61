import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Every kind of field, with what it holds and which events it got shown live. */
export function formPages(): Record<string, Route> {
  return {
    "/form": ({ html }) => {
      html(FORM_PAGE);
    },
  };
}

const FORM_PAGE = page({
  title: "Form",
  body: `<form id="form" onsubmit="return false">
  <label for="name">Name</label><input id="name" name="name" value="Old value">
  <label for="notes">Notes</label><textarea id="notes" name="notes" rows="3"></textarea>
  <label for="size">Size</label>
  <select id="size" name="size">
    <option value="">Choose a size</option>
    <option value="s">Small</option><option value="m">Medium</option><option value="l">Large</option>
    <option value="xl" disabled>Extra large</option>
  </select>
  <label for="agree"><input id="agree" name="agree" type="checkbox"> I agree</label>
  <label for="quantity">Quantity</label><input id="quantity" name="quantity" type="number" value="1">
  <label for="email">E-mail</label><input id="email" name="email" type="email">
  <label for="date">Date</label><input id="date" name="date" type="date">
  <label for="fixed">Read-only</label><input id="fixed" name="fixed" value="Cannot change" readonly>
  <input id="token" name="token" type="hidden" value="hidden-token">
  <button id="submit" type="submit">Send</button>
</form>
<h2>Values</h2><pre id="values"></pre><h2>Events</h2><pre id="events"></pre>`,
  script: `const form = document.querySelector("#form"), values = document.querySelector("#values");
const echo = () => {
  const data = Object.fromEntries(new FormData(form));
  values.textContent = JSON.stringify({ ...data, agree: form.agree.checked }, null, 2);
};
const log = (event) => {
  const line = event.type + " " + (event.target.id || event.target.tagName) + " isTrusted=" + event.isTrusted;
  // A line of its own: the one text of them all would be laid out anew for each key.
  document.querySelector("#events").append(Object.assign(document.createElement("div"), { textContent: line }));
  echo();
};
for (const type of ["focusin", "focusout", "keydown", "input", "change", "click", "submit"]) form.addEventListener(type, log);
document.querySelector("#submit").addEventListener("click", click);
echo();`,
});
