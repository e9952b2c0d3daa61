import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Things in one state, and the same things in the other as soon as somebody presses "Change", a little later. */
export function statePages(): Record<string, Route> {
  return {
    "/commands/states": ({ html, delay }) => {
      html(statesPage(delay(300)));
    },
  };
}

function statesPage(ms: number): string {
  return page({
    title: "Before",
    plain: true,
    body: `<button id="change" type="button">Change</button>
<p id="going">going</p><div id="coming-place"></div>
<p id="seen">seen</p><p id="unseen" hidden>unseen</p>
<button id="on" type="button">on</button><button id="off" type="button" disabled>off</button>
<input id="open" value="open value"><input id="locked" value="locked value" readonly>
<input id="ticked" type="checkbox" checked><input id="unticked" type="checkbox">
<p id="text">Order  1001
is <b>placed</b></p><p id="empty"></p>
<a id="link" href="/before" data-empty="" title="Before">link</a>
<p id="style" style="color: rgb(255, 0, 0); --brand: blue">red</p>
<ul id="list"><li>one</li><li>two</li></ul>
<select id="sizes" multiple><option value="s" selected>Small</option><option value="m">Medium</option>
  <option value="l" selected>Large</option></select>`,
    script: `const $ = (selector) => document.querySelector(selector);
$("#change").addEventListener("click", () => setTimeout(() => {
  $("#going").remove();
  $("#coming-place").innerHTML = '<p id="coming">coming</p>';
  $("#seen").style.visibility = "hidden"; $("#unseen").hidden = false;
  $("#on").disabled = true; $("#off").disabled = false;
  $("#open").readOnly = true; $("#locked").readOnly = false; $("#open").value = "new value";
  $("#ticked").checked = false; $("#unticked").checked = true;
  $("#text").textContent = "Order 1002 is cancelled"; $("#empty").textContent = "full";
  $("#link").setAttribute("href", "/after"); $("#link").removeAttribute("title"); $("#link").setAttribute("rel", "next");
  $("#style").style.color = "rgb(0, 0, 255)";
  $("#list").insertAdjacentHTML("beforeend", "<li>three</li>");
  $("#sizes").options[2].selected = false; $("#sizes").options[1].selected = true;
  document.title = "After";
  history.replaceState(null, "", "/commands/states?after");
}, ${ms}));`,
  });
}
