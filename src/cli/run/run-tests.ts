import { CommandError, ExitCode, type CommandContext } from "../command-context.js";
import { createCommandLog } from "../command-log.js";
import { Interruption } from "../interruption.js";
import { createList } from "./list.js";
import { readLocalTests } from "./local-tests.js";
import { toRunOptions, type GivenOptions, type RunOptions } from "./options.js";
import { performAll, type PerformedTest } from "./perform-all.js";
import type { TestRuns } from "./test-runs.js";

/**
 * Runs tests to their end, or until a signal, and reports on them.
 *
 * @throws CommandError when nothing can be run as it was asked for.
 */
export async function runTests(
  given: readonly string[],
  options: GivenOptions,
  context: CommandContext,
): Promise<void> {
  const asked = toRunOptions(given, options);
  const interruption = new Interruption();
  const runs = await openRuns(asked, context);
  try {
    const { length: total } = runs.tests;
    if (total === 0) throw noTest();
    const parallel = Math.min(runs.size, total);
    const list = createList({ total, context, isShown: asked.reporters.includes("list") });
    list.begin(parallel);
    const performed = await performAll(runs, {
      parallel,
      failFast: asked.failFast,
      listener: list,
      signal: interruption.signal,
    });
    list.end();
    // A person who asks for the list alone gets neither a file nor a folder.
    if (asked.reporters.some((reporter) => reporter !== "list")) {
      const { writeReports } = await import("./write-reports.js");
      await writeReports(runs, performed, { options: asked, context });
    }
    context.exitWith(interruption.exitCode ?? exitCodeOf(performed));
  } finally {
    await runs.close();
    interruption.stop();
  }
}

/** The place where the tests run, with the tests. Nothing is loaded or started for what cannot be run. */
async function openRuns(asked: RunOptions, { environment }: CommandContext): Promise<TestRuns> {
  if (asked.server !== undefined) {
    const { ServerRuns } = await import("./server-runs.js");
    return await ServerRuns.open(asked.server, asked, environment);
  }
  const content = await readLocalTests(asked);
  if (content.tests.length === 0) throw noTest();
  const { LocalRuns } = await import("./local-runs.js");
  return await LocalRuns.open({ content, options: asked, environment, log: await createCommandLog() });
}

function noTest(): CommandError {
  return new CommandError("run: no test is left by the tags, --grep and --shard.");
}

/** A failure of the application under test says more than a test that could not be judged. */
function exitCodeOf(performed: readonly PerformedTest[]): number {
  const statuses = performed.map(({ outcome }) => outcome?.status);
  if (statuses.includes("failed")) return ExitCode.Wrong;
  return statuses.every((status) => status === "passed") ? ExitCode.Done : ExitCode.Impossible;
}
