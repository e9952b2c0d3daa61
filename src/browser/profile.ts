import { readFileSync, readlinkSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Profile folders of all Stepwire servers on this machine begin like this. */
const PREFIX = "stepwire-browser-";
const LEASE = "stepwire-lease.json";

/** Who uses a profile folder; written into it, so that a later server can clean up after a killed one. */
interface Lease {
  ownerPid: number;
  driverPid: number;
}

/** A browser profile that belongs to one browser and is removed with it. */
export class Profile {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Profile> {
    return new Profile(await mkdtemp(join(tmpdir(), PREFIX)));
  }

  async lease(driverPid: number): Promise<void> {
    const lease: Lease = { ownerPid: process.pid, driverPid };
    await writeFile(join(this.folder, LEASE), JSON.stringify(lease));
  }

  /** Kills the browser that uses this profile, if one still does; a browser that hangs obeys nothing else. */
  killBrowser(): void {
    const pid = browserPid(this.folder);
    if (pid !== undefined) kill(pid, this.folder);
  }

  async remove(): Promise<void> {
    // A browser that is just ending may still write into its folder.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/**
 * Ends what servers left behind that were killed: their drivers, browsers and profile folders.
 *
 * @returns how many profiles were cleaned up
 */
export async function removeAbandonedProfiles(): Promise<number> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  let removed = 0;
  for (const folder of names.map((name) => join(tmpdir(), name))) {
    const lease = await readLease(folder);
    if (lease === undefined || isAlive(lease.ownerPid)) continue;
    const pid = browserPid(folder);
    kill(lease.driverPid, folder);
    if (pid !== undefined) kill(pid, folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    removed++;
  }
  return removed;
}

async function readLease(folder: string): Promise<Lease | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, LEASE), "utf8")) as Lease;
  } catch {
    // No lease yet: a server is just starting a browser there; or not ours to read.
    return undefined;
  }
}

/** Chromium keeps `host-pid` in this link of a profile that is in use. */
function browserPid(folder: string): number | undefined {
  try {
    const pid = /-(\d+)$/.exec(readlinkSync(join(folder, "SingletonLock")))?.[1];
    return pid === undefined ? undefined : Number(pid);
  } catch {
    return undefined;
  }
}

/** Kills a process only if its command line names the folder: process ids are used again. */
function kill(pid: number, folder: string): void {
  try {
    if (process.platform === "linux" && !readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder))
      return;
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
