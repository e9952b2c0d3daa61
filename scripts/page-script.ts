import { readFile } from "node:fs/promises";
import { extname } from "node:path";
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
/*! Contains parts of ivya (MIT, https://github.com/vitest-dev/ivya), which are Playwright's (Apache-2.0, Copyright (c)
 * Microsoft Corporation, https://github.com/microsoft/playwright). */
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
    plugins: [safeFromForms],
  });
  const code = result.outputFiles[0]?.text.trim();
  if (!code) throw new Error(`esbuild made nothing of ${entryPoint}`);
  return code;
}

/** See `form-safe.ts`. */
const safeFromForms: Plugin = {
  name: "safe-from-forms",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /runner[\\/]page[\\/](?:ivya[\\/])?[\w-]+\.[jt]s$/ }, async ({ path }) => {
      const loader = extname(path) === ".js" ? "js" : "ts";
      return { contents: formSafe(await readFile(path, "utf8"), path), loader };
    });
    onResolve({ filter: new RegExp(`^${FORM_SAFE}$`) }, () => ({ path: FORM_SAFE, namespace: FORM_SAFE }));
    onLoad({ filter: /.*/, namespace: FORM_SAFE }, () => ({ contents: FORM_SAFE_MODULE, loader: "js" }));
  },
};
