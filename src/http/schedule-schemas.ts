import { z } from "zod";
import * as rest from "../protocol/rest/schedules.js";
import { cronFault, timeZoneFault } from "../schedules/times.js";

/** A text of which a function finds out what is wrong. */
function checked<T extends z.ZodType<string | null | undefined>>(
  text: T,
  faultOf: (text: string) => string | undefined,
): T {
  const refined = text.superRefine((value, context) => {
    const message = typeof value === "string" ? faultOf(value) : undefined;
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
  // A check makes another schema, which has no description.
  return refined.meta(text.meta() ?? {});
}

const { cron, time_zone } = rest.NewSchedule.shape;
const times = { cron: checked(cron, cronFault), time_zone: checked(time_zone, timeZoneFault) };

export const NewSchedule = rest.NewSchedule.extend(times).meta({
  examples: [
    {
      name: "Every night",
      test_case_id: 1,
      cron: "30 2 * * *",
      time_zone: "Europe/Berlin",
      options: { retries: 1, priority: 2 },
    },
  ],
});

export const ScheduleChanges = rest.ScheduleChanges.extend(times).meta({ examples: [{ enabled: false }] });
export type ScheduleChanges = z.infer<typeof ScheduleChanges>;

export const { Schedule } = rest;
export const Schedules = z.object({ items: z.array(Schedule) });
export const DeletedSchedule = z.object({ id: z.string(), deleted: z.literal(true) });

for (const [id, schema] of Object.entries({ NewSchedule, Schedule })) {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
}
