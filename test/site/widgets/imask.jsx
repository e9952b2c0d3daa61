import IMask from "imask";
import { root, showState } from "./state.jsx";

root.innerHTML = `<label for="phone">Phone</label><input id="phone"><label for="amount">Amount</label><input id="amount">`;
const field = (id) => document.querySelector(`#${id}`);
const phone = IMask(field("phone"), { mask: "+{44} 0000 000000", lazy: false });
const amount = IMask(field("amount"), { mask: Number, thousandsSeparator: ",", radix: ".", scale: 2 });
for (const mask of [phone, amount])
  mask.on("accept", () => showState(`${phone.unmaskedValue} ${amount.unmaskedValue}`));
