import { setTimeout as delay } from "node:timers/promises";
import type { Bench } from "../bench.js";
import { Crowd } from "../crowd/crowd.js";
import { processorSeconds, residentBytes } from "../process-figures.js";
import { progress } from "../progress.js";
import { median } from "../statistics.js";
import { startBenchServer } from "../stepwire/bench-server.js";
import { atMost, type Row } from "../table.js";

const LIMIT_KIB = 40;
/** Processor time that counts as none, in percent of one core. */
const LIMIT_PERCENT = 2;
/** After which a server that was started counts as idle, in milliseconds. */
const SETTLE_MS = 10_000;
const READINGS = 10;

/** Cost of connections that are open and do nothing but answer pings. */
export async function measureIdleConnections(bench: Bench): Promise<Row[]> {
  const { idleConnections: count, idleMs } = bench.sizes;
  progress(`${count} idle connections`);
  const environment = { MAX_CONNECTIONS_PER_ADDRESS: "0" };
  const server = await startBenchServer(bench, { screenshots: "inline", environment });
  await delay(SETTLE_MS);
  const before = await watch(server.pid, idleMs);
  const crowd = await Crowd.start(bench, { address: server.address, count, screenshots: "url" });
  await delay(SETTLE_MS);
  const after = await watch(server.pid, idleMs);
  await Promise.all([crowd.stop(), server.stop()]);
  if (before === undefined || after === undefined)
    return [{ name: "idle-connections", what: "idle connections", measured: "only on Linux" }];
  return [
    atMost(LIMIT_KIB, {
      name: "idle-connections",
      what: `memory of each of ${count} idle connections`,
      value: (after.bytes - before.bytes) / count / 1024,
      unit: " KiB",
      digits: 1,
      note: `server ${(before.bytes / 1e6).toFixed(0)} to ${(after.bytes / 1e6).toFixed(0)} MB`,
    }),
    atMost(LIMIT_PERCENT, {
      name: "idle-connections",
      what: `processor time with ${count} idle connections, of one core`,
      value: after.percent,
      unit: " %",
      digits: 2,
      note: `${before.percent.toFixed(2)} % without them, pings every 20 s included`,
    }),
  ];
}

/** Resident memory of a process over a time, as a median, and the processor time that it used. */
async function watch(pid: number, ms: number): Promise<{ bytes: number; percent: number } | undefined> {
  const started = await processorSeconds(pid);
  const readings: number[] = [];
  for (let reading = 0; reading < READINGS; reading++) {
    await delay(ms / READINGS);
    const bytes = await residentBytes(pid);
    if (bytes !== undefined) readings.push(bytes);
  }
  const ended = await processorSeconds(pid);
  if (started === undefined || ended === undefined) return undefined;
  return { bytes: median(readings), percent: ((ended - started) / (ms / 1000)) * 100 };
}
