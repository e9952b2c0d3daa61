import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { answers, type Routes } from "./routes.js";

export function statsRoutes(app: Routes, { stats }: HttpDependencies): void {
  app.get(
    "/api/stats",
    {
      schema: {
        tags: ["Stats"],
        summary: "Count test cases, steps and runs by status; generations are no runs of a test",
        response: answers(200, schemas.Stats),
      },
    },
    async () => {
      const { testCases, testSteps, runs, flakyRuns } = await stats.readStats();
      const ended = runs.passed + runs.failed + runs.error;
      return {
        test_cases: { total: total(testCases), by_status: testCases },
        test_steps: { total: total(testSteps), by_execution_status: testSteps },
        runs: {
          total: total(runs),
          by_status: runs,
          flaky: flakyRuns,
          pass_rate: ended === 0 ? null : runs.passed / ended,
        },
      };
    },
  );
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
