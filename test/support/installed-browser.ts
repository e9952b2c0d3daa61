import { chmod, writeFile } from "node:fs/promises";
import { findBrowser, type FoundBrowser } from "../../src/browser/discovery.js";

/** The Chromium of this machine, and its driver. */
export function findChromium(signal = AbortSignal.timeout(20_000)): Promise<FoundBrowser> {
  return findBrowser({ browser: "chrome", install: false, log: () => undefined, signal });
}

/** Writes a shell script that can be started in a browser's place. */
export async function writeBrowserScript(path: string, lines: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o755);
}
