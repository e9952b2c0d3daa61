import { build } from "esbuild";

/**
 * Bundles the script that runs inside the page into one TypeScript constant, so that the built server needs
 * no files beside its own modules.
 */
export async function pageScriptModule(): Promise<string> {
  const result = await build({
    entryPoints: ["src/runner/page/main.ts"],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    tsconfigRaw: {},
  });
  const code = result.outputFiles[0]?.text.trim();
  if (!code) throw new Error("esbuild produced no page script");
  return `// Generated from src/runner/page by \`npm run generate\`. Do not edit.\nexport const PAGE_SCRIPT = ${JSON.stringify(code)};\n`;
}
