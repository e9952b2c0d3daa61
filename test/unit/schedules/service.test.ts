import { beforeEach, describe, expect, test, vi } from "vitest";
import { AppError } from "../../../src/protocol/errors.js";
import type { Changer, NewSchedule } from "../../../src/schedules/ports.js";
import { ScheduleService } from "../../../src/schedules/service.js";
import { MemorySchedules } from "./memory-schedules.js";

const NOON = new Date("2026-11-30T12:00:00Z");
const HOURLY: NewSchedule = { name: "Hourly", testCaseId: 1, cron: "30 * * * *" };

const somebody = (principal: string, ...scopes: ("run" | "admin")[]): Changer => ({
  principal,
  scopes: new Set(scopes),
});
const ADA = somebody("ada", "run");

let store: MemorySchedules;
let now: Date;
let service: ScheduleService;
const wake = vi.fn();
const requireAllowed = vi.fn();

beforeEach(() => {
  store = new MemorySchedules();
  now = NOON;
  wake.mockReset();
  requireAllowed.mockReset();
  service = new ScheduleService({ store, runs: { requireAllowed }, wakes: { wake }, now: () => now });
});

describe("a schedule that is made", () => {
  test("has the first time of its expression in its time zone, and its maker's name", async () => {
    const made = await service.create({ ...HOURLY, cron: "0 6 * * *", timeZone: "Asia/Kolkata" }, ADA);
    expect(made).toMatchObject({
      createdBy: "ada",
      principal: "ada",
      nextAt: new Date("2026-12-01T00:30:00Z"),
      last: null,
    });
    expect(wake).toHaveBeenCalledWith("schedules");
  });

  test("has the one time that it is given", async () => {
    const executeAt = new Date("2026-12-24T18:00:00Z");
    const made = await service.create({ name: "Once", testCaseId: 1, executeAt }, ADA);
    expect(made).toMatchObject({ cron: null, nextAt: executeAt });
  });

  test("has no time while it is not enabled", async () => {
    expect(await service.create({ ...HOURLY, enabled: false }, ADA)).toMatchObject({ nextAt: null });
  });

  test.for<[string, Partial<NewSchedule>, string]>([
    ["a time that is over", { cron: null, executeAt: NOON }, "'execute_at'"],
    ["no time at all", { cron: null }, "'cron', 'execute_at'"],
    ["times of both kinds", { executeAt: new Date("2027-01-01") }, "'cron', 'execute_at'"],
    [
      "what only runs of a case are told",
      { testStepId: 2, options: { on_failure: "stop" } },
      "'options.on_failure'",
    ],
  ])("is refused with %s", async ([, fields, message]) => {
    const refused = service.create({ ...HOURLY, ...fields }, ADA);
    await expect(refused).rejects.toMatchObject({
      code: "invalid_message",
      message: expect.stringContaining(message),
    });
    expect(store.rows.size).toBe(0);
  });

  test("is refused with options that the server gives no run", async () => {
    requireAllowed.mockImplementation(({ runTimeoutMs }: { runTimeoutMs: number }) => {
      throw new AppError("invalid_message", `'run_timeout': at most 60 s, not ${runTimeoutMs} ms.`);
    });
    const refused = service.create({ ...HOURLY, options: { run_timeout: 90 } }, ADA);
    await expect(refused).rejects.toMatchObject({ message: "'run_timeout': at most 60 s, not 90000 ms." });
  });
});

describe("a change", () => {
  test("of a name or of options keeps the next time, also one that is still to be had", async () => {
    const { id } = await service.create(HOURLY, ADA);
    now = new Date("2026-11-30T12:31:00Z");
    const changed = await service.update(id, { name: "Half past", options: { retries: 1 } }, ADA);
    expect(changed).toMatchObject({ name: "Half past", nextAt: new Date("2026-11-30T12:30:00Z") });
  });

  test("of its times counts from now", async () => {
    const { id } = await service.create(HOURLY, ADA);
    expect(await service.update(id, { cron: "15 * * * *" }, ADA)).toMatchObject({
      nextAt: new Date("2026-11-30T12:15:00Z"),
    });
    expect(await service.update(id, { cron: "0 6 * * *", timeZone: "Asia/Kolkata" }, ADA)).toMatchObject({
      nextAt: new Date("2026-12-01T00:30:00Z"),
    });
  });

  test("puts one way to give its times in the place of the other", async () => {
    const { id } = await service.create(HOURLY, ADA);
    const executeAt = new Date("2026-12-24T18:00:00Z");
    expect(await service.update(id, { executeAt }, ADA)).toMatchObject({
      cron: null,
      executeAt,
      nextAt: executeAt,
    });
    expect(await service.update(id, { cron: "0 0 * * *" }, ADA)).toMatchObject({ executeAt: null });
    await expect(service.update(id, { cron: null }, ADA)).rejects.toMatchObject({ code: "invalid_message" });
  });

  test("holds it and lets it go on, without the times in between", async () => {
    const { id } = await service.create(HOURLY, ADA);
    expect(await service.update(id, { enabled: false }, ADA)).toMatchObject({ nextAt: null });
    now = new Date("2026-11-30T15:00:00Z");
    expect(await service.update(id, { enabled: true }, ADA)).toMatchObject({
      nextAt: new Date("2026-11-30T15:30:00Z"),
    });
  });

  test("of one that has run once needs no later time, unless it is to run again", async () => {
    const executeAt = new Date("2026-11-30T13:00:00Z");
    const { id } = await service.create({ name: "Once", testCaseId: 1, executeAt }, ADA);
    await store.settle(
      { scheduleId: id, dueAt: executeAt },
      { outcome: "started", runId: "r", code: null, message: null },
      null,
    );
    now = new Date("2026-11-30T14:00:00Z");
    expect(await service.update(id, { name: "Done", executeAt }, ADA)).toMatchObject({ nextAt: null });
    await service.update(id, { enabled: false }, ADA);
    await expect(service.update(id, { enabled: true }, ADA)).rejects.toMatchObject({
      code: "invalid_message",
    });
    const again = new Date("2026-11-30T15:00:00Z");
    expect(await service.update(id, { enabled: true, executeAt: again }, ADA)).toMatchObject({
      nextAt: again,
    });
  });

  test("is its owner's, or an admin's, in whose name its runs are started from then on", async () => {
    const { id } = await service.create(HOURLY, ADA);
    const [bob, root] = [somebody("bob", "run"), somebody("root", "admin")];
    await expect(service.update(id, { enabled: false }, bob)).rejects.toMatchObject({ code: "forbidden" });
    await expect(service.delete(id, bob)).rejects.toMatchObject({ code: "forbidden" });
    expect(await service.update(id, { enabled: true }, root)).toMatchObject({
      createdBy: "ada",
      principal: "root",
    });
    await expect(service.delete(id, ADA)).rejects.toMatchObject({ code: "forbidden" });
    await service.delete(id, root);
    await expect(service.read(id)).rejects.toMatchObject({ code: "schedule_not_found" });
  });

  test("beside another one, at the same moment, loses neither", async () => {
    const { id } = await service.create(HOURLY, ADA);
    store.beforeUpdate = () => {
      store.beforeUpdate = () => undefined;
      const row = store.rows.get(id) ?? expect.fail();
      const updatedAt = new Date(row.updatedAt.getTime() + 1);
      store.rows.set(id, { ...row, timeZone: "Asia/Kolkata", updatedAt });
    };
    await service.update(id, { cron: "0 6 * * *" }, ADA);
    expect(store.rows.get(id)).toMatchObject({
      cron: "0 6 * * *",
      timeZone: "Asia/Kolkata",
      nextAt: new Date("2026-12-01T00:30:00Z"),
    });
  });
});
