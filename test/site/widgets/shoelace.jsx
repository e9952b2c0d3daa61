import "@shoelace-style/shoelace/dist/components/button/button.js";
import "@shoelace-style/shoelace/dist/components/checkbox/checkbox.js";
import "@shoelace-style/shoelace/dist/components/dialog/dialog.js";
import "@shoelace-style/shoelace/dist/components/input/input.js";
import "@shoelace-style/shoelace/dist/components/option/option.js";
import "@shoelace-style/shoelace/dist/components/range/range.js";
import "@shoelace-style/shoelace/dist/components/select/select.js";
import "@shoelace-style/shoelace/dist/components/switch/switch.js";
import "@shoelace-style/shoelace/dist/components/textarea/textarea.js";
import "@shoelace-style/shoelace/dist/themes/light.css";
import { root, showState } from "./state.jsx";

root.innerHTML = `
<sl-input id="name" label="Name"></sl-input>
<sl-textarea id="about" label="About"></sl-textarea>
<sl-select id="size" label="Size"><sl-option value="s">Small</sl-option><sl-option value="l">Large</sl-option></sl-select>
<sl-checkbox id="member">Member</sl-checkbox><br>
<sl-switch id="news">News</sl-switch>
<sl-range id="price" label="Price" min="0" max="100" value="10"></sl-range>
<sl-button id="open">Order</sl-button>
<sl-dialog id="dialog" label="Sure?">Really? <sl-button slot="footer" id="yes">Yes</sl-button></sl-dialog>`;

const part = (id) => document.querySelector(`#${id}`);
let isSent = false;
const show = () =>
  showState({
    name: part("name").value,
    about: part("about").value,
    size: part("size").value,
    member: part("member").checked,
    news: part("news").checked,
    price: part("price").value,
    isSent,
  });
for (const event of ["sl-input", "sl-change"]) root.addEventListener(event, show);
part("open").addEventListener("click", () => part("dialog").show());
part("yes").addEventListener("click", () => {
  isSent = true;
  part("dialog").hide();
  show();
});
