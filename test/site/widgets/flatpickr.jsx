import flatpickr from "flatpickr";
import "flatpickr/dist/flatpickr.css";
import { root, showState } from "./state.jsx";

root.innerHTML = `<label for="day">Day</label><input id="day"><label for="typed">Typed day</label><input id="typed">`;
const onChange = (_days, text, { element }) => showState(`${element.id} ${text}`);
flatpickr("#day", { defaultDate: "2026-01-31", onChange });
flatpickr("#typed", { allowInput: true, enableTime: true, onChange });
