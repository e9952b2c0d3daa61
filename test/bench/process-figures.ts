import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";

/**
 * Resident memory of one process, in bytes; `undefined` where there is no /proc to tell.
 * https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export async function residentBytes(pid: number): Promise<number | undefined> {
  if (process.platform !== "linux") return undefined;
  return kibibytes(await read(pid, "status"), "VmRSS");
}

/** Ticks of the system's clock a second, the unit of process times: 100 on every Linux. */
const TICKS_PER_SECOND = 100;

/**
 * Processor time that one process has used, its own and the system's for it, in seconds; `undefined` where there
 * is no /proc to tell. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (utime, stime)
 */
export async function processorSeconds(pid: number): Promise<number | undefined> {
  if (process.platform !== "linux") return undefined;
  const fields = fieldsOf(await read(pid, "stat"));
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Memory of a server and of what it has started, in bytes. */
export interface ServerMemory {
  server: number;
  drivers: number;
  browsers: number;
}

/**
 * Memory of a server with its drivers and browsers. Memory that several processes share counts in parts, so that
 * the sum is what all of them hold together; where the system does not tell that, it counts in full for each.
 * https://www.kernel.org/doc/html/latest/filesystems/proc.html (smaps_rollup)
 *
 * @param driver the drivers' program
 * @returns `undefined` where there is no /proc to tell
 */
export async function serverMemory(serverPid: number, driver: string): Promise<ServerMemory | undefined> {
  if (process.platform !== "linux") return undefined;
  const memory: ServerMemory = { server: await heldBytes(serverPid), drivers: 0, browsers: 0 };
  for (const pid of await descendants(serverPid)) {
    const program = (await read(pid, "cmdline")).split("\0")[0] ?? "";
    memory[basename(program) === basename(driver) ? "drivers" : "browsers"] += await heldBytes(pid);
  }
  return memory;
}

async function heldBytes(pid: number): Promise<number> {
  const shared = kibibytes(await read(pid, "smaps_rollup"), "Pss");
  return shared ?? kibibytes(await read(pid, "status"), "VmRSS") ?? 0;
}

async function descendants(root: number): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map<number, number>();
  for (const pid of pids) parents.set(pid, parentOf(await read(pid, "stat")));
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0;
    return parent === root || (parent > 1 && isBelow(parent));
  };
  return pids.filter(isBelow);
}

function parentOf(stat: string): number {
  return Number(fieldsOf(stat)[1] ?? 0);
}

/** From the third field on; the second is a program's name in brackets and may hold anything. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function kibibytes(text: string, field: string): number | undefined {
  const value = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text)?.[1];
  return value === undefined ? undefined : Number(value) * 1024;
}

/** A file of a process; empty when the process has gone or may not be read. */
async function read(pid: number, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
