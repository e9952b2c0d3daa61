import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { FORM_SAFE, FORM_SAFE_MODULE, formSafe } from "./form-safe.js";

/**
 * Bundles the scripts that run inside the page into TypeScript constants, so that the built server needs no
 * files beside its own modules.
 */
export async function pageScriptModule(): Promise<string> {
  const page = await bundle("src/runner/page/main.ts");
  const roles = await bundle("src/runner/page/roles.ts");
  return `// Generated from src/runner/page by \`npm run generate\`. Do not edit.
export const PAGE_SCRIPT = ${JSON.stringify(page)};
// Contains parts of ivya (MIT, https://github.com/vitest-dev/ivya), which are Playwright's
// (Apache-2.0, Copyright (c) Microsoft Corporation, https://github.com/microsoft/playwright).
export const ROLES_SCRIPT = ${JSON.stringify(roles)};
`;
}

/** As {@link pageScriptModule}, the script that hides secrets while a picture is taken; most runs never need it. */
export async function pictureScriptModule(): Promise<string> {
  const picture = await bundle("src/runner/page/picture/main.ts");
  return `// Generated from src/runner/page/picture by \`npm run generate\`. Do not edit.
export const PICTURE_SCRIPT = ${JSON.stringify(picture)};
`;
}

async function bundle(entryPoint: string): Promise<string> {
  const result = await build({
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minify: true,
    legalComments: "none",
    tsconfigRaw: {},
    plugins: [rolesOfIvya, safeFromForms],
  });
  const code = result.outputFiles[0]?.text.trim();
  if (!code) throw new Error(`esbuild made nothing of ${entryPoint}`);
  return code;
}

/** See `form-safe.ts`. */
const safeFromForms: Plugin = {
  name: "safe-from-forms",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /runner[\\/]page[\\/][\w-]+\.ts$/ }, async ({ path }) => {
      return { contents: formSafe(await readFile(path, "utf8"), path), loader: "ts" };
    });
    onResolve({ filter: new RegExp(`^${FORM_SAFE}$`) }, () => ({ path: FORM_SAFE, namespace: FORM_SAFE }));
    onLoad({ filter: /.*/, namespace: FORM_SAFE }, () => ({ contents: FORM_SAFE_MODULE, loader: "js" }));
  },
};

/** The sources inside ivya's single file that know roles and names; the others are 60 kB of selector engines. */
const NEEDED_SOURCES = ["src/domUtils.ts", "src/roleUtils.ts"];

/** Takes the part of ivya that `ivya/utils` is about; a bundler cannot, for its file runs code as it is loaded. */
const rolesOfIvya: Plugin = {
  name: "roles-of-ivya",
  setup({ onLoad }) {
    onLoad({ filter: /ivya[\\/]dist[\\/]publicUtils\.js$/ }, async ({ path }) => {
      const utils = await readFile(path, "utf8");
      const file = /from "(\.\/src-[^"]+)"/.exec(utils)?.[1];
      if (file === undefined) throw new Error("ivya/utils no longer has one file of sources");
      const whole = await readFile(join(dirname(path), file), "utf8");
      const parts = NEEDED_SOURCES.map((source) => {
        const part = whole.split(`//#region ${source}\n`)[1]?.split("\n//#endregion")[0];
        if (part === undefined) throw new Error(`ivya has no ${source} any more`);
        return part;
      });
      const code = parts.join("\n");
      // See src/runner/page/labels.ts.
      const faster = code.replaceAll("element.labels", "labelsOf(element)");
      if (faster === code) throw new Error("ivya reads labels in another way");
      const labels = `import { labelsOf } from ${JSON.stringify(resolve("src/runner/page/labels.ts"))};`;
      const names = "beginAriaCaches, endAriaCaches, getAriaRole, getElementAccessibleName";
      const settings = `const Ivya = { options: { browser: "chromium" } };`;
      const module = [labels, settings, faster, `export { ${names} };`].join("\n");
      return { contents: formSafe(module, "ivya.js"), loader: "js" };
    });
  },
};
