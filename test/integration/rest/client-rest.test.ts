import { expect } from "vitest";
import { SignedUrls } from "../../../src/http/signed-urls.js";
import { connect, StepwireRest, UnreachableError } from "../../../src/client/index.js";
import { ownAppTest } from "../../support/app-fixtures.js";
import { closedPort } from "../../support/closed-port.js";
import { createToken } from "../../support/logins.js";
import WebSocket from "ws";

const test = ownAppTest()
  .extend("testCase", async ({ testApp }) => {
    const { caseId, stepIds } = await testApp.createCase([[{ action: "log", message: "Hello" }]]);
    return { id: caseId, stepId: stepIds[0] ?? 0 };
  })
  .extend("token", async ({ testApp, testCase }) => {
    // Made after the case, which nobody needs a login for yet.
    expect(testCase.id).toBe(1);
    return (await createToken(testApp, ["run", "author"])).token;
  })
  .extend("rest", ({ testApp, token }) => new StepwireRest({ url: `http://${testApp.address}`, token }));

test("the client finds cases and runs, and tells what is stored of them", async ({
  testApp,
  testCase,
  token,
  rest,
}) => {
  const client = await connect({ url: `http://${testApp.address}`, token, WebSocket });
  const run = client.executeAll(testCase.id);
  const { status } = await run.result;
  const id = await run.accepted;
  client.close();
  expect(status).toBe("passed");
  expect(await rest.runs.get(id)).toMatchObject({ id, status, steps: [{ test_step_id: testCase.stepId }] });
  expect(await rest.runs.list({ test_case_id: testCase.id, flaky: false })).toMatchObject({
    items: [{ id }],
  });
  expect(await rest.cases.history(testCase.id)).toMatchObject({ pass_rate: 1 });
  const names = [];
  for await (const { name } of rest.cases.all({ search: "case" })) names.push(name);
  expect(names).toEqual(["Case"]);
  const copy = await client.rest.cases.create(await rest.cases.get(testCase.id));
  expect(await rest.cases.update(copy.id, { name: "Copy" })).toMatchObject({ id: copy.id, name: "Copy" });
  await rest.cases.delete(copy.id);
  await expect(rest.cases.get(copy.id)).rejects.toMatchObject({
    name: "RequestError",
    code: "test_case_not_found",
    status: 404,
  });
  const waiting = await rest.cases.run(testCase.id);
  expect(waiting).toMatchObject({ kind: "case", test_case_id: testCase.id });
});

test("the client makes, holds and deletes schedules", async ({ testCase, rest }) => {
  const nightly = {
    name: "Nightly",
    test_case_id: testCase.id,
    cron: "30 2 * * *",
    options: { priority: 9 },
  };
  const { id } = await rest.schedules.create(nightly);

  const held = await rest.schedules.update(id, { enabled: false });

  expect(held).toMatchObject({ ...nightly, id, enabled: false, next_at: null });
  expect(await rest.schedules.get(id)).toEqual(held);
  expect(await rest.schedules.list()).toEqual([held]);
  await expect(rest.schedules.update(id, { cron: "30 25 * * *" })).rejects.toThrow(/cron/);
  await rest.schedules.delete(id);
  expect(await rest.schedules.list()).toEqual([]);
});

test("a server that is not there is told as such", async () => {
  const rest = new StepwireRest({ url: `http://127.0.0.1:${await closedPort()}` });
  await expect(rest.runs.list()).rejects.toThrow(UnreachableError);
  await expect(rest.runs.list()).rejects.toThrow(/does not answer: .*ECONNREFUSED/);
});

test("an artifact is shown without a login by a signed address, and by no other", async ({
  testApp,
  testCase,
  rest,
}) => {
  const { artifactStore } = testApp.app.database;
  const run = await rest.cases.run(testCase.id);
  const kept = {
    runId: run.id,
    stepId: testCase.stepId,
    kind: "screenshot",
    mediaType: "image/jpeg",
  } as const;
  const path = await artifactStore.save({ ...kept, bytes: Buffer.from("picture") });
  const other = await artifactStore.save({ ...kept, bytes: Buffer.from("other") });
  const plain = `http://${testApp.address}${path}`;
  expect((await fetch(plain)).status).toBe(401);
  expect(await (await rest.artifacts.read(path)).text()).toBe("picture");

  const signed = await rest.artifacts.url(path);

  expect(await (await fetch(signed)).text()).toBe("picture");
  const { search } = new URL(signed);
  for (const address of [
    `http://${testApp.address}${other}${search}`,
    signed.replace(/expires=\d/, "expires=9"),
    signed.slice(0, -1),
    `${plain}?signature=x`,
    `http://${testApp.address}/api/runs/${run.id}${search}`,
  ]) {
    expect([address, (await fetch(address)).status]).toEqual([address, 401]);
  }
});

test("a signed address is good for five minutes", async ({ task }) => {
  let now = Date.UTC(2026, 0, 1);
  const urls = new SignedUrls({ now: () => new Date(now) });
  const { url, expiresAt } = urls.sign(task.name);
  expect(expiresAt.getTime() - now).toBe(300_000);
  const query = Object.fromEntries(new URL(url, "http://a.test").searchParams);
  const request = { routeOptions: { url: "/api/artifacts/:id" }, params: { id: task.name }, query };
  // The parts of a request that are looked at.
  const admits = () => urls.admits(request as never);
  now += 299_999;
  expect(admits()).toBe(true);
  now += 1;
  expect(admits).toThrow("no longer good");
});
