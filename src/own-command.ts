import { existsSync } from "node:fs";

/** True in a package that somebody has installed. */
const isInstalled = import.meta.url.includes("/node_modules/");

/** True in a clone with all its packages, where npm has a script for it; an image and a service have a program. */
const hasScript = existsSync(new URL("../node_modules/tsx/package.json", import.meta.url));

const PROGRAM = isInstalled ? "npx stepwire" : hasScript ? "npm run stepwire --" : "stepwire";

/** A command of the command line as whoever reads a message can type it, such as `npx stepwire setup`. */
export function ownCommand(args: string): string {
  return `${PROGRAM} ${args}`;
}
