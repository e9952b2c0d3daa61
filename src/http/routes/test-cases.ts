import { AppError } from "../../protocol/errors.js";
import { toCursor } from "../cursor.js";
import type { HttpDependencies, StoredTestCase } from "../ports.js";
import * as schemas from "../schemas.js";
import { summaryToWire, testCaseFromWire, testCaseToWire, testStepFromWire } from "../wire.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Test cases"];

export function testCaseRoutes(app: Routes, { testCases }: HttpDependencies): void {
  app.get(
    "/api/test-cases",
    {
      schema: {
        tags,
        summary: "List test cases, newest first",
        querystring: schemas.PageQuery,
        response: answers(200, schemas.TestCasePage),
      },
    },
    async ({ query: { limit, cursor } }) => {
      // One more than asked for tells whether there is another page.
      const found = await testCases.listTestCases({ limit: limit + 1, before: cursor });
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      return { items: items.map(summaryToWire), next_cursor: last === undefined ? null : toCursor(last.id) };
    },
  );

  app.post(
    "/api/test-cases",
    {
      schema: {
        tags,
        summary: "Create a test case, with its steps",
        body: schemas.NewTestCase,
        response: answers(201, schemas.TestCase),
      },
    },
    async ({ body }, reply) => {
      const steps = body.steps.map((step, index) => ({
        ...testStepFromWire(step, `steps.${index}.`),
        description: step.description,
      }));
      const testCase = await testCases.createTestCase({ ...testCaseFromWire(body), name: body.name, steps });
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
    async ({ params: { id } }) => testCaseToWire(found(id, await testCases.findTestCase(id))),
  );

  app.put(
    "/api/test-cases/:id",
    {
      schema: {
        tags,
        summary: "Change a test case; fields that are absent stay",
        params: schemas.TestCaseParams,
        body: schemas.TestCaseChanges,
        response: answers(200, schemas.TestCase),
      },
    },
    async ({ params, body }) =>
      testCaseToWire(await testCases.updateTestCase(params.id, testCaseFromWire(body))),
  );

  app.delete(
    "/api/test-cases/:id",
    {
      schema: {
        tags,
        summary: "Delete a test case with its steps, runs and artifacts",
        params: schemas.TestCaseParams,
        response: answers(200, schemas.Deleted),
      },
    },
    async ({ params: { id } }) => {
      await testCases.deleteTestCase(id);
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
    async ({ params: { id } }) => testCaseToWire(await testCases.updateTestCase(id, { status: "approved" })),
  );
}

/** @throws AppError `test_case_not_found`. */
export function found(id: number, testCase: StoredTestCase | undefined): StoredTestCase {
  if (testCase !== undefined) return testCase;
  throw new AppError("test_case_not_found", `There is no test case with id ${id}.`);
}
