import { describe, expect } from "vitest";
import type { Outcome } from "../../../src/schedules/ports.js";
import { rowOf } from "../../../src/schedules/service.js";
import { createToken } from "../../support/logins.js";
import { schedulingTest as test } from "../../support/scheduling-fixtures.js";
import { ON_POSTGRES } from "../../support/test-databases.js";

const MINUTE = 60_000;

test(`each time of a schedule has one run, however many look (${ON_POSTGRES ? "on three servers" : "in one server"})`, async ({
  open,
}) => {
  const first = await open();
  const servers = ON_POSTGRES ? [first, await open(), await open()] : [first, first, first];
  const { id: caseId } = await first.createCase();
  const ids = await Promise.all(Array.from({ length: 10 }, () => first.createDue(caseId)));

  for (const server of servers) server.schedule();

  for (const id of ids) await expect.poll(async () => (await first.read(id)).last?.outcome).toBe("started");
  for (const id of ids) {
    const { last, nextAt } = await first.read(id);
    const [run, ...others] = await first.runsOf(id);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ id: last?.runId, kind: "case", testCaseId: caseId, principal: "ada" });
    expect(nextAt?.getTime()).toBeGreaterThan(Date.now() - 5_000);
  }
});

test("a kill between the start of the run and the next time loses neither, and starts no second run", async ({
  open,
}) => {
  const server = await open();
  const { id: caseId } = await server.createCase();
  const id = await server.createDue(caseId);
  let started: (outcome: Outcome) => void = () => undefined;
  const settling = new Promise<Outcome>((resolve) => (started = resolve));
  const killed = server.schedule({
    settle: (_occurrence, outcome) => {
      started(outcome);
      return Promise.reject(new Error("killed"));
    },
  });
  const { runId } = await settling;
  await killed.stop();
  expect(await server.read(id)).toMatchObject({ last: null });

  server.schedule();

  await expect.poll(async () => (await server.read(id)).last).toMatchObject({ outcome: "started", runId });
  expect((await server.runsOf(id)).map((run) => run.id)).toEqual([runId]);
});

test("times that passed while no server was there are made up for by one run", async ({ open }) => {
  const server = await open();
  const { stepId, id: caseId } = await server.createCase();
  const dueAt = new Date(Math.floor(Date.now() / MINUTE) * MINUTE - 90 * MINUTE);
  const id = await server.createDue(caseId, { testStepId: stepId, cron: "0 * * * *", nextAt: dueAt });
  server.schedule();
  await expect
    .poll(async () => (await server.read(id)).last)
    .toMatchObject({ at: dueAt, outcome: "started" });
  const { nextAt } = await server.read(id);
  expect(nextAt?.getTime()).toBeGreaterThan(Date.now() - 5_000);
  expect(await server.runsOf(id)).toMatchObject([{ kind: "step", testStepId: stepId }]);
});

test("a time at which the run before has not ended is skipped, and the one after it is not", async ({
  open,
}) => {
  const server = await open();
  const { id: caseId } = await server.createCase([{ action: "wait", duration: 60 }]);
  const id = await server.createDue(caseId);
  const scheduler = server.schedule();
  await expect.poll(async () => (await server.read(id)).last?.outcome).toBe("started");
  await scheduler.stop();
  const [run] = await server.runsOf(id);
  const again = async (minutesAgo: number) => {
    const row = rowOf(await server.read(id));
    const changed = { ...row, updatedAt: new Date(), nextAt: new Date(Date.now() - minutesAgo * MINUTE) };
    expect(await server.services.database.scheduleStore.updateSchedule(changed, row.updatedAt)).toBe(true);
    server.schedule();
  };

  await again(0.5);
  await expect.poll(async () => (await server.read(id)).last?.outcome).toBe("skipped");
  const { last } = await server.read(id);
  expect(last).toMatchObject({ runId: run?.id, message: `The run before, ${run?.id}, had not ended.` });
  server.services.execution.cancel(run?.id ?? "", { principal: "ada", scopes: new Set() });
  const status = async () => (await server.services.database.runReader.findRun(run?.id ?? ""))?.status;
  await expect.poll(status).toBe("error");
  await again(0.1);
  await expect.poll(async () => (await server.read(id)).last?.outcome).toBe("started");
  expect(await server.runsOf(id)).toHaveLength(2);
});

describe("a run that cannot be started", () => {
  test("is told with the error's code", async ({ open }) => {
    const server = await open();
    const { id: caseId } = await server.services.cases.create({ name: "Empty", steps: [] });
    const id = await server.createDue(caseId, { cron: null, executeAt: new Date() });
    server.schedule();
    await expect
      .poll(() => server.read(id))
      .toMatchObject({ nextAt: null, last: { outcome: "refused", code: "no_steps", runId: null } });
  });

  test.for(["revoked", "expired", "deleted"] as const)(
    "in the name of a token that is %s is refused",
    async (end, { open }) => {
      const server = await open();
      const { database } = server.services;
      const { id: caseId } = await server.createCase();
      const expiresAt = end === "expired" ? { expiresAt: new Date(Date.now() - 1) } : {};
      const token = await createToken({ app: server.services }, ["run"], expiresAt);
      if (end !== "expired") await database.credentialStore.revokeToken(token.id, new Date());
      if (end === "deleted") await database.credentialStore.deleteDeadTokens(new Date());
      const id = await server.createDue(caseId, { principal: `token:${token.id}` });
      server.schedule();
      await expect
        .poll(async () => (await server.read(id)).last)
        .toMatchObject({
          outcome: "refused",
          code: "unauthorized",
          message: expect.stringContaining("'admin'"),
        });
      expect(await server.runsOf(id)).toEqual([]);
    },
  );

  test("in the name of a good token is", async ({ open }) => {
    const server = await open();
    const { id: caseId } = await server.createCase();
    const token = await createToken({ app: server.services }, ["run"]);
    const id = await server.createDue(caseId, { principal: `token:${token.id}` });
    server.schedule();
    await expect.poll(async () => (await server.read(id)).last?.outcome).toBe("started");
  });
});

test("a schedule goes with its case, and with the step that it runs", async ({ open }) => {
  const server = await open();
  const [one, other] = [await server.createCase(), await server.createCase()];
  const ids = [
    await server.createDue(one.id),
    await server.createDue(other.id, { testStepId: other.stepId }),
    await server.createDue(other.id),
  ];
  await server.services.database.testCaseStore.deleteTestCase(one.id);
  await server.services.cases.deleteStep({ testCaseId: other.id, stepId: other.stepId });
  const left = await server.services.database.scheduleStore.listSchedules();
  expect(left.map(({ id }) => id)).toEqual(ids.slice(2));
});
