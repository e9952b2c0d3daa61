import { ALL_KEPT, historyOf } from "../../cases/history.js";
import { AppError } from "../../protocol/errors.js";
import { comparedRuns } from "../compared-runs.js";
import type { HttpDependencies } from "../dependencies.js";
import { comparisonToWire, historyToWire } from "../run-wire.js";
import * as schemas from "../schemas.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Runs"];

/** Several runs seen together: the history of a case, and the difference between two runs. */
export function runHistoryRoutes(app: Routes, { cases, runs, keptRuns = ALL_KEPT }: HttpDependencies): void {
  app.get(
    "/api/test-cases/:id/history",
    {
      schema: {
        tags,
        summary: "Read the history of a test case: its last 50 runs, pass rate, flakiness and times",
        params: schemas.TestCaseParams,
        querystring: schemas.HistoryQuery,
        response: answers(200, schemas.RunHistory),
      },
    },
    async ({ params: { id }, query: { test_step_id: testStepId } }) => {
      const testCase = await cases.read(id);
      if (testStepId !== undefined && !testCase.steps.some((step) => step.id === testStepId)) {
        throw new AppError("step_not_found", `Test case ${id} has no step with id ${testStepId}.`);
      }
      const subject = { testCaseId: id, testStepId };
      return historyToWire(subject, await historyOf(runs, subject), keptRuns);
    },
  );

  app.get(
    "/api/runs/:id/comparison",
    {
      schema: {
        tags,
        summary: "Compare a run with another of the same test case: the first command that differs",
        params: schemas.StringIdParams,
        querystring: schemas.ComparisonQuery,
        response: answers(200, schemas.RunComparison),
      },
    },
    async ({ params: { id }, query }) =>
      comparisonToWire(await comparedRuns({ id, with: query.with }, { cases, runs })),
  );
}
