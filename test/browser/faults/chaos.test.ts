import { afterAll, beforeAll, expect, test } from "vitest";
import { startSite, type Site } from "../../site/server.js";
import { TestClient } from "../../support/client.js";
import { browserProcess, processesWith, profileFolders } from "../../support/processes.js";
import { scratchFolder, type ScratchFolder } from "../../support/scratch-folder.js";
import { ServerProcess } from "../../support/server-process.js";
import { createCase, getJson } from "../../support/test-app.js";

/** More of them, such as 200, take their time: `CHAOS_RUNS=200`. */
const RUNS = Number(process.env["CHAOS_RUNS"] ?? 80);
/** Runs that are waiting or under way at each time. */
const AT_A_TIME = 4;
/** Time between two kills, in milliseconds. */
const KILL_INTERVAL_MS = 2_500;

let site: Site;
let folder: ScratchFolder;
let server: ServerProcess;

beforeAll(async () => {
  site = await startSite();
  folder = await scratchFolder();
  server = await ServerProcess.start(folder.path, { BROWSER_POOL_SIZE: "3", SCREENSHOTS: "off" });
});

afterAll(async () => {
  await server.end("SIGTERM");
  await folder.remove();
  await site.close();
});

test(
  `${RUNS} runs with a random process killed every ${KILL_INTERVAL_MS / 1000} s have one verdict each, and nothing is left`,
  { timeout: 300_000 },
  async () => {
    const { stepIds } = await createCase(server.address, [script()]);
    const client = await TestClient.connect(server.address);
    const random = seeded(Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000));
    let kills = 0;
    const killer = setInterval(() => {
      if (killOne(random)) kills++;
    }, KILL_INTERVAL_MS);
    try {
      await inParallel(RUNS, AT_A_TIME, async (number) => {
        client.send({ type: "execute_step", step_id: stepIds[0], request_id: `run-${number}` });
        await client.next(
          ({ type, request_id }) => type === "execution_complete" && request_id === `run-${number}`,
        );
      });
    } finally {
      clearInterval(killer);
    }
    const verdicts = client.received.filter(({ type }) => type === "execution_complete");
    const withStatus = (wanted: string) => verdicts.filter(({ status }) => status === wanted);
    const told = `seed ${random.seed}, ${kills} kills, ${withStatus("passed").length} passed, ${withStatus("error").length} errors`;
    expect(new Set(verdicts.map(({ request_id }) => request_id)).size, told).toBe(RUNS);
    expect(verdicts, told).toHaveLength(RUNS);
    expect(withStatus("failed"), `${told}: a killed browser says nothing about the application`).toEqual([]);
    expect(kills, told).toBeGreaterThan(3);

    client.send({ type: "execute_step", step_id: stepIds[0], request_id: "after" });
    expect(
      await client.next(({ type, request_id }) => type === "execution_complete" && request_id === "after"),
      told,
    ).toMatchObject({ status: "passed" });
    for (const { run_id } of verdicts) {
      const { status } = await getJson<{ status: string }>(server.address, `/api/runs/${String(run_id)}`);
      expect(["passed", "error"], told).toContain(status);
    }
    client.close();

    const profiles = profileFolders(server.pid);
    const { code, ms } = await server.end("SIGTERM");
    expect(code, `${told}; stopped after ${ms} ms: ${server.output().slice(-20_000)}`).toBe(0);
    expect(profileFolders(server.pid), told).toEqual([]);
    for (const profile of profiles) expect(processesWith(profile), told).toEqual([]);
  },
);

const script = () => [
  { action: "navigate", url: `${site.url}/late` },
  { action: "click", locator_type: "id", locator_value: "late" },
  {
    action: "verify_text",
    locator_type: "id",
    locator_value: "record",
    expected_text: "clicks: 1, misses: 0",
  },
];

async function inParallel(
  count: number,
  atATime: number,
  task: (number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: atATime }, work));
}

/** Kills a browser, a renderer or a driver of the server. @returns whether there was one to kill */
function killOne(random: () => number): boolean {
  const pick = <T>(items: T[]): T | undefined => items[Math.floor(random() * items.length)];
  const profile = pick(profileFolders(server.pid));
  if (profile === undefined) return false;
  const own = processesWith(profile);
  const among = (text: string) => processesWith(text).filter((pid) => own.includes(pid));
  const kinds = [
    () => browserProcess(profile),
    () => pick(among("--type=renderer")),
    () => pick(among("--log-path=")),
  ];
  const pid = pick(kinds)?.();
  if (pid === undefined) return false;
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false; // It ended by itself meanwhile.
  }
}

/** Mulberry32, so that a failure can be repeated with `CHAOS_SEED`: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function seeded(seed: number): (() => number) & { seed: number } {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return Object.assign(next, { seed });
}
