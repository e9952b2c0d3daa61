import { z } from "zod";
import { EnvironmentName } from "../environments.js";
import { ScheduleOptions } from "../schedules.js";
import { Id, Name, readOnly, Timestamp } from "./fields.js";

const fields = {
  name: Name.describe("What people call it; no other schedule has it."),
  test_case_id: Id.describe("The test case that runs."),
  test_step_id: Id.nullable()
    .optional()
    .describe("A step of it that runs by itself, after its login; null for all."),
  cron: z
    .string()
    .max(200)
    .nullable()
    .optional()
    .describe(
      "When it runs, again and again: minute, hour, day, month and weekday, as in a crontab. `L` is the last day of the month, `1#2` the second Monday. Takes the place of `execute_at`.",
    ),
  time_zone: z
    .string()
    .max(200)
    .optional()
    .describe("The time zone of `cron`, by its IANA name, such as `Europe/Berlin`; `UTC` unless given."),
  execute_at: z.iso
    .datetime({
      offset: true,
      error: "must be a time such as 2026-12-24T18:00:00Z or 2026-12-24T19:00:00+01:00",
    })
    .nullable()
    .optional()
    .describe("When it runs once, later than now (RFC 3339, with its offset). Takes the place of `cron`."),
  environment: EnvironmentName.nullable().optional().describe("That of its runs; null for the case's own."),
  options: ScheduleOptions.optional().describe("Options of its runs, as of `POST /api/test-cases/{id}/run`."),
  enabled: z.boolean().optional().describe("Whether it runs; true unless given."),
};

/** A new schedule, whose cron expression and time zone have yet to be looked at. */
export const NewSchedule = z.strictObject(fields);

/** As of {@link NewSchedule}. What {@link Schedule} has beside its fields may be sent back, and is left out. */
export const ScheduleChanges = z
  .strictObject({
    ...fields,
    ...readOnly("id", "created_by", "principal", "created_at", "updated_at", "next_at", "last"),
  })
  .partial();

export const Schedule = z.object({
  id: z.string(),
  name: z.string(),
  test_case_id: Id,
  test_step_id: Id.nullable(),
  cron: z.string().nullable(),
  time_zone: z.string(),
  execute_at: Timestamp.nullable(),
  environment: z.string().nullable(),
  options: ScheduleOptions,
  enabled: z.boolean(),
  created_by: z.string().describe("Who made it."),
  principal: z.string().describe("Who changed it last: its runs are started in that name."),
  created_at: Timestamp,
  updated_at: Timestamp,
  next_at: Timestamp.nullable().describe(
    "Its next time, or one that is still to be had; null when there is none.",
  ),
  last: z
    .object({
      at: Timestamp.describe("The time that it had."),
      outcome: z
        .enum(["started", "skipped", "refused"])
        .describe("`skipped`: the run before had not ended. `refused`: no run could be started."),
      run_id: z.string().nullable().describe("The run that was started, or that had not ended."),
      code: z.string().nullable().describe("Code of the error of what was refused."),
      message: z.string().nullable().describe("The reason that no run was started."),
    })
    .nullable()
    .describe("The last of its times; null before the first."),
});
