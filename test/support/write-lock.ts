import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Another process that holds the write lock of a database. */
export interface WriteLock {
  /** Gives the lock back and ends the process. */
  release(): Promise<void>;
}

/** Has another process take the write lock of a database. Resolves when it has it. */
export async function holdWriteLock(file: string): Promise<WriteLock> {
  const path = fileURLToPath(new URL("write-lock-child.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", path, file], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  return {
    release: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
