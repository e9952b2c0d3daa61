import { describe, expect } from "vitest";
import { anonymous, withImplied } from "../../../src/auth/identity.js";
import { restTest } from "../../support/rest-fixtures.js";

/** The principal that makes the requests of a test. */
const caller = { principal: "token:ada", scopes: withImplied(["run", "author"]) };

const test = restTest()
  .override("dependencies", { login: async ({ address }) => ({ ...anonymous(address), ...caller }) })
  .extend("testCase", async ({ server }) => {
    Object.assign(caller, { principal: "token:ada", scopes: withImplied(["run", "author"]) });
    const body = { name: "Case", steps: [{ description: "Step 1" }] };
    const { json } = await server.request("POST", "/api/test-cases", body);
    return { id: json.id as number, stepId: json.steps[0].id as number };
  });

const nightly = (test_case_id: number) => ({
  name: "Every night",
  test_case_id,
  cron: "30 2 * * *",
  time_zone: "Europe/Berlin",
  options: { retries: 1, priority: 2, on_failure: "continue" },
});

test("schedules are made, read, listed, changed and deleted", async ({ server, testCase }) => {
  const made = await server.request("POST", "/api/schedules", nightly(testCase.id));
  expect(made).toMatchObject({
    status: 201,
    headers: { location: `/api/schedules/${made.json.id}` },
    json: {
      ...nightly(testCase.id),
      test_step_id: null,
      execute_at: null,
      environment: null,
      enabled: true,
      created_by: "token:ada",
      principal: "token:ada",
      next_at: expect.stringMatching(/T0[01]:30:00.000Z$/),
      last: null,
    },
  });
  const path = `/api/schedules/${made.json.id}`;
  expect((await server.request("GET", path)).json).toEqual(made.json);
  await server.request("POST", "/api/schedules", { ...nightly(testCase.id), name: "And at noon" });
  const list = await server.request("GET", "/api/schedules");
  expect(list.json.items.map(({ name }: { name: string }) => name)).toEqual(["And at noon", "Every night"]);

  const executeAt = "2099-12-24T19:00:00+01:00";
  const changes = { execute_at: executeAt, test_step_id: testCase.stepId, options: { video: true } };
  const changed = await server.request("PATCH", path, changes);
  expect(changed.json).toMatchObject({
    cron: null,
    execute_at: "2099-12-24T18:00:00.000Z",
    next_at: "2099-12-24T18:00:00.000Z",
    test_step_id: testCase.stepId,
    options: { video: true },
  });
  // A client may send back what it got.
  expect((await server.request("PATCH", path, changed.json)).json).toMatchObject({ name: "Every night" });
  expect((await server.request("PATCH", path, { enabled: false })).json).toMatchObject({ next_at: null });

  expect((await server.request("DELETE", path)).json).toEqual({ id: made.json.id, deleted: true });
  expect(await server.request("GET", path)).toMatchObject({
    status: 404,
    json: { error: { code: "schedule_not_found" } },
  });
});

describe("a schedule is refused", () => {
  test.for<[string, object, number, string]>([
    ["with an expression of four fields", { cron: "0 * * *" }, 400, "cron: must be five fields"],
    ["with a minute that no hour has", { cron: "61 * * * *" }, 400, "cron: is not valid"],
    ["with a day that never comes", { cron: "0 0 31 2 *" }, 400, "cron: names a day that never comes"],
    ["with a time zone that there is not", { time_zone: "Berlin" }, 400, "time_zone: is no time zone; use"],
    ["with a time that is over", { cron: null, execute_at: "2020-01-01T00:00:00Z" }, 400, "'execute_at'"],
    [
      "with a time without its offset",
      { execute_at: "2099-01-01T00:00:00" },
      400,
      "execute_at: must be a time",
    ],
    ["with times of both kinds", { execute_at: "2099-01-01T00:00:00Z" }, 400, "one of the two"],
    ["without a time", { cron: null }, 400, "one of the two"],
    ["with a priority that there is not", { options: { priority: 10 } }, 400, "options.priority"],
    ["with values for one run", { options: { variables: { A: "b" } } }, 400, "options.variables"],
    ["for a case that there is not", { test_case_id: 999 }, 404, "'test_case_id'"],
    ["for a step of no case", { test_step_id: 999, options: {} }, 404, "'test_step_id'"],
    ["in an environment that there is not", { environment: "none" }, 404, "There is no environment 'none'."],
    ["under a name that is taken", { name: "Taken" }, 409, "There is a schedule 'Taken' already."],
    ["with a field that there is not", { every: "hour" }, 400, "every"],
  ])("%s", async ([, fields, status, message], { server, testCase }) => {
    await server.request("POST", "/api/schedules", { ...nightly(testCase.id), name: "Taken" });
    const refused = await server.request("POST", "/api/schedules", { ...nightly(testCase.id), ...fields });
    expect(refused.text).toContain(message);
    expect(refused.status).toBe(status);
    const others = await server.request("PATCH", `/api/schedules/${"0".repeat(36)}`, { enabled: false });
    expect(others.status).toBe(404);
  });
});

test("a schedule is its owner's, or an admin's, who becomes its owner", async ({ server, testCase }) => {
  const { json } = await server.request("POST", "/api/schedules", nightly(testCase.id));
  const path = `/api/schedules/${json.id}`;
  caller.principal = "token:bob";
  expect(await server.request("PATCH", path, { enabled: false })).toMatchObject({
    status: 403,
    json: { error: { code: "forbidden" } },
  });
  expect((await server.request("DELETE", path)).status).toBe(403);
  caller.scopes = withImplied(["admin"]);
  expect((await server.request("PATCH", path, { enabled: true })).json).toMatchObject({
    created_by: "token:ada",
    principal: "token:bob",
  });
});

test("whoever may start no runs makes no schedule, and whoever may only look reads them", async ({
  server,
  testCase,
}) => {
  caller.scopes = withImplied(["author"]);
  expect(await server.request("POST", "/api/schedules", nightly(testCase.id))).toMatchObject({ status: 403 });
  caller.scopes = withImplied(["read"]);
  expect((await server.request("GET", "/api/schedules")).json).toEqual({ items: [] });
});

test("a schedule keeps its environment under another name, which is not deleted meanwhile", async ({
  server,
  testCase,
}) => {
  await server.request("POST", "/api/environments", { name: "staging" });
  const body = { ...nightly(testCase.id), environment: "staging" };
  const { json } = await server.request("POST", "/api/schedules", body);
  await server.request("PUT", "/api/environments/staging", { name: "test" });
  expect((await server.request("GET", `/api/schedules/${json.id}`)).json.environment).toBe("test");
  expect(await server.request("DELETE", "/api/environments/test")).toMatchObject({
    status: 409,
    json: { error: { message: expect.stringContaining("'Every night'") } },
  });
});
