import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Teardown } from "./teardown.js";

const SITE = fileURLToPath(new URL("../support/site-child.ts", import.meta.url));
const START_TIMEOUT_MS = 20_000;

/** Serves the test site from a process of its own, so that no side shares one with it. */
export async function startSiteProcess(teardown: Teardown): Promise<{ url: string }> {
  const child = fork(SITE, { execArgv: ["--import", "tsx"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  teardown.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill();
    await exited;
  });
  const [url] = (await once(child, "message", { signal: AbortSignal.timeout(START_TIMEOUT_MS) })) as [string];
  return { url };
}
