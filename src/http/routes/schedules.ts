import type { z } from "zod";
import type { ScheduleChanges, StoredSchedule } from "../../schedules/ports.js";
import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schedule-schemas.js";
import { StringIdParams } from "../schemas.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Schedules"];

export function scheduleRoutes(app: Routes, { schedules }: HttpDependencies): void {
  app.get(
    "/api/schedules",
    {
      schema: {
        tags,
        summary: "List schedules in the order of their names",
        response: answers(200, schemas.Schedules),
      },
    },
    async () => ({ items: (await schedules.list()).map(scheduleToWire) }),
  );

  app.post(
    "/api/schedules",
    {
      schema: {
        tags,
        summary: "Have a test case or a step run at times to come",
        description:
          "With `cron` again and again, with `execute_at` once. Its runs are started in the name of whoever changed it last; a time at which the run before has not ended is skipped, and times that passed while no server was there are made up for by one run.",
        body: schemas.NewSchedule,
        response: answers(201, schemas.Schedule),
      },
    },
    async ({ body, identity }, reply) => {
      const { name, test_case_id: testCaseId } = body;
      const created = await schedules.create({ ...fromWire(body), name, testCaseId }, identity);
      return reply.code(201).header("Location", `/api/schedules/${created.id}`).send(scheduleToWire(created));
    },
  );

  app.get(
    "/api/schedules/:id",
    {
      schema: {
        tags,
        summary: "Read a schedule, with its next time and what came of the last",
        params: StringIdParams,
        response: answers(200, schemas.Schedule),
      },
    },
    async ({ params: { id } }) => scheduleToWire(await schedules.read(id)),
  );

  app.patch(
    "/api/schedules/:id",
    {
      schema: {
        tags,
        summary: "Change a schedule of one's own; fields that are absent stay",
        description:
          "With the scope `admin`, anybody's; its runs are then started in the name of who changed it.",
        params: StringIdParams,
        body: schemas.ScheduleChanges,
        response: answers(200, schemas.Schedule),
      },
    },
    async ({ params: { id }, body, identity }) =>
      scheduleToWire(await schedules.update(id, fromWire(body), identity)),
  );

  app.delete(
    "/api/schedules/:id",
    {
      schema: {
        tags,
        summary: "Delete a schedule of one's own; its runs stay",
        description: "With the scope `admin`, anybody's.",
        params: StringIdParams,
        response: answers(200, schemas.DeletedSchedule),
      },
    },
    async ({ params: { id }, identity }) => {
      await schedules.delete(id, identity);
      return { id, deleted: true as const };
    },
  );
}

/** Only the fields that were given. */
function fromWire(body: schemas.ScheduleChanges): ScheduleChanges {
  const { name, test_case_id: testCaseId, test_step_id: testStepId, cron, time_zone: timeZone } = body;
  const { execute_at: executeAt, environment, options, enabled } = body;
  return {
    ...(name !== undefined && { name }),
    ...(testCaseId !== undefined && { testCaseId }),
    ...(testStepId !== undefined && { testStepId }),
    ...(cron !== undefined && { cron }),
    ...(timeZone !== undefined && { timeZone }),
    ...(executeAt !== undefined && { executeAt: executeAt === null ? null : new Date(executeAt) }),
    ...(environment !== undefined && { environment }),
    ...(options !== undefined && { options }),
    ...(enabled !== undefined && { enabled }),
  };
}

function scheduleToWire({ last, ...schedule }: StoredSchedule): z.infer<typeof schemas.Schedule> {
  return {
    id: schedule.id,
    name: schedule.name,
    test_case_id: schedule.testCaseId,
    test_step_id: schedule.testStepId,
    cron: schedule.cron,
    time_zone: schedule.timeZone,
    execute_at: schedule.executeAt?.toISOString() ?? null,
    environment: schedule.environment,
    options: schedule.options,
    enabled: schedule.enabled,
    created_by: schedule.createdBy,
    principal: schedule.principal,
    created_at: schedule.createdAt.toISOString(),
    updated_at: schedule.updatedAt.toISOString(),
    next_at: schedule.nextAt?.toISOString() ?? null,
    last: last && {
      at: last.at.toISOString(),
      outcome: last.outcome,
      run_id: last.runId,
      code: last.code,
      message: last.message,
    },
  };
}
