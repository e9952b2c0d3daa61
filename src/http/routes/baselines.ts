import { z } from "zod";
import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { baselineToWire } from "../wire.js";
import { answers, sendStream, type Routes } from "./routes.js";

const tags = ["Baselines"];

export function baselineRoutes(app: Routes, { cases, baselines }: HttpDependencies): void {
  app.get(
    "/api/test-cases/:id/baselines",
    {
      schema: {
        tags,
        summary: "List the baselines that a test case's pages are compared with",
        params: schemas.TestCaseParams,
        response: answers(200, schemas.BaselineList),
      },
    },
    async ({ params: { id } }) => {
      const testCase = await cases.read(id);
      return { items: (await baselines.list(testCase.id)).map(baselineToWire) };
    },
  );

  app.post(
    "/api/test-cases/:id/baselines",
    {
      schema: {
        tags,
        summary: "Accept a picture that a run has kept as the baseline of its name, browser and viewport",
        params: schemas.TestCaseParams,
        body: schemas.AcceptedArtifact,
        response: answers(201, schemas.Baseline),
      },
    },
    async ({ params: { id }, body: { artifact_id }, identity }, reply) => {
      const testCase = await cases.read(id);
      const baseline = await baselines.accept(testCase.id, artifact_id, identity.principal);
      return reply.code(201).send(baselineToWire(baseline));
    },
  );

  app.get(
    "/api/test-cases/:id/baselines/:baselineId",
    {
      schema: {
        tags,
        summary: "Read the picture of a baseline",
        params: schemas.BaselineParams,
        response: {
          200: {
            description: "The picture.",
            content: { "image/png": { schema: z.string().meta({ format: "binary" }) } },
          },
          "4xx": schemas.ErrorAnswer,
          "5xx": schemas.ErrorAnswer,
        },
      },
    },
    async ({ params: { id, baselineId } }, reply) => {
      const file = await baselines.open(id, baselineId);
      reply.type("image/png").header("X-Content-Type-Options", "nosniff");
      return sendStream(reply, file.read());
    },
  );

  app.delete(
    "/api/test-cases/:id/baselines/:baselineId",
    {
      schema: {
        tags,
        summary: "Delete a baseline; comparisons with it are errors until another is accepted",
        params: schemas.BaselineParams,
        response: answers(200, schemas.DeletedBaseline),
      },
    },
    async ({ params: { id, baselineId } }) => {
      await baselines.delete(id, baselineId);
      return { id: baselineId, deleted: true as const };
    },
  );
}
