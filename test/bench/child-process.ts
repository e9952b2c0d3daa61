import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Teardown } from "./teardown.js";

const START_TIMEOUT_MS = 20_000;

export interface StartedChild<T> {
  child: ChildProcess;
  /** The first message that it sent. */
  said: T;
  stop: () => Promise<void>;
}

/** Starts a TypeScript file in a process of its own and resolves with the first thing that it says. */
export async function startChildProcess<T>(file: URL, teardown: Teardown): Promise<StartedChild<T>> {
  const child = fork(fileURLToPath(file), {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const stop = teardown.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill();
    await exited;
  });
  // Each child is written to send this first.
  const [said] = (await once(child, "message", { signal: AbortSignal.timeout(START_TIMEOUT_MS) })) as [T];
  return { child, said, stop };
}
