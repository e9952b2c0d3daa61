import { expect } from "vitest";
import type { Generator } from "../../../src/generation/ports.js";
import { TestClient } from "../../support/client.js";
import { startedAppTest } from "../../support/app-fixtures.js";
import { FakePool } from "../../support/fake-browser.js";
import { startApp } from "../../support/test-app.js";
import { ON_POSTGRES } from "../../support/test-databases.js";

const test = startedAppTest();

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

/** A generator that writes once it is let go. */
class HeldGenerator implements Generator {
  readonly name = "openai";
  /** The number of things that it has begun to write. */
  begun = 0;
  finish: () => void = () => undefined;
  readonly #finished = new Promise<void>((resolve) => (this.finish = resolve));

  async generateCase() {
    await this.#held();
    return { steps: [{ description: "Open", expectedResult: "", commands: [] }], warnings: [] };
  }

  async generateStep() {
    await this.#held();
    return { commands: [{ action: "log" as const, message: "Written" }], warnings: [] };
  }

  async #held(): Promise<void> {
    this.begun++;
    await this.#finished;
  }
}

const generate = (address: string, path: string, body: object) =>
  fetch(`http://${address}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test("a server that drains waits for generations under way, and takes no new ones", async ({
  onTestFinished,
}) => {
  const generator = new HeldGenerator();
  const { address, app, createCase, close } = await startApp({}, { pool: new FakePool(1), generator });
  onTestFinished(close);
  const { stepIds } = await createCase([null]);
  const client = await TestClient.connect(address);
  client.send({ type: "generate_test_case", description: "Open it" });
  const rewritten = generate(address, `/api/test-steps/${stepIds[0]}/generate-selenium`, {});
  const made = generate(address, "/api/test-cases/generate", { description: "Open it" });
  await expect.poll(() => generator.begun).toBe(3);

  let hasDrained = false;
  const drained = app.drain().then(() => (hasDrained = true));
  const late = await generate(address, "/api/test-cases/generate", { description: "Open it" });
  expect(late.status).toBe(503);
  expect(await late.json()).toMatchObject({ error: { code: "server_stopping" } });
  expect(hasDrained).toBe(false);

  generator.finish();
  await drained;
  await app.close();
  expect(await client.next("generation_complete")).toMatchObject({ success: true });
  expect(await (await rewritten).json()).toMatchObject({
    selenium_script_json: expect.stringContaining("Written"),
  });
  expect((await made).status).toBe(201);
});
