/**
 * `npm run soak [-- --rounds 50] [-- --only runner] [-- --named "over cdp"]`: runs every browser test again and again
 * on a machine that they keep busier than it can be, twice as many files at a time as there are cores. A test that
 * passes only on an idle machine is flaky.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const DEFAULT_ROUNDS = 50;
const FILES_AT_A_TIME = 2 * availableParallelism();

/** The part of vitest's JSON report that is read here. */
interface Report {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

interface Results {
  passed: number;
  failures: { name: string; messages: readonly string[] }[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: String(DEFAULT_ROUNDS) },
      /** Part of the names of files. */
      only: { type: "string", multiple: true, default: [] },
      /** A regular expression for the names of tests. */
      named: { type: "string" },
    },
  });
  if (!/^[1-9]\d*$/.test(values.rounds)) throw new Error("--rounds must be a whole number over 0.");
  const rounds = Number(values.rounds);
  const filters = [...values.only, ...(values.named === undefined ? [] : ["-t", values.named])];
  const folder = await mkdtemp(join(tmpdir(), "stepwire-soak-"));
  let passed = 0;
  let failed = 0;
  try {
    for (let round = 1; round <= rounds; round++) {
      const started = performance.now();
      const results = await runOnce(join(folder, "report.json"), filters);
      passed += results.passed;
      failed += results.failures.length;
      for (const { name, messages } of results.failures)
        console.log(`\nround ${round}: ${name}\n${messages.join("\n")}\n`);
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(
        `round ${round} of ${rounds}: ${passed} passed, ${failed} failed so far (${seconds} s, load ${loadavg()[0]?.toFixed(1)})`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`\n${passed} passed, ${failed} failed in ${rounds} rounds under load`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Runs the browser tests once. */
async function runOnce(report: string, filters: readonly string[]): Promise<Results> {
  await rm(report, { force: true });
  const args = [
    "vitest",
    "run",
    "--project=browser",
    `--maxWorkers=${FILES_AT_A_TIME}`,
    "--retry=0",
    "--reporter=json",
    `--outputFile=${report}`,
    ...filters,
  ];
  const child = spawn("npx", args, { stdio: ["ignore", "ignore", "inherit"] });
  await once(child, "exit");
  const { testResults } = JSON.parse(await readFile(report, "utf8")) as Report;
  const passed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === "passed"),
  );
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults
      .filter((result) => result.status === "failed")
      .map(({ fullName, failureMessages }) => ({ name: fullName, messages: failureMessages }));
    // A file may fail before its first test; its tests are left out of the report then.
    return failed.length === 0 && status === "failed" ? [{ name, messages: [message] }] : failed;
  });
  return { passed: passed.length, failures };
}

await main();
