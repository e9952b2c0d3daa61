import { toCursor } from "../cursor.js";
import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { summaryToWire, testCaseFromWire, testCaseToWire, testStepFromWire } from "../wire.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Test cases"];

export function testCaseRoutes(app: Routes, { cases }: HttpDependencies): void {
  app.get(
    "/api/test-cases",
    {
      schema: {
        tags,
        summary: "Find test cases, newest first",
        querystring: schemas.CasesQuery,
        response: answers(200, schemas.TestCasePage),
      },
    },
    async ({ query: { limit, cursor, search, tag } }) => {
      const { items, next } = await cases.list({ limit, before: cursor, search, tag });
      return { items: items.map(summaryToWire), next_cursor: next === undefined ? null : toCursor(next) };
    },
  );

  app.post(
    "/api/test-cases",
    {
      schema: {
        tags,
        summary: "Create a test case, with its steps; one that was read becomes a copy",
        body: schemas.NewTestCase,
        response: answers(201, schemas.TestCase),
      },
    },
    async ({ body }, reply) => {
      const steps = body.steps.map((step, index) => ({
        ...testStepFromWire(step, `steps.${index}.`),
        description: step.description,
      }));
      const testCase = await cases.create({ ...testCaseFromWire(body), name: body.name, steps });
      return reply.code(201).send(testCaseToWire(testCase));
    },
  );

  app.get(
    "/api/test-cases/:id",
    {
      schema: {
        tags,
        summary: "Read a test case with its steps",
        params: schemas.TestCaseParams,
        response: answers(200, schemas.TestCase),
      },
    },
    async ({ params: { id } }) => testCaseToWire(await cases.read(id)),
  );

  app.route({
    method: ["PUT", "PATCH"],
    url: "/api/test-cases/:id",
    schema: {
      tags,
      summary: "Change a test case; fields that are absent stay",
      params: schemas.TestCaseParams,
      body: schemas.TestCaseChanges,
      response: answers(200, schemas.TestCase),
    },
    handler: async ({ params, body }) =>
      testCaseToWire(await cases.update(params.id, testCaseFromWire(body))),
  });

  app.delete(
    "/api/test-cases/:id",
    {
      schema: {
        tags,
        summary: "Delete a test case with its steps, schedules, runs and artifacts",
        params: schemas.TestCaseParams,
        response: answers(200, schemas.Deleted),
      },
    },
    async ({ params: { id } }) => {
      await cases.delete(id);
      return { id, deleted: true as const };
    },
  );

  app.post(
    "/api/test-cases/:id/approve",
    {
      schema: {
        tags,
        summary: "Set the status of a test case to approved",
        params: schemas.TestCaseParams,
        response: answers(200, schemas.TestCase),
      },
    },
    async ({ params: { id } }) => testCaseToWire(await cases.approve(id)),
  );
}
