import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Profile, removeAbandonedProfiles } from "../../../src/browser/setup/profile.js";

const LEASE = "stepwire-lease.json";

const folders: string[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A profile folder as a server leaves it that is killed at some moment. */
async function leftFolder(lease?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "stepwire-browser-"));
  folders.push(folder);
  if (lease !== undefined) await writeFile(join(folder, LEASE), lease);
  return folder;
}

/** The pid of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

/** A process that works on a folder, as its arguments or its environment tell. */
function driverOf(folder: string, told: "arguments" | "environment"): ChildProcess {
  const logFile = join(folder, "driver.log");
  const args = told === "arguments" ? ["--", `--log-path=${logFile}`] : [];
  const env = told === "environment" ? { STEPWIRE_PROFILE: folder } : {};
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", ...args], { env });
  children.push(child);
  return child;
}

async function age(folder: string, seconds: number): Promise<void> {
  const then = Date.now() / 1000 - seconds;
  await utimes(folder, then, then);
}

test("a profile says whose it is before anything runs in it", async () => {
  const { folder } = await Profile.create();
  folders.push(folder);
  expect(JSON.parse(readFileSync(join(folder, LEASE), "utf8"))).toEqual({ ownerPid: process.pid });
});

test.runIf(process.platform === "linux").each(["arguments", "environment"] as const)(
  "the driver that a killed server was just starting is known by its %s and ended, its folder removed (Linux)",
  async (told) => {
    const folder = await leftFolder(JSON.stringify({ ownerPid: deadPid() }));
    const driver = driverOf(folder, told);
    const ended = once(driver, "exit");
    await removeAbandonedProfiles();
    await ended;
    expect(driver.signalCode).toBe("SIGKILL");
    expect(existsSync(folder)).toBe(false);
  },
);

test("what a living server uses stays, even before its driver is known", async () => {
  const folder = await leftFolder(JSON.stringify({ ownerPid: process.pid }));
  await age(folder, 3600);
  await removeAbandonedProfiles();
  expect(existsSync(folder)).toBe(true);
});

test.each([
  ["is", undefined],
  ["can be read", '{"owner'],
])(
  "a folder in which no lease %s is removed once no server can be about to write it",
  async (_what, lease) => {
    const [fresh, old] = [await leftFolder(lease), await leftFolder(lease)];
    await age(old, 61);
    await removeAbandonedProfiles();
    expect([existsSync(fresh), existsSync(old)]).toEqual([true, false]);
  },
);
