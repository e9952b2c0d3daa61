import { once } from "node:events";
import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { ruleOf } from "../../../src/http/access.js";
import { CLIENT_MESSAGES } from "../../../src/protocol/messages.js";
import { MESSAGE_SCOPES, SCOPES, type Scope } from "../../../src/protocol/scopes.js";
import { scriptTextOf } from "../../../src/protocol/script-text.js";
import { TestClient } from "../../support/client.js";
import { FakePool } from "../../support/fake-browser.js";
import { AUDIENCE, goodClaims, ISSUER, startKeyServer, type KeyServer } from "../../support/key-server.js";
import { createToken, offered, tokensOf } from "../../support/logins.js";
import { startApp, type TestApp } from "../../support/test-app.js";

type Headers = Record<string, string>;
type MessageType = keyof typeof CLIENT_MESSAGES;

const OPEN_ROUTES = [
  "GET /asyncapi.json",
  "GET /case-file.schema.json",
  "GET /docs",
  "GET /docs/",
  "GET /docs/*",
  "GET /docs/index.html",
  "GET /docs/initOAuth",
  "GET /docs/json",
  "GET /docs/static/*",
  "GET /docs/static/index.html",
  "GET /docs/static/swagger-initializer.js",
  "GET /docs/yaml",
  "GET /healthz",
  "GET /openapi.json",
  "GET /pages/style.css",
  "GET /readyz",
];

const TYPES = Object.keys(CLIENT_MESSAGES) as MessageType[];

/** Something for every field that a message must have. */
const FIELDS: Record<string, unknown> = {
  protocol: 1,
  step_id: 1,
  test_case_id: 1,
  run_id: "none",
  description: "Open http://app.test/.",
};

let testApp: TestApp;
let keyServer: KeyServer;
let admin: Awaited<ReturnType<typeof createToken>>;
let refused: Record<string, Headers>;
let routes: string[];
let before: unknown;

beforeAll(async () => {
  keyServer = await startKeyServer();
  testApp = await startApp(
    {
      AUTH_JWKS_URL: keyServer.url,
      AUTH_JWT_ISSUER: ISSUER,
      AUTH_JWT_AUDIENCE: AUDIENCE,
      // Else the later ones would be refused for the earlier ones.
      FAILED_LOGINS_PER_MINUTE: "0",
      HTTP_REQUESTS_PER_MINUTE: "0",
      MAX_CONNECTIONS_PER_ADDRESS: "0",
    },
    { pool: new FakePool(1) },
  );
  admin = await createToken(testApp, ["admin"]);
  await testApp.app.cases.create({
    name: "Case",
    steps: [{ description: "Step 1", seleniumScriptJson: scriptTextOf([{ action: "wait", duration: 0 }]) }],
  });
  refused = await refusedCredentials();
  routes = routesOf(testApp.app.server.printRoutes({ commonPrefix: false }));
  before = await whatThereIs();
});

afterAll(async () => {
  await testApp.close();
  await keyServer.close();
});

/** Every way to show credentials that are not good. */
async function refusedCredentials(): Promise<Record<string, Headers>> {
  const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
  const cookie = (secret: string): Headers => ({ cookie: `stepwire_session=${secret}` });
  const revoked = await createToken(testApp, ["admin"]);
  const sessionOfRevoked = await logIn(revoked.headers);
  await tokensOf(testApp.app).revoke(revoked.id);
  const expired = await createToken(testApp, ["admin"], { expiresAt: new Date(Date.now() - 1) });
  const stored = await testApp.app.database.credentialStore.listTokens();
  const jwt = await keyServer.sign();
  const [header = "", payload = "", signature = ""] = jwt.split(".");
  const others = Buffer.from(JSON.stringify({ ...goodClaims(), sub: "somebody-else" })).toString("base64url");
  const { privateKey: foreignKey } = await generateKeyPair("RS256");
  const hourAgo = Math.floor(Date.now() / 1000) - 3_600;
  const publicKeyAsSecret = new TextEncoder().encode(await exportSPKI(keyServer.publicKey));
  const confused = (alg: string) =>
    new SignJWT(goodClaims()).setProtectedHeader({ alg, kid: "1" }).sign(publicKeyAsSecret);
  return {
    "none at all": {},
    "another scheme": { authorization: `Basic ${Buffer.from(`admin:${admin.token}`).toString("base64")}` },
    "an empty token": { authorization: "Bearer " },
    "a made-up token": bearer(`stw_${"A".repeat(43)}`),
    "a tampered token": bearer(tampered(admin.token)),
    "a token cut short": bearer(admin.token.slice(0, -1)),
    "a token's id": bearer(`stw_${admin.id}`),
    "a token's name": bearer(admin.name),
    "a revoked token": revoked.headers,
    "an expired token": expired.headers,
    "a made-up session": cookie("A".repeat(43)),
    "a session whose token was revoked": { cookie: sessionOfRevoked },
    "a token's id as a session": cookie(stored[0]?.id ?? ""),
    "no JSON Web Token at all": bearer("a.b.c"),
    "a JSON Web Token without a signature": bearer(new UnsecuredJWT(goodClaims()).encode()),
    "a JSON Web Token whose signature was taken off": bearer(`${header}.${payload}.`),
    "a JSON Web Token that says it has no algorithm": bearer(
      `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.${signature}`,
    ),
    "a JSON Web Token signed with the public key as a secret (HS256)": bearer(await confused("HS256")),
    "a JSON Web Token signed with the public key as a secret (HS512)": bearer(await confused("HS512")),
    "a JSON Web Token with another's content": bearer(`${header}.${others}.${signature}`),
    "a JSON Web Token with a tampered signature": bearer(`${header}.${payload}.${tampered(signature)}`),
    "a JSON Web Token of another key": bearer(await keyServer.sign({}, { key: foreignKey })),
    "a JSON Web Token of an unknown key": bearer(await keyServer.sign({}, { key: foreignKey, kid: "2" })),
    "an expired JSON Web Token": bearer(await keyServer.sign({ exp: hourAgo })),
    "a JSON Web Token of tomorrow": bearer(await keyServer.sign({ nbf: hourAgo + 90_000 })),
    "a JSON Web Token that never expires": bearer(await keyServer.sign({ exp: undefined })),
    "a JSON Web Token about nobody": bearer(await keyServer.sign({ sub: undefined })),
    "a JSON Web Token of another issuer": bearer(await keyServer.sign({ iss: "https://login.test.evil" })),
    "a JSON Web Token for another audience": bearer(await keyServer.sign({ aud: "other" })),
  };
}

function tampered(text: string): string {
  const at = Math.floor(text.length / 2);
  return `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
}

/** Logs a browser in. @returns its `Cookie` header */
async function logIn(headers: Headers): Promise<string> {
  const response = await fetch(`http://${testApp.address}/api/session`, { method: "POST", headers });
  expect(response.status).toBe(200);
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

/** `GET /api/runs/:id` and the like, out of the tree that Fastify prints. */
function routesOf(tree: string): string[] {
  const path: string[] = [];
  return tree.split("\n").flatMap((line) => {
    const [, indent = "", name = "", methods = ""] = /^([│ ]*)[├└]── (\S*) \(([^)]+)\)/.exec(line) ?? [];
    if (methods === "") return [];
    path.splice(indent.length / 4, Infinity, name);
    return methods.split(", ").map((method) => `${method} ${path.join("")}`);
  });
}

async function request(route: string, headers: Headers, query = ""): Promise<Response> {
  const [method = "", path = ""] = route.split(" ");
  const url = `http://${testApp.address}${path.replace(":stepId", "1").replace(":id", "1")}${query}`;
  return await fetch(url, { method, headers });
}

const PAGE_WORDS: Record<string, string> = {
  "A token in a URL": "token_in_url",
  "with the scope": "forbidden",
};

/** The code of a refusal: of its JSON, or of the page that says it in words. */
async function codeOf(response: Response): Promise<string | undefined> {
  const text = await response.text();
  if (!text.startsWith("<!doctype html>"))
    return (JSON.parse(text) as { error: { code: string } }).error.code;
  return Object.entries(PAGE_WORDS).find(([words]) => text.includes(words))?.[1];
}

/** Everything that somebody who may not could have changed. */
async function whatThereIs(): Promise<unknown> {
  const { database } = testApp.app;
  const entries = await database.auditStore.listAudit({ limit: 1_000, before: undefined });
  return {
    stats: await database.statsReader.readStats(),
    testCase: await database.testCaseStore.findTestCase(1),
    tokens: (await database.credentialStore.listTokens()).map(({ id, revokedAt }) => ({ id, revokedAt })),
    done: entries.filter(({ action }) => action !== "login_failed" && !action.endsWith("_refused")),
  };
}

const closedRoutes = () =>
  routes.filter((route) => !OPEN_ROUTES.includes(route.replace("HEAD", "GET")) && route !== "OPTIONS *");
const httpRoutes = () => closedRoutes().filter((route) => !route.endsWith(" /ws/execute-step"));

const message = (type: MessageType) => ({
  type,
  ...Object.fromEntries(
    Object.keys(CLIENT_MESSAGES[type].shape).flatMap((field) =>
      field in FIELDS ? [[field, FIELDS[field]]] : [],
    ),
  ),
});

describe("every REST route", () => {
  test("is known to this test: there are some, and those that are open are the ones listed here", async () => {
    expect(httpRoutes()).toContain("POST /api/test-cases");
    expect(httpRoutes()).toContain("DELETE /api/test-cases/:id/steps/:stepId");
    const answers = await Promise.all(
      httpRoutes().map(async (route) => [route, (await request(route, {})).status] as const),
    );
    expect(answers.filter(([, status]) => status !== 401)).toEqual([]);
  });

  test("refuses all credentials that are not good", async () => {
    const accepted: string[] = [];
    for (const route of httpRoutes()) {
      const tries = Object.entries(refused).map(async ([what, headers]) => {
        const response = await request(route, headers);
        await response.arrayBuffer();
        const isRefused = response.status === 401 && response.headers.get("www-authenticate") === "Bearer";
        if (!isRefused) accepted.push(`${route} with ${what}: ${response.status}`);
      });
      await Promise.all(tries);
    }
    expect(accepted).toEqual([]);
    expect(await whatThereIs()).toEqual(before);
  });

  test("refuses good credentials of a foreign page, and in the URL", async () => {
    for (const route of httpRoutes()) {
      const foreign = await request(route, { ...admin.headers, origin: "https://evil.example" });
      expect([route, foreign.status]).toEqual([route, 403]);
      for (const name of ["token", "access_token"]) {
        const inUrl = await request(route, admin.headers, `?${name}=${admin.token}`);
        expect([route, inUrl.status]).toEqual([route, 400]);
        if (!route.startsWith("HEAD")) {
          expect(await codeOf(inUrl)).toBe("token_in_url");
        }
      }
    }
    expect(await whatThereIs()).toEqual(before);
  });

  test("refuses every scope but those that it needs", async () => {
    const holders = await holdersOf(async (scopes) => (await createToken(testApp, scopes)).headers);
    const existing = await whatThereIs();
    let refusals = 0;
    for (const route of httpRoutes()) {
      const [method = "", path = ""] = route.split(" ");
      const access = ruleOf(method, path)?.access;
      for (const { scopes, implied, show } of holders) {
        if (access === "login" || access === "open" || implied.has(access as Scope)) continue;
        const response = await request(route, show);
        expect([route, scopes, response.status]).toEqual([route, scopes, 403]);
        if (method !== "HEAD") expect(await codeOf(response)).toBe("forbidden");
        refusals++;
      }
    }
    expect(refusals).toBeGreaterThan(50);
    expect(await whatThereIs()).toEqual(existing);
  });

  test("takes good ones: an API token, a JSON Web Token, a session", async () => {
    const { csrf_token, cookie } = await session();
    const good = [
      admin.headers,
      { authorization: `Bearer ${await keyServer.sign()}` },
      { cookie, "x-csrf-token": csrf_token },
    ];
    // Last, for it would end the session.
    const sorted = httpRoutes().sort((route) => (route === "DELETE /api/session" ? 1 : -1));
    for (const route of sorted) {
      for (const headers of good) {
        // A session is made from a token, not from another session; the pages' form has the token in its body.
        if ((route === "POST /api/session" && "cookie" in headers) || route === "POST /login") continue;
        const { status } = await request(route.replace(":id", "999"), headers);
        expect([route, [401, 403].includes(status)]).toEqual([route, false]);
      }
    }
  });
});

describe("every WebSocket message", () => {
  beforeAll(async () => {
    before = await whatThereIs();
  });

  test("is refused with all credentials that are not good", async () => {
    const accepted: string[] = [];
    for (const type of TYPES) {
      for (const [what, headers] of Object.entries(refused)) {
        const client = await TestClient.connect(testApp.address, headers);
        client.send(message(type));
        const { code } = await client.untilClosed();
        if (code !== 4401 || client.received.length > 0) accepted.push(`${type} with ${what}: ${code}`);
      }
    }
    expect(accepted).toEqual([]);
    expect(await whatThereIs()).toEqual(before);
  });

  test("is refused also when such credentials come as a subprotocol", async () => {
    const tokens = Object.values(refused).flatMap(
      ({ authorization = "" }) => authorization.split(" ")[1] || [],
    );
    expect(tokens.length).toBeGreaterThan(15);
    for (const token of tokens) {
      const client = await TestClient.connect(testApp.address, {}, { protocols: offered(token) });
      expect(client.socket.protocol).toBe("stepwire.v1");
      client.send(message("execute_step"));
      expect(await client.untilClosed()).toMatchObject({ code: 4401 });
      expect(client.received).toEqual([]);
    }
  });

  test("is refused with good credentials of a foreign page, and in the URL", async () => {
    const { cookie } = await session();
    for (const credentials of [admin.headers, { cookie }]) {
      const headers = { ...credentials, origin: "https://evil.example" };
      const socket = new WebSocket(`ws://${testApp.address}/ws/execute-step`, { headers });
      const [error] = (await once(socket, "error")) as [Error];
      expect(error.message).toContain("403");
    }
    for (const name of ["token", "access_token"]) {
      const query = `?${name}=${admin.token}`;
      const client = await TestClient.connect(testApp.address, admin.headers, { query });
      client.send(message("execute_step"));
      expect(await client.untilClosed()).toMatchObject({ code: 4444 });
      expect(client.received).toEqual([]);
    }
  });

  test("is refused for want of its scope, on a socket that stays open", async () => {
    const holders = await holdersOf(async (scopes) => (await createToken(testApp, scopes)).headers);
    const existing = await whatThereIs();
    for (const { implied, show } of holders) {
      const client = await TestClient.connect(testApp.address, show);
      const wrong = TYPES.filter((type) => !implied.has(MESSAGE_SCOPES[type]));
      for (const type of wrong) client.send({ ...message(type), request_id: type });
      for (const type of wrong) {
        expect(await client.next(({ request_id }) => request_id === type)).toMatchObject({
          code: "forbidden",
        });
      }
      expect(client.closed).toBeUndefined();
      client.close();
    }
    expect(await whatThereIs()).toEqual(existing);
  });

  test("is handled with good ones", async () => {
    const { cookie } = await session();
    const ways = [
      await TestClient.connect(testApp.address, admin.headers),
      await TestClient.connect(testApp.address, {}, { protocols: offered(await keyServer.sign()) }),
      await TestClient.connect(testApp.address, { cookie, origin: `http://${testApp.address}` }),
    ];
    for (const client of ways) {
      for (const type of [...TYPES].sort((type) => (type === "hello" ? -1 : 1))) {
        client.send({ ...message(type), request_id: type });
        const answer = await client.next(({ request_id }) => request_id === type);
        expect(["forbidden", "unauthorized", "invalid_message"]).not.toContain(answer["code"]);
      }
      client.close();
    }
  });
});

async function session(): Promise<{ csrf_token: string; cookie: string }> {
  const cookie = await logIn(admin.headers);
  const answer = await fetch(`http://${testApp.address}/api/session`, { headers: { cookie } });
  const { csrf_token } = (await answer.json()) as { csrf_token: string };
  return { csrf_token, cookie };
}

/** Credentials with each scope alone and with all but `admin`, and a JSON Web Token with none. */
async function holdersOf(
  make: (scopes: Scope[]) => Promise<Headers>,
): Promise<{ scopes: Scope[]; implied: Set<Scope>; show: Headers }[]> {
  const given: Scope[][] = [["read"], ["run"], ["author"], ["run", "author"]];
  const holders = given.map(async (scopes) => ({
    scopes,
    implied: new Set<Scope>(["read", ...scopes]),
    show: await make(scopes),
  }));
  const none = { authorization: `Bearer ${await keyServer.sign({ scope: "superuser" })}` };
  expect(Object.keys(SCOPES)).toHaveLength(4);
  return [...(await Promise.all(holders)), { scopes: [], implied: new Set<Scope>(), show: none }];
}
