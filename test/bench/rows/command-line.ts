import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scratchFolder } from "../../support/scratch-folder.js";
import type { Bench } from "../bench.js";
import { playwrightArguments } from "../playwright/browser.js";
import { interleave, Side } from "../rounds.js";
import { median, range } from "../statistics.js";
import { atMost, type Row } from "../table.js";

const COMMAND_LINE = fileURLToPath(new URL("../../../dist/bin/stepwire.js", import.meta.url));
const PLAYWRIGHT_TEST = createRequire(import.meta.url).resolve("@playwright/test/cli");
const PLAYWRIGHT_CONFIG = fileURLToPath(new URL("../playwright/short-cases.config.ts", import.meta.url));

/** Tests under way at the same time, on both sides. */
const WORKERS = 4;

/** Counted rounds of the short cases; a round takes minutes. */
const SHORT_CASE_ROUNDS = 1;

const MOST_SECONDS = 2.5;
const MOST_RATIO = 0.6;

/** `stepwire run case.yaml` with one short case, from the start of its process to its end. */
export async function measureCommandLine(bench: Bench): Promise<Row[]> {
  const folder = await casesOf(bench, 1);
  const side = stepwireSide(folder, bench);
  await interleave("one short case from the command line", [side], bench.sizes.rounds);
  return [
    atMost(MOST_SECONDS, {
      name: "cli",
      what: "stepwire run, one short case: the whole process",
      value: median(side.samples) / 1000,
      unit: " s",
      digits: 2,
      note: `${range(side.samples)} ms`,
    }),
  ];
}

/** Many short cases: the whole process of each side, its start and its browser included. */
export async function measureShortCases(bench: Bench): Promise<Row[]> {
  const { shortCases } = bench.sizes;
  const folder = await casesOf(bench, shortCases);
  const sides = [stepwireSide(folder, bench), playwrightSide(bench)] as const;
  await interleave(`${shortCases} short cases, ${WORKERS} at a time`, sides, SHORT_CASE_ROUNDS);
  const [ours, theirs] = sides.map(({ samples }) => median(samples) / 1000) as [number, number];
  return [
    atMost(MOST_RATIO, {
      name: "cli-playwright",
      what: `${shortCases} short cases, ${WORKERS} at a time: stepwire run / Playwright Test`,
      value: ours / theirs,
      unit: " ×",
      digits: 2,
      note: `${ours.toFixed(1)} s / ${theirs.toFixed(1)} s`,
    }),
  ];
}

/** @returns a folder with so many files of one short case each */
async function casesOf({ site, teardown }: Bench, count: number): Promise<string> {
  const { path, remove } = await scratchFolder();
  teardown.defer(remove);
  const folder = join(path, "cases");
  await mkdir(folder);
  for (let number = 1; number <= count; number++) {
    const script = [
      { action: "navigate", url: `${site.url}/shop` },
      { action: "input", locator_type: "id", locator_value: "q", text: "rain" },
      { action: "click", locator_type: "id", locator_value: "find" },
      {
        action: "verify_text",
        locator_type: "id",
        locator_value: "status",
        expected_text: "2 products found",
      },
    ];
    const testCase = { name: `Search ${number}`, steps: [{ description: "Search", script }] };
    await writeFile(join(folder, `search-${number}.json`), JSON.stringify(testCase));
  }
  return folder;
}

function stepwireSide(folder: string, { browser }: Bench): Side<number> {
  const environment = { BROWSER_BINARY: browser.binary, BROWSER_DRIVER: browser.driver };
  const args = [COMMAND_LINE, "run", folder, "--parallel", String(WORKERS)];
  return new Side("stepwire run", () => processTime(args, environment));
}

function playwrightSide({ browser, site, sizes }: Bench): Side<number> {
  const environment = {
    BENCH_BROWSER: browser.binary,
    BENCH_ARGUMENTS: JSON.stringify(playwrightArguments()),
    BENCH_SITE: site.url,
    BENCH_CASES: String(sizes.shortCases),
    BENCH_WORKERS: String(WORKERS),
  };
  const args = [PLAYWRIGHT_TEST, "test", "--config", PLAYWRIGHT_CONFIG];
  return new Side("Playwright Test", () => processTime(args, environment));
}

/** Runs a program of Node.js to its end. @returns its time in milliseconds @throws Error when it fails */
async function processTime(args: readonly string[], environment: Record<string, string>): Promise<number> {
  const env = { ...process.env, ...environment };
  const started = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`it ended with ${code}:\n${output.slice(-2_000)}`);
  return performance.now() - started;
}
