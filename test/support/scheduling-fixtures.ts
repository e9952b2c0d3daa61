import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { openBrowsers } from "../../src/browsers.js";
import type { StoredRun } from "../../src/cases/ports.js";
import { parseConfig } from "../../src/config.js";
import { openDatabase } from "../../src/db/index.js";
import type { Script } from "../../src/protocol/commands.js";
import { scriptTextOf } from "../../src/protocol/script-text.js";
import type { ScheduleRow, ScheduleStore, StoredSchedule } from "../../src/schedules/ports.js";
import type { Scheduler } from "../../src/schedules/scheduler.js";
import { createScheduling } from "../../src/scheduling.js";
import { createServices, type Services } from "../../src/services.js";
import { ended } from "./ended.js";
import { FakePool } from "./fake-browser.js";
import { databaseUrlTest } from "./scratch-fixtures.js";
import { silentLog } from "./silent-log.js";

/** A server behind its entrance, with browsers that are fakes. */
export class SchedulingServer {
  readonly services: Services;
  readonly pool: FakePool;
  readonly #schedulers: Scheduler[] = [];

  constructor(services: Services, pool: FakePool) {
    this.services = services;
    this.pool = pool;
  }

  /**
   * Starts the runs of schedules from now on.
   *
   * @param own methods of the store that take the place of its own
   */
  schedule(own: Partial<ScheduleStore> = {}): Scheduler {
    const { database, execution } = this.services;
    const scheduleStore = new Proxy(database.scheduleStore, {
      get: (store, property) => {
        if (property in own) return own[property as keyof ScheduleStore];
        const value: unknown = Reflect.get(store, property, store);
        return typeof value === "function" ? (value.bind(store) as unknown) : value;
      },
    });
    const { scheduler } = createScheduling(
      { database: { ...database, scheduleStore }, execution },
      silentLog,
    );
    this.#schedulers.push(scheduler);
    scheduler.start();
    return scheduler;
  }

  /** Makes a case with one step of this script. */
  async createCase(
    script: Script = [{ action: "wait", duration: 0.01 }],
  ): Promise<{ id: number; stepId: number }> {
    const seleniumScriptJson = scriptTextOf(script);
    const { id, steps } = await this.services.cases.create({
      name: "Case",
      steps: [{ description: "Step 1", seleniumScriptJson }],
    });
    return { id, stepId: steps[0]?.id ?? 0 };
  }

  /** Makes a schedule that is due since a minute, for each minute. @returns its id */
  async createDue(testCaseId: number, fields: Partial<ScheduleRow> = {}): Promise<string> {
    const [id, now] = [randomUUID(), new Date()];
    const times = {
      cron: "* * * * *",
      timeZone: "UTC",
      executeAt: null,
      nextAt: new Date(now.getTime() - 60_000),
    };
    const what = { testCaseId, testStepId: null, environment: null, options: {}, enabled: true };
    const by = { createdBy: "ada", principal: "ada", createdAt: now, updatedAt: now };
    await this.services.database.scheduleStore.createSchedule({
      id,
      name: id,
      ...times,
      ...what,
      ...by,
      ...fields,
    });
    return id;
  }

  async read(id: string): Promise<StoredSchedule> {
    const schedule = await this.services.database.scheduleStore.findSchedule(id);
    if (schedule === undefined) throw new Error(`The schedule ${id} is gone.`);
    return schedule;
  }

  /** The runs of a schedule, newest first. */
  async runsOf(id: string): Promise<StoredRun[]> {
    const runs = await this.services.database.runReader.listRuns({}, { limit: 200, before: undefined });
    return runs.filter(({ requestId }) => requestId === `schedule:${id}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#schedulers.map((scheduler) => scheduler.stop()));
    await this.services.endRuns();
    await this.services.closeBrowsers();
    await this.services.closeDatabase();
  }
}

/** Servers of one database that a test opens; an embedded database has room for one. */
export const schedulingTest = databaseUrlTest.extend("open", ({ folder, url }, { onCleanup }) => {
  const servers: SchedulingServer[] = [];
  onCleanup(async () => {
    for (const server of servers) await ended("a server", server.close());
  });
  return async (environment: Record<string, string> = {}): Promise<SchedulingServer> => {
    const artifactsDir = join(folder, "artifacts");
    const config = parseConfig({ DATABASE_URL: url, ARTIFACTS_DIR: artifactsDir, ...environment });
    const opened = await openDatabase({ url, artifactsDir, log: silentLog });
    const pool = new FakePool(1);
    const browsers = await openBrowsers(config, silentLog, pool);
    const services = createServices(config, { opened, browsers, log: silentLog });
    await services.start();
    const server = new SchedulingServer(services, pool);
    servers.push(server);
    return server;
  };
});
