import Quill from "quill";
import "quill/dist/quill.snow.css";
import { root, showState } from "./state.jsx";

const host = root.appendChild(document.createElement("div"));
const quill = new Quill(host, {
  theme: "snow",
  modules: { toolbar: [["bold", "italic"], [{ header: [1, 2, false] }], [{ list: "bullet" }]] },
});
quill.setText("Old words");
quill.on("text-change", () => showState(quill.getSemanticHTML().replaceAll("&nbsp;", " ")));
