import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";
import { FORM_SAFE, FORM_SAFE_MODULE, formSafe } from "./form-safe.js";

const PAGE = "src/runner/page";

/** Scripts and functions that run inside the page become texts, so that the built server needs no files beside its modules. */
export async function pageScriptModule(): Promise<string> {
  const page = await script("main", "stepwirePage");
  const roles = await script("roles", "stepwireRoles");
  return `${GENERATED}// Scripts that are put into a document once; again they do nothing.
export const PAGE_SCRIPT = ${JSON.stringify(page)};
/*! Contains parts of ivya (MIT, https://github.com/vitest-dev/ivya), which are Playwright's (Apache-2.0, Copyright (c)
 * Microsoft Corporation, https://github.com/microsoft/playwright). */
export const ROLES_SCRIPT = ${JSON.stringify(roles)};
// Functions to be called in a document.
${await functions("page")}`;
}

/** As {@link pageScriptModule}, what hides secrets while a picture is taken; most runs never need it. */
export async function pictureScriptModule(): Promise<string> {
  return `${GENERATED}${await functions("picture")}`;
}

/** As {@link pageScriptModule}, what works axe-core; it is put into a page that is to be accessible. */
export async function accessibilityScriptModule(): Promise<string> {
  return `${GENERATED}${await functions("accessibility")}`;
}

/** As {@link pageScriptModule}, what looks at a page as people see it, for those who write tests of it. */
export async function snapshotScriptModule(): Promise<string> {
  return `${GENERATED}/*! Contains parts of ivya, as page-script.generated.ts. */\n${await functions("snapshot")}`;
}

/** As {@link pageScriptModule}, the functions that the roads to a browser call themselves. */
export async function browserFunctionsModule(): Promise<string> {
  const parts = await Promise.all(["document", "drag", "sliced"].map(functions));
  return `${GENERATED}${parts.join("")}`;
}

const GENERATED = `// Generated from ${PAGE} by \`npm run generate\`. Do not edit.\n`;

/** A script that does nothing where the variable that it makes is there. */
async function script(file: string, variable: string): Promise<string> {
  const code = await bundle({ entryPoints: [`${PAGE}/${file}.ts`], format: "iife" });
  // An element of the page may have that name, and would be found by it like a variable of the window.
  return `if(!Object.hasOwn(globalThis,"${variable}")){${code}}`;
}

/** Each function that a file of calls exports, as a constant with an expression that makes it. */
async function functions(file: string): Promise<string> {
  const path = `${PAGE}/calls/${file}.ts`;
  const { metafile } = await build({ ...OPTIONS, entryPoints: [path], format: "esm", metafile: true });
  const names = Object.values(metafile.outputs).flatMap((output) => output.exports);
  const constants = names.map(async (name) => {
    const contents = `export { ${name} as default } from "./${path}";`;
    const code = await bundle({ stdin: { contents, resolveDir: "." }, format: "esm" });
    const made = code.replace(/export\s*\{\s*([\w$]+) as default\s*\};?$/, "return $1");
    if (made === code) throw new Error(`esbuild exports ${name} in another way`);
    return `export const ${constantCase(name)} = ${JSON.stringify(`(()=>{${made}})()`)};\n`;
  });
  return (await Promise.all(constants)).join("");
}

function constantCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

async function bundle(what: BuildOptions): Promise<string> {
  const result = await build({ ...OPTIONS, ...what, write: false });
  const code = result.outputFiles[0]?.text.trim();
  if (!code) throw new Error("esbuild made nothing");
  return code;
}

/** See `form-safe.ts`. */
const safeFromForms: Plugin = {
  name: "safe-from-forms",
  setup({ onLoad, onResolve }) {
    onLoad(
      { filter: /runner[\\/]page[\\/](?:(?:ivya|calls|snapshot)[\\/])?[\w-]+\.[jt]s$/ },
      async ({ path }) => {
        const loader = extname(path) === ".js" ? "js" : "ts";
        return { contents: formSafe(await readFile(path, "utf8"), path), loader };
      },
    );
    onResolve({ filter: new RegExp(`^${FORM_SAFE}$`) }, () => ({ path: FORM_SAFE, namespace: FORM_SAFE }));
    onLoad({ filter: /.*/, namespace: FORM_SAFE }, () => ({ contents: FORM_SAFE_MODULE, loader: "js" }));
  },
};

const OPTIONS = {
  bundle: true,
  write: false,
  target: "es2022",
  minify: true,
  legalComments: "none",
  tsconfigRaw: {},
  plugins: [safeFromForms],
} as const satisfies BuildOptions;
