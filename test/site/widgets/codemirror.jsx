import { basicSetup, EditorView } from "codemirror";
import { root, showState } from "./state.jsx";

const LONG = Array.from({ length: 5_000 }, (_, index) => `line ${index + 1}`).join("\n");

new EditorView({
  doc: location.search === "?long" ? LONG : "let old = 1;\nlet older = 2;",
  extensions: [
    basicSetup,
    EditorView.contentAttributes.of({ "aria-label": "Code" }),
    EditorView.updateListener.of(({ state }) => showState(state.doc.toString())),
  ],
  parent: root,
});
