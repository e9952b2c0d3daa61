import { SignJWT } from "jose";
import { describe, expect } from "vitest";
import { ownAppTest } from "../../support/app-fixtures.js";
import { TestClient } from "../../support/client.js";
import { goodClaims } from "../../support/key-server.js";
import { createToken, tokensOf } from "../../support/logins.js";

const SECRET = "a secret of at least thirty-two bytes";
const HOUR_MS = 3_600_000;

interface Session {
  principal: string;
  name: string;
  scopes: string[];
  expires_at: string;
  csrf_token: string;
}

const test = ownAppTest()
  .override("environment", { AUTH_JWT_SECRET: SECRET })
  .extend(
    "request",
    ({ testApp }) =>
      (path: string, init: RequestInit = {}) =>
        fetch(`http://${testApp.address}${path}`, init),
  )
  /** Logs a browser in. */
  .extend("logIn", ({ request }) => async (headers: Record<string, string>, body?: unknown) => {
    const response = await request("/api/session", {
      method: "POST",
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const [setCookie = ""] = response.headers.getSetCookie();
    const answer = (await response.json()) as Session;
    return { status: response.status, setCookie, cookie: setCookie.split(";")[0] ?? "", answer };
  })
  .extend(
    "createCase",
    ({ request }) =>
      (headers: Record<string, string>) =>
        request("/api/test-cases", {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify({ name: "Case" }),
        }),
  )
  /** Connects as a page would. @returns the code with which the server closes, or nothing once it has answered */
  .extend(
    "connectFrom",
    ({ testApp }) =>
      async (origin: string, headers: Record<string, string>): Promise<number | undefined> => {
        const client = await TestClient.connect(testApp.address, { ...headers, origin });
        client.send({ type: "hello", protocol: 1 });
        await Promise.race([client.next("welcome").catch(() => undefined), client.untilClosed()]);
        client.close();
        return client.closed?.code;
      },
  )
  .extend("welcomed", ({ testApp }) => async (cookie: string): Promise<TestClient> => {
    const client = await TestClient.connect(testApp.address, { cookie });
    client.send({ type: "hello", protocol: 1 });
    await client.next("welcome");
    return client;
  });

describe("the cookie", () => {
  test("is out of reach of scripts and other sites, and kept to https where the browser speaks it", async ({
    testApp,
    logIn,
  }) => {
    const { headers } = await createToken(testApp, ["read"]);
    const plain = await logIn(headers);
    expect(plain.status).toBe(200);
    expect(plain.setCookie).toMatch(
      /^stepwire_session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    const proxied = await logIn({ ...headers, "x-forwarded-proto": "https" });
    expect(proxied.setCookie).toContain("; Secure");
  });

  test("holds nothing that is stored", async ({ testApp, logIn, request }) => {
    const { headers } = await createToken(testApp, ["read"]);
    const { cookie } = await logIn(headers);
    const secret = cookie.split("=")[1] ?? "";
    const found = await testApp.app.database.credentialStore.findSession(secret, new Date());
    expect(found).toBeUndefined();
    expect((await request("/api/stats", { headers: { cookie } })).status).toBe(200);
  });
});

describe("a session", () => {
  test("tells who one is", async ({ testApp, logIn, request }) => {
    const { id, name, token } = await createToken(testApp, ["run"]);
    const { cookie, answer } = await logIn({}, { token });
    const again = await request("/api/session", { headers: { cookie } });
    expect(await again.json()).toEqual(answer);
    expect(answer).toMatchObject({ principal: `token:${id}`, name, scopes: ["run", "read"] });
    expect(answer.csrf_token).toMatch(/^[\w-]{43}$/);
  });

  test("lasts twelve hours at most, and never longer than what it comes from", async ({ testApp, logIn }) => {
    const endless = await createToken(testApp, ["read"]);
    const soon = new Date(Date.now() + HOUR_MS);
    const short = await createToken(testApp, ["read"], { expiresAt: soon });
    const jwt = await new SignJWT({ ...goodClaims(), exp: Math.floor(soon.getTime() / 1000) })
      .setProtectedHeader({ alg: "HS256" })
      .sign(new TextEncoder().encode(SECRET));
    const end = async (headers: Record<string, string>) =>
      Date.parse((await logIn(headers)).answer.expires_at);
    const longest = await end(endless.headers);
    expect(longest).toBeGreaterThan(Date.now() + 11.9 * HOUR_MS);
    expect(longest).toBeLessThanOrEqual(Date.now() + 12 * HOUR_MS);
    expect(await end(short.headers)).toBe(soon.getTime());
    expect(await end({ authorization: `Bearer ${jwt}` })).toBe(Math.floor(soon.getTime() / 1000) * 1000);
  });

  test("ends with its token, and its sockets with it", async ({ testApp, logIn, welcomed, request }) => {
    const { id, headers } = await createToken(testApp, ["read"]);
    const { cookie } = await logIn(headers);
    const client = await welcomed(cookie);
    await tokensOf(testApp.app).revoke(id);
    expect((await request("/api/stats", { headers: { cookie } })).status).toBe(401);
    expect(await client.untilClosed()).toMatchObject({ code: 4441 });
  });

  test("ends when its browser logs out, and no other of the same token", async ({
    testApp,
    logIn,
    welcomed,
    request,
  }) => {
    const { headers } = await createToken(testApp, ["read"]);
    const [leaving, staying] = [await logIn(headers), await logIn(headers)];
    const [gone, kept] = [await welcomed(leaving.cookie), await welcomed(staying.cookie)];
    const response = await request("/api/session", {
      method: "DELETE",
      headers: { cookie: leaving.cookie, "x-csrf-token": leaving.answer.csrf_token },
    });
    expect(await response.json()).toEqual({ logged_out: true });
    expect(response.headers.getSetCookie()[0]).toMatch(/^stepwire_session=; .*Expires=Thu, 01 Jan 1970/);
    expect(await gone.untilClosed()).toMatchObject({ code: 4441 });
    expect((await request("/api/stats", { headers: { cookie: leaving.cookie } })).status).toBe(401);
    expect((await request("/api/stats", { headers: { cookie: staying.cookie } })).status).toBe(200);
    kept.send({ type: "unsubscribe", run_id: "none" });
    await kept.next("unsubscribed");
    kept.close();
  });

  test("is not begun with a session or with nothing", async ({ testApp, logIn }) => {
    const { headers } = await createToken(testApp, ["read"]);
    const { cookie } = await logIn(headers);
    expect((await logIn({ cookie })).status).toBe(401);
    expect((await logIn({})).status).toBe(401);
    expect((await logIn({}, { token: "stw_wrong" })).status).toBe(401);
  });
});

describe("a WebSocket with the cookie", () => {
  test("is for the server's own pages: one of another port of the same host gets nothing by it", async ({
    testApp,
    logIn,
    connectFrom,
  }) => {
    const { headers } = await createToken(testApp, ["admin"]);
    const { cookie } = await logIn(headers);
    const own = `http://${testApp.address}`;
    expect(await connectFrom(own, { cookie })).toBeUndefined();
    for (const origin of ["http://127.0.0.1:3000", "http://localhost:3000", "https://127.0.0.1:3000"]) {
      expect([origin, await connectFrom(origin, { cookie })]).toEqual([origin, 4401]);
      // With a token of its own it may connect as ever.
      expect([origin, await connectFrom(origin, { ...headers, cookie })]).toEqual([origin, undefined]);
    }
  });
});

describe("a change with a session", () => {
  test("needs the token that only a page of this server can read", async ({
    testApp,
    logIn,
    createCase,
    request,
  }) => {
    const { headers } = await createToken(testApp, ["author"]);
    const [own, other] = [await logIn(headers), await logIn(headers)];
    const wrong = ["", "A".repeat(43), other.answer.csrf_token, own.answer.csrf_token.slice(0, -1)];
    for (const csrf of [undefined, ...wrong]) {
      const response = await createCase({
        cookie: own.cookie,
        ...(csrf !== undefined && { "x-csrf-token": csrf }),
      });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: "csrf_token_missing" } });
    }
    const loggedOut = await request("/api/session", { method: "DELETE", headers: { cookie: own.cookie } });
    expect(loggedOut.status).toBe(403);
    expect(await testApp.app.database.testCaseStore.listTestCases({ limit: 10, before: undefined })).toEqual(
      [],
    );

    const good = await createCase({ cookie: own.cookie, "x-csrf-token": own.answer.csrf_token });
    expect(good.status).toBe(201);
  });

  test("needs none beside a token that the page sends itself", async ({ testApp, logIn, createCase }) => {
    const { headers } = await createToken(testApp, ["author"]);
    const { cookie } = await logIn(headers);
    expect((await createCase({ ...headers, cookie })).status).toBe(201);
    // A wrong token is not made up for by the cookie.
    expect((await createCase({ authorization: "Bearer stw_wrong", cookie })).status).toBe(401);
  });

  test("may do no more than its token", async ({ testApp, logIn, createCase }) => {
    const { headers } = await createToken(testApp, ["read"]);
    const { cookie, answer } = await logIn(headers);
    const response = await createCase({ cookie, "x-csrf-token": answer.csrf_token });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: "forbidden" } });
  });
});
