/**
 * `npm run soak [-- --rounds 50] [-- --only runner]`: runs every browser test again and again while as many
 * processes as there are cores keep the machine busy, and tells which failed how often. A test that passes only
 * on an idle machine is flaky.
 */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const DEFAULT_ROUNDS = 50;

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  testResults: { assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: "string", default: String(DEFAULT_ROUNDS) }, only: { type: "string" } },
  });
  if (!/^[1-9]\d*$/.test(values.rounds)) throw new Error("--rounds must be a whole number over 0.");
  const rounds = Number(values.rounds);
  const folder = await mkdtemp(join(tmpdir(), "stepwire-soak-"));
  const load = Array.from({ length: availableParallelism() }, startLoad);
  const failures = new Map<string, string[]>();
  let passed = 0;
  try {
    for (let round = 1; round <= rounds; round++) {
      const results = await runOnce(join(folder, "report.json"), values.only);
      passed += results.filter(({ status }) => status === "passed").length;
      const failed = results.filter(({ status }) => status === "failed");
      for (const { fullName, failureMessages } of failed)
        note(failures, fullName, `round ${round}: ${failureMessages.join("\n")}`);
      console.log(`round ${round} of ${rounds}: ${passed} passed, ${count(failures)} failed so far`);
    }
  } finally {
    for (const child of load) child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
  for (const [name, messages] of failures) {
    console.log(`\n${messages.length} × ${name}\n${messages[0] ?? ""}`);
  }
  console.log(`\n${passed} passed, ${count(failures)} failed in ${rounds} rounds under load`);
  process.exitCode = failures.size > 0 ? 1 : 0;
}

/** A process that does nothing but keep one core busy. */
function startLoad(): ChildProcess {
  return fork("test/soak/load.ts", { stdio: "ignore" });
}

/** @returns the results of one run of the browser tests */
async function runOnce(report: string, only?: string): Promise<Report["testResults"][0]["assertionResults"]> {
  await rm(report, { force: true });
  const filter = only === undefined ? [] : [only];
  const args = [
    "vitest",
    "run",
    "--project",
    "browser",
    "--reporter=json",
    `--outputFile=${report}`,
    ...filter,
  ];
  const child = spawn("npx", args, { stdio: ["ignore", "ignore", "inherit"] });
  await once(child, "exit");
  const { testResults } = JSON.parse(await readFile(report, "utf8")) as Report;
  return testResults.flatMap(({ assertionResults }) => assertionResults);
}

function note(failures: Map<string, string[]>, name: string, message: string): void {
  failures.set(name, [...(failures.get(name) ?? []), message]);
}

function count(failures: Map<string, string[]>): number {
  return [...failures.values()].reduce((sum, messages) => sum + messages.length, 0);
}

await main();
