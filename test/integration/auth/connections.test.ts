import { SignJWT } from "jose";
import { describe, expect } from "vitest";
import { ConfigError } from "../../../src/config.js";
import WebSocket from "ws";
import { connect as connectClient, type WebSocketClass } from "../../../src/client/index.js";
import { scriptTextOf } from "../../../src/protocol/script-text.js";
import { startedAppTest, type Connect } from "../../support/app-fixtures.js";
import type { TestClient } from "../../support/client.js";
import { goodClaims, startKeyServer } from "../../support/key-server.js";
import { createToken, offered, stepwire, tokensOf } from "../../support/logins.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import { ServerProcess } from "../../support/server-process.js";
import { startApp, type TestApp } from "../../support/test-app.js";

const SECRET = "a secret of at least thirty-two bytes";

/** Resolves when the server has answered, so that the client is let in. */
async function untilWelcome(client: TestClient): Promise<void> {
  client.send({ type: "hello", protocol: 1 });
  await client.next("welcome");
}

const jwt = (claims: Record<string, unknown> = {}) =>
  new SignJWT({ ...goodClaims(), ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(SECRET));

const test = startedAppTest()
  .extend("welcomed", ({ connect }) => async (...credentials: Parameters<Connect>): Promise<TestClient> => {
    const client = await connect(...credentials);
    await untilWelcome(client);
    return client;
  })
  .extend(
    "request",
    ({ startedApp }) =>
      (path: string, init: RequestInit = {}) =>
        fetch(`http://${startedApp().address}${path}`, init),
  )
  .extend(
    "startLimited",
    ({ start }) =>
      () =>
        start({ AUTH_JWT_SECRET: SECRET, GENERATIONS_PER_HOUR: "1" }),
  );

describe("when a login is needed", () => {
  test("not as long as there is no token: everything is as ever", async ({ start, connect, request }) => {
    await start();
    const client = await connect();
    client.send({ type: "unsubscribe", run_id: "none" });
    expect(await client.next("unsubscribed")).toEqual({ type: "unsubscribed", run_id: "none" });
    expect((await request("/api/stats")).status).toBe(200);
    const session = await request("/api/session", { method: "POST" });
    expect(await session.json()).toMatchObject({ name: "anonymous", csrf_token: null });
    expect(session.headers.getSetCookie()).toEqual([]);
  });

  test("from the first token on, which another process may make, at once and also for who is connected", async ({
    start,
    welcomed,
    request,
  }) => {
    const app = await start();
    const client = await welcomed();
    const { headers } = await createToken(app, ["read"]);
    expect((await request("/api/stats")).status).toBe(401);
    expect(await client.untilClosed()).toMatchObject({ code: 4401 });
    await welcomed(headers);
  });

  test("the first token may be made through REST, which answers before it asks for one", async ({
    start,
    request,
  }) => {
    const { app } = await start();
    const response = await request("/api/tokens", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "first", scopes: ["admin"], setup_code: await app.setupCode() }),
    });
    expect(response.status).toBe(201);
    const { token } = (await response.json()) as { token: string };
    expect((await request("/api/tokens")).status).toBe(401);
    expect((await request("/api/tokens", { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
  });

  test("also when the only token is revoked, until it is pruned", async ({ start, request }) => {
    const app = await start();
    const { id } = await createToken(app, ["admin"]);
    await tokensOf(app.app).revoke(id);
    expect((await request("/api/stats")).status).toBe(401);
    await tokensOf(app.app).prune();
    expect((await request("/api/stats")).status).toBe(200);
  });

  test("for an address that others can reach the start is refused, unless there are logins", async ({
    start,
  }) => {
    const refusal = await startApp({ HOST: "0.0.0.0" }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigError);
    expect((refusal as Error).message).toMatch(
      /^HOST: 0\.0\.0\.0 .*tokens create.*AUTH_JWT_SECRET.*127\.0\.0\.1\.$/,
    );

    const app = await start({ HOST: "0.0.0.0", AUTH_JWT_SECRET: SECRET });
    const { port } = new URL(`http://${app.address}`);
    const local = `http://127.0.0.1:${port}/api/stats`;
    expect((await fetch(local)).status).toBe(401);
    const good = { authorization: `Bearer ${await jwt({ scope: "read" })}` };
    expect((await fetch(local, { headers: good })).status).toBe(200);
  });

  test("the process that is refused says so in one line", async () => {
    const { path, remove } = await scratchFolder();
    const failure = await ServerProcess.start(path, { HOST: "0.0.0.0" }).catch((error: unknown) => error);
    const [first, ...more] = (failure as Error).message
      .split("\n")
      .filter((line) => !/^\{"level":[34]0/.test(line));
    expect(first).toMatch(/^the server ended with 1: /);
    expect(more).toEqual([expect.stringMatching(/^HOST: /), ""]);
    await remove();
  });
});

describe("ways to log in", () => {
  test("an API token as a header, or as a subprotocol that is not sent back", async ({ start, welcomed }) => {
    const app = await start();
    const { token, headers } = await createToken(app, ["read"]);
    await welcomed(headers);
    const client = await welcomed({}, { protocols: offered(token) });
    expect(client.socket.protocol).toBe("stepwire.v1");
  });

  test("a JSON Web Token with a shared secret, with its scopes in either claim", async ({
    start,
    welcomed,
  }) => {
    await start({ AUTH_JWT_SECRET: SECRET });
    for (const scopes of [{ scope: "openid run" }, { scope: undefined, scopes: ["run"] }]) {
      const headers = { authorization: `Bearer ${await jwt(scopes)}` };
      const client = await welcomed(headers);
      client.send({ type: "generate_test_case", description: "Open http://app.test/." });
      expect(await client.next("generation_error")).toMatchObject({ code: "forbidden" });
      client.send({ type: "cancel", run_id: "none" });
      expect(await client.next("execution_error")).toMatchObject({ code: "run_not_found" });
    }
  });

  test("a login that cannot be checked is neither taken nor held against anybody", async ({
    start,
    request,
    connect,
  }) => {
    const keyServer = await startKeyServer();
    const token = await keyServer.sign();
    await keyServer.close();
    await start({ AUTH_JWKS_URL: keyServer.url, FAILED_LOGINS_PER_MINUTE: "1" });
    const headers = { authorization: `Bearer ${token}` };
    for (let attempt = 0; attempt < 3; attempt++) {
      expect((await request("/api/stats", { headers })).status).toBe(503);
    }
    expect(await (await connect(headers)).untilClosed()).toMatchObject({ code: 4443 });
  });
});

describe("credentials that end", () => {
  test("a token revoked through REST closes its sockets within a second, and nobody else's", async ({
    start,
    welcomed,
    request,
    connect,
  }) => {
    const app = await start();
    const admin = await createToken(app, ["admin"]);
    const { id, headers } = await createToken(app, ["read"]);
    const doomed = await Promise.all([welcomed(headers), welcomed(headers)]);
    const other = await welcomed(admin.headers);

    const revokedAt = performance.now();
    const response = await request(`/api/tokens/${id}`, { method: "DELETE", headers: admin.headers });
    expect(await response.json()).toMatchObject({ id, revoked_at: expect.any(String) });
    for (const client of doomed) expect(await client.untilClosed()).toMatchObject({ code: 4441 });
    expect(performance.now() - revokedAt).toBeLessThan(1_000);

    await untilAnswered(other);
    expect(other.closed).toBeUndefined();
    expect(await (await connect(headers)).untilClosed()).toMatchObject({ code: 4401 });
  });

  test("a token revoked by the command line, in another process, closes its sockets within a second", async ({
    start,
    welcomed,
  }) => {
    const app = await start();
    const admin = await createToken(app, ["admin"]);
    const { name, token, headers } = await createToken(app, ["read"]);
    const [doomed, other] = [await welcomed(headers), await welcomed(admin.headers)];

    const command = stepwire(app.databaseUrl, ["tokens", "revoke", name]);
    expect(await doomed.untilClosed()).toMatchObject({ code: 4441 });
    const closedAt = Date.now();
    const record = await tokensOf(app.app).find(token);
    expect(closedAt - (record?.revokedAt?.getTime() ?? 0)).toBeLessThan(1_000);
    expect(await command).toMatchObject({ code: 0, stdout: expect.stringContaining(`Revoked ${name}`) });
    await untilAnswered(other);
  });

  test("a token that expires closes its sockets with a code after which a client may come back", async ({
    start,
    welcomed,
  }) => {
    const app = await start({ AUTH_JWT_SECRET: SECRET });
    const soon = Math.ceil(Date.now() / 1000) + 4;
    const { headers } = await createToken(app, ["read"], { expiresAt: new Date(soon * 1000) });
    const both = [
      await welcomed(headers),
      await welcomed({ authorization: `Bearer ${await jwt({ exp: soon })}` }),
    ];
    for (const client of both) {
      expect(await client.untilClosed()).toMatchObject({ code: 4440 });
      expect(Date.now()).toBeGreaterThanOrEqual(soon * 1000);
    }
  });

  test("the client library comes back with a new token, and ends when it is refused", async ({ start }) => {
    const app = await start({ AUTH_JWT_SECRET: SECRET });
    let made = 0;
    const token = async () => {
      const isFirst = made++ === 0;
      return await jwt(isFirst ? { exp: Math.ceil(Date.now() / 1000) + 3 } : {});
    };
    const options = { url: `http://${app.address}`, WebSocket: WebSocket as unknown as WebSocketClass };
    const client = await connectClient({ ...options, token, minDelayMs: 5, maxDelayMs: 20 });
    await expect.poll(() => made, { timeout: 10_000 }).toBe(2);
    await expect(client.executeStep(99).result).rejects.toMatchObject({ code: "step_not_found" });
    client.close();
    await expect(connectClient({ ...options, token: "stw_wrong" })).rejects.toMatchObject({ code: 4401 });
  });

  test("a stream of server-sent events ends with them too", async ({ pool, start, welcomed, request }) => {
    let release = (): void => undefined;
    pool.page.navigate = () => new Promise((resolve) => (release = resolve));
    const app = await start();
    const { stepIds } = await app.createCase([[{ action: "navigate", url: "http://app.test/" }]]);
    const { id, headers } = await createToken(app, ["run"]);
    const client = await welcomed(headers);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    const { run_id } = await client.next("execution_started");
    const stream = await request(`/api/runs/${run_id}/events`, {
      headers: { ...headers, accept: "text/event-stream" },
    });
    expect(stream.status).toBe(200);
    await tokensOf(app.app).revoke(id);
    await expect(stream.text()).rejects.toThrow();
    release();
  });
});

async function untilAnswered(client: TestClient): Promise<void> {
  client.send({ type: "unsubscribe", run_id: "none" });
  await client.next("unsubscribed");
}

describe("failed logins", () => {
  const wrong = { authorization: `Bearer stw_${"A".repeat(43)}` };

  test("are limited for each address and say when to try again, but good credentials always pass", async ({
    start,
    request,
    connect,
    welcomed,
  }) => {
    const app = await start({ FAILED_LOGINS_PER_MINUTE: "3" });
    const { headers } = await createToken(app, ["admin"]);
    for (let failure = 0; failure < 3; failure++) {
      // A login that succeeds in between does not make up for those that fail.
      expect((await request("/api/stats", { headers })).status).toBe(200);
      expect((await request("/api/stats", { headers: wrong })).status).toBe(401);
    }
    const response = await request("/api/stats", { headers: wrong });
    expect(response.status).toBe(429);
    const { error } = (await response.json()) as { error: { code: string; retry_after_ms: number } };
    expect(error).toMatchObject({ code: "rate_limited", message: expect.stringContaining("failed logins") });
    expect(error.retry_after_ms).toBeGreaterThan(0);
    expect(Number(response.headers.get("retry-after"))).toBe(Math.ceil(error.retry_after_ms / 1_000));
    expect(await (await connect(wrong)).untilClosed()).toMatchObject({ code: 4442 });
    // Others behind the same proxy are not locked out by somebody's wrong tokens.
    expect((await request("/api/stats", { headers })).status).toBe(200);
    await untilAnswered(await welcomed(headers));
    const session = await request("/api/session", { method: "POST", headers });
    const [cookie = ""] = session.headers.getSetCookie();
    expect((await request("/api/stats", { headers: { cookie: cookie.split(";")[0] ?? "" } })).status).toBe(
      200,
    );
  });

  test("are not those that show nothing at all", async ({ start, request }) => {
    const app = await start({ FAILED_LOGINS_PER_MINUTE: "1" });
    const { headers } = await createToken(app, ["read"]);
    for (let attempt = 0; attempt < 5; attempt++) expect((await request("/api/stats")).status).toBe(401);
    expect((await request("/api/stats", { headers })).status).toBe(200);
  });

  test("are written down, but a flood of them is not", async ({ start, welcomed, request }) => {
    const app = await start({ FAILED_LOGINS_PER_MINUTE: "5" });
    const { headers } = await createToken(app, ["admin"]);
    const admin = await welcomed(headers);
    for (let attempt = 0; attempt < 50; attempt++) await request("/api/stats", { headers: wrong });
    await untilAnswered(admin);
    const entries = await app.app.database.auditStore.listAudit({ limit: 100, before: undefined });
    expect(entries.map(({ action, target }) => [action, target])).toEqual([
      ["login_failed", "unknown credentials"],
      ["login_failed", "unknown credentials"],
    ]);
    expect(JSON.stringify(entries)).not.toContain("AAAA");
  });
});

test("sockets without credentials count against the limits until they are gone", async ({
  start,
  connect,
  welcomed,
}) => {
  const app = await start({ MAX_CONNECTIONS_PER_ADDRESS: "2" });
  const { headers } = await createToken(app, ["read"]);
  const unknown = [await connect(), await connect()];
  for (const client of unknown) expect(await client.untilClosed()).toMatchObject({ code: 4401 });
  await Promise.all([welcomed(headers), welcomed(headers)]);
  expect(await (await connect(headers)).untilClosed()).toMatchObject({ code: 4431 });
});

describe("whose a run is", () => {
  test("limits are for each token, not for the address, on both sides together", async ({
    startLimited,
    request,
    connect,
  }) => {
    const app = await startLimited();
    const [first, second] = await Promise.all([createToken(app, ["author"]), createToken(app, ["author"])]);
    const generate = (headers: Record<string, string>) =>
      request("/api/test-cases/generate", {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ description: "Open http://app.test/. Click Login." }),
      });
    expect((await generate(first.headers)).status).toBe(201);
    const refusal = await generate(first.headers);
    expect(refusal.status).toBe(429);
    expect(await refusal.json()).toMatchObject({ error: { code: "rate_limited" } });
    const client = await connect(first.headers);
    client.send({ type: "generate_test_case", description: "Open http://app.test/." });
    expect(await client.next("generation_error")).toMatchObject({ code: "rate_limited" });
    expect((await generate(second.headers)).status).toBe(201);
  });

  test("the audit table tells who did what, through REST and the WebSocket alike", async ({
    startLimited,
    welcomed,
    request,
  }) => {
    const app = await startLimited();
    const { stepIds } = await seeded(app);
    const admin = await createToken(app, ["admin"], { name: "boss" });
    const client = await welcomed({ authorization: `Bearer ${await jwt({ sub: "ann", scope: "run" })}` });
    client.send({ type: "execute_step", step_id: stepIds[0] });
    const { run_id } = await client.next("execution_complete");
    const json = { ...admin.headers, "content-type": "application/json" };
    await request("/api/test-cases/1", {
      method: "PUT",
      headers: json,
      body: JSON.stringify({ name: "New" }),
    });
    await request("/api/test-cases/99", { method: "DELETE", headers: admin.headers });
    await request(`/api/test-cases/1/steps/${stepIds[0]}`, { method: "DELETE", headers: admin.headers });
    const body = JSON.stringify({ name: "ci", scopes: ["read"] });
    const made = await request("/api/tokens", { method: "POST", headers: json, body });
    const { id, token } = (await made.json()) as { id: string; token: string };
    await request(`/api/tokens/${id}`, { method: "DELETE", headers: admin.headers });

    const expected = [
      ["boss", `token:${admin.id}`, "revoke_token", `token ${id}`],
      ["boss", `token:${admin.id}`, "create_token", `token ${id}`],
      ["boss", `token:${admin.id}`, "delete_test_step", `test_step ${stepIds[0]}`],
      ["boss", `token:${admin.id}`, "change_test_case", "test_case 1"],
      ["ann", "jwt:ann", "execute_step", `run ${run_id} of test_step ${stepIds[0]}`],
    ];
    const page = async (query = "") => {
      const response = await request(`/api/audit${query}`, { headers: admin.headers });
      return (await response.json()) as { items: Record<string, string>[]; next_cursor: string | null };
    };
    const rows = (items: Record<string, string>[]) =>
      items.map(({ name, principal, action, target }) => [name, principal, action, target]);
    await expect.poll(async () => rows((await page()).items)).toEqual(expected);
    const first = await page("?limit=2");
    const rest = await page(`?limit=50&cursor=${first.next_cursor}`);
    expect(rows([...first.items, ...rest.items])).toEqual(expected);
    expect(rest.next_cursor).toBeNull();
    expect(first.items[0]).toMatchObject({ address: "127.0.0.1", at: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(JSON.stringify([first, rest])).not.toContain(token);
  });
});

async function seeded({ app }: TestApp): Promise<{ stepIds: number[] }> {
  const { steps } = await app.cases.create({
    name: "Case",
    steps: [{ description: "Step 1", seleniumScriptJson: scriptTextOf([{ action: "wait", duration: 0 }]) }],
  });
  return { stepIds: steps.map(({ id }) => id) };
}

test("requests are limited for each principal, whatever the others do", async ({ start, request }) => {
  const app = await start({ HTTP_REQUESTS_PER_MINUTE: "5" });
  const [first, second] = [await createToken(app, ["read"]), await createToken(app, ["read"])];
  for (let count = 0; count < 5; count++) {
    expect((await request("/api/stats", { headers: first.headers })).status).toBe(200);
  }
  const refusal = await request("/api/test-cases", { headers: first.headers });
  expect(refusal.status).toBe(429);
  expect(Number(refusal.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refusal.json()).toMatchObject({
    error: { code: "rate_limited", retry_after_ms: expect.any(Number) },
  });
  expect((await request("/api/stats", { headers: second.headers })).status).toBe(200);
  for (let count = 0; count < 10; count++) expect((await request("/healthz")).status).toBe(200);
});
