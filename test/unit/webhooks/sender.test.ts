import { readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { Webhook } from "standardwebhooks";
import { expect } from "vitest";
import type { StoredRun } from "../../../src/cases/ports.js";
import { systemLookup, type NameLookup } from "../../../src/hosts/name-lookup.js";
import { RunFinished } from "../../../src/protocol/webhooks.js";
import type { Delivery, DeliveryStore } from "../../../src/webhooks/ports.js";
import { WebhookSender } from "../../../src/webhooks/sender.js";
import { targetsOf } from "../../../src/webhooks/targets.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { silentLog } from "../../support/silent-log.js";

const SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const MINUTE = 60_000;

const RUN: StoredRun = {
  id: "run-1",
  kind: "case",
  testCaseId: 5,
  testStepId: null,
  onFailure: "stop",
  status: "failed",
  errorMessage: "It says “Sorry”",
  requestId: null,
  principal: null,
  environment: null,
  browser: null,
  browserVersion: null,
  attempts: 1,
  flaky: false,
  createdAt: new Date("2026-01-13T10:00:00Z"),
  startedAt: new Date("2026-01-13T10:00:01Z"),
  finishedAt: new Date("2026-01-13T10:00:02Z"),
};

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver that answers with one status after the other, and goes on with the last. */
const test = folderTest
  .extend("receiver", async ({}, { onCleanup }) => {
    const received: Received[] = [];
    const answers: number[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        received.push({ headers: request.headers, body });
        const status = answers.shift() ?? 200;
        response.writeHead(status, { location: "/elsewhere" }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onCleanup(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/hook?token=s3cret`, received, answers };
  })
  .extend("deliver", ({}, { onCleanup }) => {
    const senders: WebhookSender[] = [];
    onCleanup(async () => {
      for (const sender of senders) await sender.stop();
    });
    /** Sends one message until it is delivered or given up, however long the pauses between the attempts are. */
    return async (
      url: string,
      { lookup = systemLookup(), targets = targetsOf([url]) }: Partial<Sending> = {},
    ): Promise<Delivery> => {
      const store = new OneDelivery(targetsOf([url])[0]?.name ?? "");
      const sender = new WebhookSender({
        store,
        findRun: () => Promise.resolve(RUN),
        nameOfCase: () => Promise.resolve("Orders"),
        targets,
        secrets: [Buffer.from(SECRET.replace("whsec_", ""), "base64"), Buffer.alloc(32, 1)],
        lookup,
        now: () => store.now,
        lookIntervalMs: 1,
        log: silentLog,
      });
      senders.push(sender);
      sender.start();
      return await store.over;
    };
  });

interface Sending {
  lookup: NameLookup;
  targets: ReturnType<typeof targetsOf>;
}

/** A store of one message, whose clock stands at the moment of the next attempt. */
class OneDelivery implements DeliveryStore {
  now = new Date();
  #delivery: Delivery;
  readonly over: Promise<Delivery>;
  #end: (delivery: Delivery) => void = () => undefined;

  constructor(target: string) {
    const [createdAt, nextAttemptAt] = [this.now, this.now];
    this.#delivery = {
      id: "msg-1",
      runId: RUN.id,
      target,
      status: "pending",
      attempts: [],
      createdAt,
      nextAttemptAt,
    };
    this.over = new Promise((resolve) => (this.#end = resolve));
  }

  findDueDeliveries(now: Date): Promise<Delivery[]> {
    const { nextAttemptAt } = this.#delivery;
    return Promise.resolve(nextAttemptAt !== null && nextAttemptAt <= now ? [this.#delivery] : []);
  }

  updateDelivery(
    _id: string,
    changes: Pick<Delivery, "status" | "attempts" | "nextAttemptAt">,
  ): Promise<void> {
    this.#delivery = { ...this.#delivery, ...changes };
    if (changes.nextAttemptAt === null) this.#end(this.#delivery);
    else this.now = changes.nextAttemptAt;
    return Promise.resolve();
  }

  redeliver(): Promise<Delivery | undefined> {
    return Promise.reject(new Error("not in these tests"));
  }

  findDelivery(): Promise<Delivery | undefined> {
    return Promise.reject(new Error("not in these tests"));
  }

  listDeliveries(): Promise<Delivery[]> {
    return Promise.resolve([this.#delivery]);
  }

  deleteDeliveries(): Promise<number> {
    return Promise.resolve(0);
  }
}

test("a message has the documented form, and its signature is valid for others' libraries", async ({
  receiver,
  deliver,
}) => {
  expect(await deliver(receiver.url)).toMatchObject({ status: "delivered", attempts: [{ status: 200 }] });
  const [{ headers, body } = { headers: {}, body: "" }] = receiver.received;
  expect(RunFinished.parse(JSON.parse(body))).toEqual(JSON.parse(body));
  expect(JSON.parse(body)).toMatchObject({
    type: "run.finished",
    timestamp: "2026-01-13T10:00:02.000Z",
    data: { run_id: "run-1", test_case_name: "Orders", status: "failed", page: "/runs/run-1" },
  });
  expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
});

test("the code of docs/webhooks.md accepts messages, and none that were changed or are old", async ({
  receiver,
  deliver,
  folder,
}) => {
  await deliver(receiver.url);
  const [, code = ""] = /```js\n([^]*?)```/.exec(await readFile("docs/webhooks.md", "utf8")) ?? [];
  await writeFile(join(folder, "receiver.mjs"), code);
  const { isFromStepwire } = (await import(pathToFileURL(join(folder, "receiver.mjs")).href)) as {
    isFromStepwire: (headers: IncomingHttpHeaders, body: string, secret: string) => boolean;
  };
  const [{ headers, body } = { headers: {}, body: "" }] = receiver.received;
  expect(isFromStepwire(headers, body, SECRET)).toBe(true);
  expect(isFromStepwire(headers, body.replace("failed", "passed"), SECRET)).toBe(false);
  expect(isFromStepwire({ ...headers, "webhook-id": "msg-2" }, body, SECRET)).toBe(false);
  expect(isFromStepwire({ ...headers, "webhook-timestamp": "1700000000" }, body, SECRET)).toBe(false);
  expect(isFromStepwire(headers, body, `whsec_${Buffer.alloc(32, 2).toString("base64")}`)).toBe(false);
});

test("a message that is refused goes out again under its id, at longer and longer pauses", async ({
  receiver,
  deliver,
}) => {
  receiver.answers.push(500, 301, 404);
  const { status, attempts } = await deliver(receiver.url);
  expect(status).toBe("delivered");
  expect(attempts.map((attempt) => attempt.error)).toEqual([
    "the receiver answers 500",
    "the receiver answers 301, and redirects are not followed",
    "the receiver answers 404",
    null,
  ]);
  expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set(["msg-1"]));
  const times = attempts.map(({ at }) => Date.parse(at));
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  for (const [index, least] of [5_000, 30_000, 2 * MINUTE].entries()) {
    expect(pauses[index]).toBeGreaterThanOrEqual(least);
    expect(pauses[index]).toBeLessThanOrEqual(least * 1.2);
  }
});

test("a message is given up after eight attempts, or once the receiver is gone for good", async ({
  receiver,
  deliver,
}) => {
  receiver.answers.push(...Array.from({ length: 8 }, () => 503));
  expect(await deliver(receiver.url)).toMatchObject({ status: "failed", attempts: { length: 8 } });
  receiver.answers.push(410);
  expect(await deliver(receiver.url)).toMatchObject({ status: "failed", attempts: [{ status: 410 }] });
});

test("no message goes to an address at which clouds hand out credentials", async ({ deliver }) => {
  const { attempts } = await deliver("http://hooks.example/", {
    lookup: () => Promise.resolve(["203.0.113.5", "169.254.169.254"]),
  });
  expect(attempts[0]?.error).toBe("hooks.example stands for 169.254.169.254, where no webhook may go");
});

test("a message for a URL that is not configured any more is not sent elsewhere", async ({
  receiver,
  deliver,
}) => {
  const { status, attempts } = await deliver(receiver.url, { targets: targetsOf(["http://other.example/"]) });
  expect(status).toBe("failed");
  expect(attempts[0]?.error).toBe("WEBHOOK_URLS does not name it any more.");
  expect(receiver.received).toEqual([]);
});

test("the name of a target shows nothing of its path or query", () => {
  const [first, second] = targetsOf(["https://hooks.example/T0/s3cret?x=1", "https://hooks.example/T1"]);
  expect(first?.name).toMatch(/^https:\/\/hooks\.example#[0-9a-f]{8}$/);
  expect(first?.name).not.toBe(second?.name);
});
