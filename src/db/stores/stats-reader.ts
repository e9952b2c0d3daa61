import type { Stats, StatsReader } from "../../cases/ports.js";
import type { PrismaClient } from "../generated/client.js";
// Not from the client, which is loaded for its own kind of database only.
import { ExecutionStatus, RunKind, RunStatus, TestCaseStatus } from "../generated/enums.js";

/** Kinds of run that test something: a generation only writes. */
const TESTS: RunKind[] = Object.values(RunKind).filter((kind) => kind !== RunKind.generation);

/** Counts by status. Each count reads an index alone, never the rows with their scripts. */
export class PrismaStatsReader implements StatsReader {
  readonly #client: PrismaClient;

  constructor(client: PrismaClient) {
    this.#client = client;
  }

  async readStats(): Promise<Stats> {
    const [testCases, testSteps, runs, flakyRuns] = await Promise.all([
      this.#client.testCase.groupBy({ by: "status", _count: true }),
      this.#client.testStep.groupBy({ by: "executionStatus", _count: true }),
      // Grouped as the index is ordered: by the status alone, SQLite would sort all runs first, in three times the time.
      this.#client.run.groupBy({ by: ["kind", "status"], where: { kind: { in: TESTS } }, _count: true }),
      this.#client.run.count({ where: { flaky: true } }),
    ]);
    return {
      testCases: tally(
        TestCaseStatus,
        testCases.map((row) => [row.status, row._count]),
      ),
      testSteps: tally(
        ExecutionStatus,
        testSteps.map((row) => [row.executionStatus, row._count]),
      ),
      runs: tally(
        RunStatus,
        runs.map((row) => [row.status, row._count]),
      ),
      flakyRuns,
    };
  }
}

/** Every status with the sum of its counts, those that no row has with 0. */
function tally<S extends string>(statuses: Record<S, S>, counts: [S, number][]): Record<S, number> {
  const found = new Map<S, number>();
  for (const [status, count] of counts) found.set(status, (found.get(status) ?? 0) + count);
  // The cast holds because the entries are made from every key of `statuses`.
  return Object.fromEntries(
    Object.values<S>(statuses).map((status) => [status, found.get(status) ?? 0]),
  ) as Record<S, number>;
}
