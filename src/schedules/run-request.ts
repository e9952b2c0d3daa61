import type { Occurrence, ScheduledRunRequest, ScheduleRow } from "./ports.js";

/** The options of the runs of a schedule, as runs are started with. */
export function toRunOptions({
  principal,
  environment,
  options,
}: Pick<ScheduleRow, "principal" | "environment" | "options">): Omit<
  ScheduledRunRequest,
  "requestId" | "idempotencyKey"
> {
  const { retries, priority, video, browser, browser_version: browserVersion } = options;
  const { step_timeout: stepTimeout, run_timeout: runTimeout } = options;
  return {
    principal,
    environment: environment ?? undefined,
    retries,
    priority,
    video,
    browser,
    browserVersion,
    stepTimeoutMs: stepTimeout === undefined ? undefined : stepTimeout * 1000,
    runTimeoutMs: runTimeout === undefined ? undefined : runTimeout * 1000,
  };
}

/** The request for the run of one time, which starts one run whoever makes it, and however often. */
export function toRunRequest(schedule: ScheduleRow, { scheduleId, dueAt }: Occurrence): ScheduledRunRequest {
  return {
    ...toRunOptions(schedule),
    requestId: `schedule:${scheduleId}`,
    idempotencyKey: `${scheduleId}@${dueAt.getTime()}`,
  };
}
