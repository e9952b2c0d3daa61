import { start } from "monaco-editor-core/esm/vs/editor/editor.worker.start.js";

self.onmessage = () => start(() => ({}));
