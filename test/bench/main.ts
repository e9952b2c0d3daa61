import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { findBrowser } from "../../src/browser/discovery.js";
import { startSite } from "../site/server.js";
import type { Bench } from "./bench.js";
import { BenchServer } from "./bench-server.js";
import { measureMemory } from "./memory.js";
import { measureOverhead } from "./overhead.js";
import { progress } from "./progress.js";
import { measureShop } from "./shop.js";
import { measureStartLatency } from "./start-latency.js";
import { StepClient } from "./step-client.js";
import { formatTable } from "./table.js";
import { Teardown } from "./teardown.js";

const DEFAULT_ROUNDS = 5;
/** The difference of two runs that cost nearly the same needs more rounds than their ratio does. */
const LEAST_OVERHEAD_ROUNDS = 9;

/**
 * Measures and answers with the text to print.
 *
 * @throws Error as soon as something does not pass: a scenario that fails is not timed.
 */
async function measure(rounds: number, teardown: Teardown): Promise<string> {
  const load = loadavg()[0] ?? 0;
  progress("building dist/");
  await build();
  const browser = await findBrowser({
    browser: "chrome",
    browserBinary: process.env["BROWSER_BINARY"] || undefined,
    browserDriver: process.env["BROWSER_DRIVER"] || undefined,
    install: false,
    log: progress,
    signal: AbortSignal.timeout(60_000),
  });
  const site = await startSite();
  teardown.defer(() => site.close());
  const bench: Bench = { browser, site, teardown };
  const overheadRounds = Math.max(rounds, LEAST_OVERHEAD_ROUNDS);

  const rows = await measureShop(bench, rounds);
  const server = await BenchServer.start({ browser, screenshots: "off" }, teardown);
  const client = await StepClient.connect(server.address, teardown);
  rows.push(...(await measureStartLatency(bench, client)));
  rows.push(...(await measureOverhead(bench, client, overheadRounds)));
  await server.stop();
  rows.push(...(await measureMemory(bench)));

  return `${formatTable(rows)}

Machine: ${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"}), load ${load.toFixed(1)} at the start, Node ${process.version}, ${browser.name} ${browser.version}.
Medians of ${rounds} rounds of the 24 commands and ${overheadRounds} of the overhead, all sides interleaved in one run, one warm-up round each not counted. Every server is \`node dist/main.js\` with a browser context ready; start and overhead with SCREENSHOTS=off, memory with the default settings.`;
}

async function build(): Promise<void> {
  const stdio = ["ignore", process.stderr, process.stderr] as const;
  const child = spawn("npm", ["run", "build"], { stdio: [...stdio], shell: process.platform === "win32" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`npm run build ended with ${code}.`);
}

function readRounds(): number {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: String(DEFAULT_ROUNDS) } } });
  if (!/^[1-9]\d*$/.test(values.rounds)) throw new Error("--rounds must be a whole number over 0.");
  return Number(values.rounds);
}

const teardown = new Teardown();
const interrupted = new Promise<never>((_resolve, reject) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      reject(new Error(`stopped by ${signal}`));
    });
  }
});
try {
  console.log(await Promise.race([measure(readRounds(), teardown), interrupted]));
} catch (error) {
  console.error(
    `The bench ended without a result: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 1;
} finally {
  await teardown.run();
}
