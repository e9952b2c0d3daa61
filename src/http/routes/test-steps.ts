import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { testStepFromWire, testStepToWire } from "../wire.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Test steps"];

export function testStepRoutes(app: Routes, { cases, offeredChecks }: HttpDependencies): void {
  app.post(
    "/api/test-cases/:id/steps",
    {
      schema: {
        tags,
        summary: "Add a step; last unless it has a number",
        params: schemas.TestCaseParams,
        body: schemas.NewTestStep,
        response: answers(201, schemas.TestStep),
      },
    },
    async ({ params, body }, reply) => {
      const step = { ...testStepFromWire(body), description: body.description };
      return reply.code(201).send(testStepToWire(await cases.addStep(params.id, step)));
    },
  );

  app.route({
    method: ["PUT", "PATCH"],
    url: "/api/test-cases/:id/steps/:stepId",
    schema: {
      tags,
      summary: "Change or move a step; fields that are absent stay",
      params: schemas.StepParams,
      body: schemas.TestStepChanges,
      response: answers(200, schemas.TestStep),
    },
    handler: async ({ params: { id, stepId }, body }) =>
      testStepToWire(await cases.updateStep({ testCaseId: id, stepId }, testStepFromWire(body))),
  });

  app.delete(
    "/api/test-cases/:id/steps/:stepId",
    {
      schema: {
        tags,
        summary: "Delete a step; the steps after it move down by one",
        params: schemas.StepParams,
        response: answers(200, schemas.Deleted),
      },
    },
    async ({ params: { id, stepId } }) => {
      await cases.deleteStep({ testCaseId: id, stepId });
      return { id: stepId, deleted: true as const };
    },
  );

  app.post(
    "/api/test-steps/:id/offered-checks/:index/accept",
    {
      schema: {
        tags,
        summary: "Take a check over into the script that a generation has offered",
        description:
          "It replaces the `not_understood` of its sentence, or follows the checks that were accepted before.",
        params: schemas.OfferedCheckParams,
        response: answers(200, schemas.TestStep),
      },
    },
    async ({ params: { id, index }, identity }) =>
      testStepToWire(await offeredChecks.accept(id, index, identity.principal)),
  );
}
