import { build } from "esbuild";

/** The client library as one module for a browser's page. */
export async function clientBundle(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: ["src/client/index.ts"],
    bundle: true,
    write: false,
    format: "esm",
    minify: true,
    platform: "browser",
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error("esbuild has bundled nothing.");
  return bundle.contents;
}
