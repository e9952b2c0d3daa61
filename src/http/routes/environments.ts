import { NewEnvironment } from "../../protocol/environments.js";
import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { environmentFromWire, environmentToWire } from "../wire.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Environments"];

export function environmentRoutes(app: Routes, { environments }: HttpDependencies): void {
  app.get(
    "/api/environments",
    {
      schema: {
        tags,
        summary: "List environments in the order of their names",
        response: answers(200, schemas.Environments),
      },
    },
    async () => ({ items: (await environments.list()).map(environmentToWire) }),
  );

  app.post(
    "/api/environments",
    {
      schema: {
        tags,
        summary: "Create an environment, which runs and cases choose by its name",
        body: NewEnvironment,
        response: answers(201, schemas.Environment),
      },
    },
    async ({ body }, reply) => {
      const created = await environments.create({ ...environmentFromWire(body), name: body.name });
      return reply.code(201).send(environmentToWire(created));
    },
  );

  app.get(
    "/api/environments/:name",
    {
      schema: {
        tags,
        summary: "Read an environment",
        params: schemas.EnvironmentParams,
        response: answers(200, schemas.Environment),
      },
    },
    async ({ params: { name } }) => environmentToWire(await environments.read(name)),
  );

  app.put(
    "/api/environments/:name",
    {
      schema: {
        tags,
        summary: "Change an environment; fields that are absent stay",
        description: "With another name, the cases and schedules that have it keep it.",
        params: schemas.EnvironmentParams,
        body: schemas.EnvironmentChanges,
        response: answers(200, schemas.Environment),
      },
    },
    async ({ params: { name }, body }) =>
      environmentToWire(await environments.update(name, environmentFromWire(body))),
  );

  app.delete(
    "/api/environments/:name",
    {
      schema: {
        tags,
        summary: "Delete an environment that no test case or schedule has as its own",
        params: schemas.EnvironmentParams,
        response: answers(200, schemas.DeletedEnvironment),
      },
    },
    async ({ params: { name } }) => {
      await environments.delete(name);
      return { name, deleted: true as const };
    },
  );
}
