import path from "node:path";
import { build } from "esbuild";
import type { Exchange, Route } from "../exchange.js";
import { page } from "../page.js";

/** Folder of the sources, one entry a page: `react.jsx` is `/widgets/react`. */
const SOURCES = path.resolve(import.meta.dirname, "../widgets");

/** Titles of the pages, by the names of their entries. */
const WIDGETS = {
  react: "React controlled inputs",
  "react-select": "react-select",
  codemirror: "CodeMirror",
  monaco: "Monaco",
  quill: "Quill",
  prosemirror: "ProseMirror",
  flatpickr: "flatpickr",
  imask: "imask",
  "dnd-kit": "dnd-kit",
  "tanstack-table": "TanStack Table",
  mantine: "Mantine",
  mui: "MUI",
  shoelace: "Shoelace",
};

interface Bundle {
  js: string;
  css: string;
}

/** Bundles of this process, each made when its page is first asked for. */
const bundles = new Map<string, Promise<Bundle>>();

/** Widgets as npm has them, bundled without a network when they are first opened. */
export function widgetPages(): Record<string, Route> {
  const routes: Record<string, Route> = {
    "/widgets/monaco-worker.js": (exchange) => void sendPart("monaco-worker", "js", exchange),
  };
  for (const [name, title] of Object.entries(WIDGETS)) {
    routes[`/widgets/${name}`] = ({ html }) => {
      html(widgetPage(name, title));
    };
    routes[`/widgets/${name}.js`] = (exchange) => void sendPart(name, "js", exchange);
    routes[`/widgets/${name}.css`] = (exchange) => void sendPart(name, "css", exchange);
  }
  return routes;
}

const widgetPage = (name: string, title: string): string =>
  page({
    title,
    plain: true,
    body: `<link rel="stylesheet" href="/widgets/${name}.css">
<div id="root"></div><p>State: <output id="state"></output></p><script src="/widgets/${name}.js"></script>`,
  });

async function sendPart(name: string, part: keyof Bundle, { send }: Exchange): Promise<void> {
  try {
    const bundle = await bundleOf(name);
    send(200, part === "js" ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8", bundle[part]);
  } catch (error) {
    // The test that waits for the widget fails; the reason stands in the browser's console.
    send(200, "text/javascript; charset=utf-8", `throw new Error(${JSON.stringify(String(error))})`);
  }
}

function bundleOf(name: string): Promise<Bundle> {
  const made = bundles.get(name) ?? bundle(name);
  bundles.set(name, made);
  return made;
}

async function bundle(name: string): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [path.join(SOURCES, `${name}.jsx`)],
    outdir: SOURCES, // Nothing is written; the names of the parts need it.
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    loader: { ".ttf": "dataurl" },
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  });
  const part = (ending: string): string => outputFiles.find((file) => file.path.endsWith(ending))?.text ?? "";
  return { js: part(".js"), css: part(".css") };
}
