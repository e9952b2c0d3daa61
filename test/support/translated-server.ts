import { build } from "esbuild";

const FOLDER = "dist-test";

/** The server's sources as JavaScript. They are beside `src`, because some look for files around them. */
export const TRANSLATED_SERVER = `${FOLDER}/main.js`;

/** The command line, in the same way. */
export const TRANSLATED_COMMAND_LINE = `${FOLDER}/cli/main.js`;

/**
 * Vitest's global set-up: translates the sources once. Translated again by each process that tests start, they took
 * about as much processor time as all that a server does until it is ready.
 */
export default async function translateServer(): Promise<void> {
  await build({
    entryPoints: ["src/**/*.ts"],
    outdir: FOLDER,
    format: "esm",
    platform: "node",
    target: "node20",
  });
}
