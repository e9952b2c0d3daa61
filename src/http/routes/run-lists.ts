import type { z } from "zod";
import type { RunFilter } from "../../cases/ports.js";
import { pageOf, toRunCursor } from "../cursor.js";
import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { runFilterOf } from "../stored-runs.js";
import { runToWire } from "../wire.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Runs"];

export function runListRoutes(app: Routes, { cases, runs }: HttpDependencies): void {
  app.get(
    "/api/runs",
    {
      schema: {
        tags,
        summary: "Find runs, newest first",
        querystring: schemas.RunsQuery,
        response: answers(200, schemas.RunPage),
      },
    },
    async ({ query: { test_case_id: testCaseId, ...query } }) => await page({ testCaseId }, query),
  );

  app.get(
    "/api/test-cases/:id/runs",
    {
      schema: {
        tags,
        summary: "Find the runs of a test case and of its steps, newest first",
        params: schemas.TestCaseParams,
        querystring: schemas.CaseRunsQuery,
        response: answers(200, schemas.RunPage),
      },
    },
    async ({ params: { id }, query }) => {
      const testCase = await cases.read(id);
      return await page({ testCaseId: testCase.id }, query);
    },
  );

  async function page(
    about: Pick<RunFilter, "testCaseId">,
    { limit, cursor: before, ...query }: schemas.CaseRunsQuery,
  ): Promise<z.infer<typeof schemas.RunPage>> {
    const found = await runs.listRuns({ ...about, ...runFilterOf(query) }, { limit: limit + 1, before });
    const { items, ...rest } = pageOf(found, { limit, cursorOf: toRunCursor });
    return { items: items.map(runToWire), ...rest };
  }
}
