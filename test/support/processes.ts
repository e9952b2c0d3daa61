import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Processes of this machine whose command line has the text, as Linux's /proc tells. */
export function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandLine(pid).includes(text));
}

/** The command line of a process, its arguments apart; empty once it has ended. */
export function argumentsOf(pid: number): string[] {
  return commandLine(pid).split("\0").slice(0, -1);
}

function commandLine(pid: number): string {
  return toldOf(pid, "cmdline");
}

/** The environment with which a process was started; empty once it has ended. */
export function environmentOf(pid: number): string {
  return toldOf(pid, "environ");
}

function toldOf(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return "";
  }
}

/** Memory that a process has at hand, in bytes; 0 once it has ended. */
export function residentBytes(pid: number): number {
  try {
    const [, kilobytes = 0] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}

/** Profile folders of the browsers that a process has started: this one unless another is named. */
export function profileFolders(ownerPid = process.pid): string[] {
  return readdirSync(tmpdir()).filter(
    (name) => name.startsWith("stepwire-browser-") && ownerOf(name) === ownerPid,
  );
}

function ownerOf(folder: string): number | undefined {
  try {
    const lease = readFileSync(join(tmpdir(), folder, "stepwire-lease.json"), "utf8");
    return (JSON.parse(lease) as { ownerPid: number }).ownerPid;
  } catch {
    return undefined;
  }
}

/** The main process of the browser that uses this profile folder: its others name their type. */
export function browserProcess(folder: string): number | undefined {
  return processesWith(`--user-data-dir=`).find((pid) => {
    const command = commandLine(pid);
    return command.includes(folder) && !command.includes("--type=") && !command.includes("crashpad");
  });
}
