import { readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { BrowserSession } from "../../../src/execution/ports.js";
import { realPool, type RealPool, type Road } from "../../support/real-browser.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

const TOLD = "kQ93-told-to-the-console";
const TYPED = "kQ93-typed-by-a-command";

interface BrowserProcesses {
  pid: number;
  command: string;
  environment: string;
}

/** The browser, its helpers and its driver, as they name the profile's folder. */
function processesIn(folder: string): BrowserProcesses[] {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
      return "";
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => ({
      pid: Number(name),
      command: read(name, "cmdline"),
      environment: read(name, "environ"),
    }))
    .filter(({ command, environment }) => command.includes(folder) || environment.includes(folder));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe.runIf(process.platform === "linux").each<Road>(["cdp", "classic"])("over %s (Linux)", (road) => {
  let home: string;
  let temporary: string;
  let removeScratch: () => Promise<void>;
  let site: TinySite;
  let real: RealPool;
  let session: BrowserSession;
  const signal = AbortSignal.timeout(300_000);

  beforeEach(async () => {
    const { path, remove } = await scratchFolder();
    removeScratch = remove;
    home = join(path, "home");
    temporary = join(path, "tmp");
    await mkdir(home);
    await mkdir(temporary);
    vi.stubEnv("HOME", home);
    vi.stubEnv("TMPDIR", temporary);
    vi.stubEnv("XDG_CONFIG_HOME", undefined);
    vi.stubEnv("SECRET_PASSWORD", "kQ93-secret");
    vi.stubEnv("SOME_OTHER_THING", "kQ93-other");
    vi.stubEnv("NAMED_THING", "kQ93-named");
    site = await startTinySite({
      "/": () => `<input id=field autofocus><script>
        console.log("${TOLD}"); console.error("${TOLD}"); setTimeout(() => { throw new Error("${TOLD}") });</script>`,
    });
    real = realPool({ size: 1, road, environment: ["NAMED_THING"] });
    session = await real.pool.acquire(signal);
    await session.page.navigate(`${site.url}/`, signal);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await session.close().catch(() => undefined);
    await real.pool.close();
    await site.close();
    await removeScratch();
  });

  test("no log holds what a page tells its console, nor what a command types", async () => {
    const { page } = session;
    await page.call(`() => { document.querySelector("#field").focus(); return ""; }`, "", signal);
    await page.type(TYPED, signal);
    await page.source(signal);
    // The page's message has come as far as here, so it would have come into a log.
    await expect
      .poll(() => page.source(signal).then(() => JSON.stringify(page.records.console)))
      .toContain(TOLD);
    const files = filesIn(temporary);
    expect(files.length).toBeGreaterThan(10);
    // The cache of a browser without contexts holds the page itself, and goes with the profile.
    const logs = files.filter((file) => !file.includes("/Cache/"));
    const telling = logs.filter((file) => /kQ93-(told|typed)/.test(readFileSync(file, "latin1")));
    expect(telling).toEqual([]);
    expect(files.filter((file) => file.endsWith("chrome_debug.log"))).toEqual([]);
  });

  test("driver and browser know nothing of the server's environment but what they need", () => {
    const processes = processesIn(temporary);
    expect(processes.length).toBeGreaterThan(2);
    for (const { environment } of processes) {
      expect(environment).not.toMatch(/kQ93-(secret|other)/);
    }
    expect(processes.some(({ environment }) => environment.includes("NAMED_THING=kQ93-named"))).toBe(true);
    expect(processes.some(({ environment }) => environment.includes("PATH="))).toBe(true);
  });

  test("a crash leaves nothing behind", async () => {
    const renderers = processesIn(temporary).filter(({ command }) => command.includes("--type=renderer"));
    expect(renderers.length).toBeGreaterThan(0);
    for (const { pid } of renderers) process.kill(pid, "SIGSEGV");
    const dumps = () => filesIn(temporary).filter((file) => file.endsWith(".dmp"));
    await expect.poll(() => dumps().length).toBeGreaterThan(0);
    await session.close().catch(() => undefined);
    await real.pool.close();
    expect(filesIn(temporary)).toEqual([]);
    expect(filesIn(home).filter((file) => !file.includes("/dconf/"))).toEqual([]);
  });
});
