import { launchBrowser } from "../../../src/browser/launch.js";
import { WarmBrowserPool } from "../../../src/browser/pool/pool.js";
import type { Command } from "../../../src/protocol/commands.js";
import type { Page } from "../../../src/runner/ports.js";
import { openTestNetwork } from "../../support/browser-network.js";
import { runCommands } from "../../support/script-context.js";
import { silentLog } from "../../support/silent-log.js";
import type { Bench } from "../bench.js";
import { COMMAND_TIMEOUT_MS } from "../shop.js";

/** The server's browser pool in this process, warm, with one session at a time. */
export async function startPool({ browser, teardown }: Bench): Promise<{
  pool: WarmBrowserPool;
  stop: () => Promise<void>;
}> {
  const find = () => Promise.resolve(browser);
  const network = await openTestNetwork();
  const options = { kind: "chrome", protocol: "auto", headless: true, allowedHosts: [], network } as const;
  const launch = (signal: AbortSignal) => launchBrowser({ ...options, find, log: silentLog }, signal);
  const pool = new WarmBrowserPool({ size: 1, launch, check: find, log: silentLog });
  const stop = teardown.defer(async () => {
    await pool.close();
    await network.close();
  });
  await pool.warm();
  return { pool, stop };
}

/**
 * Runs commands in a session without the server around them.
 *
 * @returns how long it took, in milliseconds
 * @throws Error when they do not pass
 */
export async function runAlone(
  commands: readonly Command[],
  { page, lost }: { page: Page; lost: AbortSignal },
): Promise<number> {
  const started = performance.now();
  const { outcome } = await runCommands(page, commands, {
    signal: lost,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
  });
  const ended = performance.now();
  if (outcome.verdict !== "passed") throw new Error(outcome.message);
  return ended - started;
}
