import { chmod, writeFile } from "node:fs/promises";

/** Writes a shell script that can be started as a program. */
export async function writeShellProgram(path: string, lines: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o755);
}
