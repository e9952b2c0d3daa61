import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Keeps processes on one core until the work is done. On a virtual machine it takes longer to wake another core than a
 * small message takes altogether, and the scheduler alone decides who pays for that.
 *
 * @param pids this process among them
 * @returns whether they shared a core: only Linux has `taskset`
 */
export async function onOneCore(pids: readonly number[], work: () => Promise<unknown>): Promise<boolean> {
  const isShared = await pin(pids, "0").then(
    () => true,
    () => false,
  );
  try {
    await work();
    return isShared;
  } finally {
    if (isShared) await pin(pids, `0-${availableParallelism() - 1}`);
  }
}

/** All threads of each process, those of its libraries too. */
async function pin(pids: readonly number[], cores: string): Promise<void> {
  for (const pid of pids) await run("taskset", ["--all-tasks", "--cpu-list", "--pid", cores, String(pid)]);
}
