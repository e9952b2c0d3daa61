import { z } from "zod";
import { OnFailure, RUN_OPTIONS } from "./messages.js";

/**
 * Options of the runs of a schedule. Values of `variables` are for one run and stored nowhere, and each run has an
 * `idempotency_key` of its own.
 */
export const ScheduleOptions = z
  .strictObject({ on_failure: OnFailure.optional(), ...RUN_OPTIONS })
  .omit({ environment: true, variables: true, idempotency_key: true });
export type ScheduleOptions = z.infer<typeof ScheduleOptions>;
