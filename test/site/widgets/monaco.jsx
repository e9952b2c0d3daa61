import * as monaco from "monaco-editor-core";
import { root, showState } from "./state.jsx";

globalThis.MonacoEnvironment = { getWorker: () => new Worker("/widgets/monaco-worker.js") };

const editContext = !new URLSearchParams(location.search).has("textarea");
const host = root.appendChild(document.createElement("div"));
host.id = "editor";
host.style.cssText = "height: 200px; border: 1px solid silver";
const editor = monaco.editor.create(host, {
  value: "let old = 1;\nlet older = 2;",
  language: "plaintext",
  editContext,
  ariaLabel: "Code",
});
editor.onDidChangeModelContent(() => showState(editor.getValue()));
showState("ready");
