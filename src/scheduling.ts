import type { Logger } from "pino";
import { isStillGood } from "./auth/principals.js";
import type { Services } from "./services.js";
import { Scheduler } from "./schedules/scheduler.js";
import { ScheduleService } from "./schedules/service.js";

/** Puts together what keeps schedules and what starts their runs; the latter has to be started. */
export function createScheduling(
  { database, execution }: Pick<Services, "database" | "execution">,
  log: Logger,
) {
  const { scheduleStore: store, credentialStore, runReader, wakes } = database;
  const now = () => new Date();
  return {
    schedules: new ScheduleService({ store, runs: execution, wakes, now }),
    scheduler: new Scheduler({
      store,
      runs: execution,
      findRun: (id) => runReader.findRun(id),
      isGood: (principal) => isStillGood(principal, { store: credentialStore, now: now() }),
      wakes,
      now,
      log,
    }),
  };
}
