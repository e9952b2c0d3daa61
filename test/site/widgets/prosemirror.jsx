import { exampleSetup } from "prosemirror-example-setup";
import "prosemirror-example-setup/style/style.css";
import { schema } from "prosemirror-schema-basic";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import "prosemirror-view/style/prosemirror.css";
import { root, showState } from "./state.jsx";

const doc = schema.node("doc", null, [schema.node("paragraph", null, [schema.text("Old words")])]);
const view = new EditorView(root, {
  state: EditorState.create({ doc, plugins: exampleSetup({ schema }) }),
  attributes: { "aria-label": "Letter" },
  dispatchTransaction(transaction) {
    view.updateState(view.state.apply(transaction));
    showState(view.state.doc.toString());
  },
});
