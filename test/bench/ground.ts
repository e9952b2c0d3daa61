import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, cpus, loadavg } from "node:os";
import { findBrowser, type FoundBrowser } from "../../src/browser/setup/discovery.js";
import { progress } from "./progress.js";
import { startSiteProcess } from "./site.js";
import { Teardown } from "./teardown.js";

/** The things that all benches need, whatever they measure. */
export interface Ground {
  /** The browser and driver that all sides use. */
  browser: FoundBrowser;
  /** The pages that all sides use. They are served by a process of their own, which works for none of the sides. */
  site: { url: string };
  /** Stops what a measurement has started, also when it fails. */
  teardown: Teardown;
}

/** Builds the server, and finds what measurements need. */
export async function openGround(teardown: Teardown): Promise<Ground> {
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
  return { browser, site: await startSiteProcess(teardown), teardown };
}

async function build(): Promise<void> {
  const stdio = ["ignore", process.stderr, process.stderr] as const;
  const child = spawn("npm", ["run", "build"], { stdio: [...stdio], shell: process.platform === "win32" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`npm run build ended with ${code}.`);
}

/** The machine of a measurement in one line. @param load the mean number of busy processes before it, of a minute */
export function describeMachine({ browser }: Pick<Ground, "browser">, load: number): string {
  return `Machine: ${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"}), load ${load.toFixed(1)} at the start, Node ${process.version}, ${browser.name} ${browser.version}.`;
}

/** The mean number of busy processes over the last minute. */
export function loadNow(): number {
  return loadavg()[0] ?? 0;
}

/**
 * Measures, prints the text that comes of it, and stops whatever was started, also when it is interrupted.
 *
 * @param measure throws as soon as something does not pass: what fails is not timed
 */
export async function runBench(measure: (teardown: Teardown) => Promise<string>): Promise<void> {
  const teardown = new Teardown();
  const interrupted = new Promise<never>((_resolve, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        reject(new Error(`stopped by ${signal}`));
      });
    }
  });
  try {
    console.log(await Promise.race([measure(teardown), interrupted]));
  } catch (error) {
    console.error(
      `The bench ended without a result: ${error instanceof Error ? error.message : String(error)}`,
    );
    process.exitCode = 1;
  } finally {
    await teardown.run();
  }
}
