import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Profile folders of all Stepwire servers on this machine begin like this. */
const PREFIX = "stepwire-browser-";
/** Longest wait for killed processes to be gone, and the pause between two looks, in milliseconds. */
const END_TIMEOUT_MS = 2_000;
const END_CHECK_MS = 20;

const isLinux = process.platform === "linux";

const LEASE = "stepwire-lease.json";
/** Age at which a folder without a lease counts as left by a server killed before it wrote one, in milliseconds. */
const LEASE_MS = 60_000;

/** The users of a profile folder, written into it so that a later server can clean up after a killed one. */
interface Lease {
  ownerPid: number;
  /** Missing before the driver is known. */
  driverPid?: number | undefined;
}

/** A browser profile that belongs to one browser and is removed with it. */
export class Profile {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Profile> {
    const profile = new Profile(await mkdtemp(join(tmpdir(), PREFIX)));
    await profile.lease();
    return profile;
  }

  /** Notes that this process uses the profile, and with which driver once that is known. */
  async lease(driverPid?: number): Promise<void> {
    const lease: Lease = { ownerPid: process.pid, driverPid };
    await writeFile(join(this.folder, LEASE), JSON.stringify(lease));
  }

  /** Kills the browser that uses this profile, and its driver; a browser that hangs obeys nothing else. */
  async endProcesses(): Promise<void> {
    const { folder } = this;
    await endProcesses(() => (isLinux ? processesNaming(folder, ["cmdline"]) : [browserPid(folder)]));
  }

  async remove(): Promise<void> {
    await removeFolder(this.folder);
  }
}

/**
 * Cleans up after servers that were killed: ends their drivers and browsers, and deletes their profile folders.
 *
 * @returns how many profiles were cleaned up
 */
export async function removeAbandonedProfiles(): Promise<number> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  let removed = 0;
  for (const folder of names.map((name) => join(tmpdir(), name))) {
    const lease = await readLease(folder);
    const isAbandoned = lease ? !isAlive(lease.ownerPid) : await isLeftWithoutLease(folder);
    if (!isAbandoned) continue;
    // Nobody holds the driver any more. geckodriver knows the folder from nothing but its environment.
    await endProcesses(() =>
      isLinux ? processesNaming(folder, ["cmdline", "environ"]) : [browserPid(folder), lease?.driverPid],
    );
    await removeFolder(folder);
    removed++;
  }
  return removed;
}

/** Tries for a while: a browser that is just ending may still write into its folder. */
async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

async function readLease(folder: string): Promise<Lease | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, LEASE), "utf8")) as Lease;
  } catch {
    // No lease yet, or not ours to read.
    return undefined;
  }
}

async function isLeftWithoutLease(folder: string): Promise<boolean> {
  try {
    const { mtimeMs, uid } = await stat(folder);
    return uid === process.getuid?.() && Date.now() - mtimeMs > LEASE_MS;
  } catch {
    // The folder has gone meanwhile.
    return false;
  }
}

/**
 * Kills the processes that work on a profile folder and waits until they are gone.
 *
 * @param find lists the processes. Linux knows them all, a browser's helpers included; elsewhere the browser and its
 * driver are known, and the helpers follow them.
 */
async function endProcesses(find: () => readonly (number | undefined)[]): Promise<void> {
  const deadline = performance.now() + END_TIMEOUT_MS;
  for (;;) {
    const killed = find().filter((pid) => pid !== undefined && kill(pid));
    if (killed.length === 0 || performance.now() > deadline) return;
    await delay(END_CHECK_MS);
  }
}

/** Finds processes by the folder that they name, which is proof enough: ids are used again, folder names are not. */
function processesNaming(folder: string, places: readonly ("cmdline" | "environ")[]): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const names = (pid: number) => places.some((place) => toldOf(pid, place).includes(folder));
  return pids.map(Number).filter((pid) => pid !== process.pid && names(pid));
}

function toldOf(pid: number, place: string): string {
  try {
    return readFileSync(`/proc/${pid}/${place}`, "utf8");
  } catch {
    // The process has ended meanwhile, or is another user's.
    return "";
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

/** @returns whether there was such a process */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
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
