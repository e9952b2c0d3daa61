/** True in a package that somebody has installed; a clone has npm's scripts instead of a program of that name. */
const isInstalled = import.meta.url.includes("/node_modules/");

/** A command of the command line as whoever reads a message can type it, such as `npx stepwire setup`. */
export function ownCommand(args: string): string {
  return `${isInstalled ? "npx stepwire" : "npm run stepwire --"} ${args}`;
}
