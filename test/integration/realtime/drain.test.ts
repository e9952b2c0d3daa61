import { expect } from "vitest";
import { TestClient } from "../../support/client.js";
import { startedAppTest as test } from "../../support/app-fixtures.js";
import { FakePool } from "../../support/fake-browser.js";
import { ON_POSTGRES } from "../../support/test-databases.js";

const DRAINING = { code: 4433, reason: expect.stringContaining("reach another") as string };

/** A pool whose sessions are there only once it is unlocked. */
class LockedPool extends FakePool {
  unlock: () => void = () => undefined;
  readonly #unlocked = new Promise<void>((resolve) => {
    this.unlock = resolve;
  });

  override async acquire(signal: AbortSignal) {
    await this.#unlocked;
    return await super.acquire(signal);
  }
}

interface Readiness {
  status: string;
  checks: { server: { ok: boolean; message?: string } };
}

test("a server that drains takes nothing new and lets its runs end, those that wait as well", async ({
  start,
  connect,
}) => {
  const pool = new LockedPool(1);
  const { address, app, createCase } = await start({}, pool);
  const ready = async () => (await (await fetch(`http://${address}/readyz`)).json()) as Readiness;
  expect((await ready()).checks.server.ok).toBe(true);
  const { stepIds } = await createCase([[{ action: "log", message: "Hello" }]]);
  const [watcher, idle] = [await connect(), await connect()];
  for (const request_id of ["first", "second"]) {
    watcher.send({ type: "execute_step", step_id: stepIds[0], request_id });
  }
  await watcher.next("queued");

  const drained = app.drain();

  expect(await idle.untilClosed()).toEqual(DRAINING);
  expect(await ready()).toMatchObject({ status: "unavailable", checks: { server: { ok: false } } });
  const late = await TestClient.connect(address);
  expect(await late.untilClosed()).toEqual(DRAINING);
  watcher.send({ type: "execute_step", step_id: stepIds[0], request_id: "late" });
  const refusal = await watcher.next(({ request_id }) => request_id === "late");
  expect(refusal).toMatchObject({ type: "execution_error", code: "server_stopping" });

  pool.unlock();
  await drained;
  await app.close();
  // The goodbye is the last that a client hears.
  expect(await watcher.untilClosed()).toEqual(DRAINING);
  const verdicts = watcher.received.filter(({ type }) => type === "execution_complete");
  // Servers of one PostgreSQL leave to each other what waits.
  expect(verdicts.map(({ status }) => status)).toEqual(ON_POSTGRES ? ["passed"] : ["passed", "passed"]);
});
