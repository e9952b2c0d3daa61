import { z } from "zod";
import { ReportFormat } from "../protocol/report.js";
import { RunsQuery } from "./schemas.js";

/** Most runs of one report. */
const MAX_REPORTED_RUNS = 1_000;

const reportFields = { format: ReportFormat.default("json") };
export const ReportQuery = z.strictObject(reportFields);
export const ReportsQuery = z.strictObject({
  ...reportFields,
  runs: z
    .string()
    .max(40_000)
    .transform((ids) => ids.split(","))
    .pipe(z.array(z.string().min(1).max(64)).max(MAX_REPORTED_RUNS))
    .optional()
    .describe("Ids of runs, with commas between them, in the order in which they are reported."),
  ...RunsQuery.omit({ cursor: true, test_step_id: true }).shape,
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_REPORTED_RUNS)
    .default(100)
    .describe("Most runs that are found."),
});
