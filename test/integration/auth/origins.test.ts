import { afterEach, describe, expect, test } from "vitest";
import { TestClient } from "../../support/client.js";
import { FakePool } from "../../support/fake-browser.js";
import { createToken, offered } from "../../support/logins.js";
import { head, sendRaw } from "../../support/raw-http.js";
import { startApp, type TestApp } from "../../support/test-app.js";

const JWT = { AUTH_JWT_SECRET: "a secret of at least thirty-two bytes" };

let testApp: TestApp;
afterEach(() => testApp.close());

async function start(environment: Record<string, string> = {}): Promise<{ own: string; port: string }> {
  testApp = await startApp(environment, { pool: new FakePool(1) });
  const port = testApp.address.split(":").at(-1) ?? "";
  return { own: `http://${testApp.address}`, port };
}

/** The status of a request with these headers; `Host` is the server's address unless they name another. */
async function ask(headers: Record<string, string>, request = "GET /api/test-cases"): Promise<number> {
  const lines = Object.entries({ Host: testApp.address, Connection: "close", ...headers });
  const text = head(`${request} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`));
  return (await sendRaw(testApp.address, text)).status;
}

/** How a WebSocket with these headers fares: `open`, the status that refuses it, or the code that closes it. */
async function connect(headers: Record<string, string>, protocols: string[] = []): Promise<string> {
  let client: TestClient;
  try {
    client = await TestClient.connect(testApp.address, headers, { protocols });
  } catch (error) {
    return /\d{3}/.exec((error as Error).message)?.[0] ?? String(error);
  }
  client.send({ type: "unsubscribe", run_id: "none" });
  try {
    await client.next("unsubscribed");
    return "open";
  } catch {
    return String(client.closed?.code);
  } finally {
    client.close();
  }
}

describe("where nobody logs in", () => {
  test.each([
    "http://localhost:3000",
    "http://127.0.0.1:5173",
    "http://[::1]:8080",
    "https://localhost:3000",
  ])("a frontend on another port of this machine works: %s", async (origin) => {
    await start();
    expect(await ask({ Origin: origin })).toBe(200);
    expect(await ask({ Origin: origin, "Access-Control-Request-Method": "POST" }, "OPTIONS /api/stats")).toBe(
      204,
    );
    expect(await connect({ origin })).toBe("open");
  });

  test("the server's own origin works, by whichever name of this machine", async () => {
    const { port } = await start();
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, "127.0.0.2:9"]) {
      expect([host, await ask({ Host: host, Origin: `http://${host}` })]).toEqual([host, 200]);
    }
  });

  test.each([
    "https://evil.example",
    "http://localhost.evil.example:3000",
    "http://evil.example:8000",
    "http://localhost@evil.example",
    "http://evil.example@localhost:3000",
    "http://user@localhost:3000",
    "http://LOCALHOST:3000",
    "HTTP://localhost:3000",
    "http://localhost:3000/",
    "http://localhost:3000/page",
    "http://localhost:80",
    "http://localhost.:3000",
    "http://127.1:3000",
    "http://2130706433:3000",
    "http://0.0.0.0:3000",
    "http://[::ffff:7f00:1]:3000",
    "http://10.0.0.5:3000",
    "ftp://localhost:3000",
    "chrome-extension://localhost",
    "file://",
    "file://localhost",
    "localhost:3000",
    "//localhost:3000",
    "null",
    "*",
    "",
    "http://localhost:3000, https://evil.example",
    "http://localhost:3000 https://evil.example",
  ])("a page of %j does not", async (origin) => {
    await start();
    expect(await ask({ Origin: origin })).toBe(403);
    expect(await ask({ Origin: origin, "Access-Control-Request-Method": "POST" }, "OPTIONS /api/stats")).toBe(
      403,
    );
    // `ws` sends no empty header.
    if (origin !== "") expect(await connect({ origin })).toBe("403");
  });

  test("a foreign name for this machine does not (DNS rebinding)", async () => {
    await start();
    for (const host of ["evil.example", "localhost.evil.example", "10.0.0.5:8000", "169.254.169.254"]) {
      expect([host, await ask({ Host: host })]).toEqual([host, 403]);
      expect([host, await ask({ Host: host, Origin: `http://${host}` })]).toEqual([host, 403]);
      expect([host, await connect({ host })]).toEqual([host, "403"]);
    }
  });
});

describe("origins in ALLOWED_ORIGINS", () => {
  test("work with their scheme and port, and with no other", async () => {
    await start({ ALLOWED_ORIGINS: "https://qa.example.com, http://tests.example.com:8080" });
    for (const origin of ["https://qa.example.com", "http://tests.example.com:8080"]) {
      expect([origin, await ask({ Origin: origin })]).toEqual([origin, 200]);
      expect([origin, await connect({ origin })]).toEqual([origin, "open"]);
    }
    for (const origin of [
      "http://qa.example.com",
      "https://qa.example.com:8443",
      "https://qa.example.com:443",
      "https://www.qa.example.com",
      "http://tests.example.com",
      "https://tests.example.com:8080",
    ]) {
      expect([origin, await ask({ Origin: origin })]).toEqual([origin, 403]);
      expect([origin, await connect({ origin })]).toEqual([origin, "403"]);
    }
  });

  test("are names by which a proxy may ask for the server", async () => {
    await start({ ALLOWED_ORIGINS: "https://qa.example.com" });
    for (const host of ["qa.example.com", "QA.example.com", "qa.example.com:443"]) {
      expect([host, await ask({ Host: host })]).toEqual([host, 200]);
    }
    expect(await ask({ Host: "qa.example.com:8443" })).toBe(403);
  });
});

describe("the session's cookie", () => {
  async function logIn(environment: Record<string, string> = {}) {
    const { own } = await start({ ...JWT, ...environment });
    const { token, headers } = await createToken(testApp, ["admin"]);
    const answer = await fetch(`${own}/api/session`, { method: "POST", headers });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const { csrf_token } = (await answer.json()) as { csrf_token: string };
    return { own, token, headers, cookie, csrf_token };
  }

  test("is not ridden by a page of another port, scheme or name of this machine, which cookies do not tell apart", async () => {
    const { own, cookie, csrf_token } = await logIn();
    expect(await ask({ Origin: own, Cookie: cookie })).toBe(200);
    expect(await connect({ origin: own, cookie })).toBe("open");
    for (const origin of ["http://127.0.0.1:1", "http://localhost:3000", own.replace("http:", "https:")]) {
      expect([origin, await connect({ origin, cookie })]).toEqual([origin, "4401"]);
      expect([origin, await ask({ Origin: origin, Cookie: cookie })]).toEqual([origin, 401]);
      const change = { Origin: origin, Cookie: cookie, "X-CSRF-Token": csrf_token };
      expect([origin, await ask(change, "DELETE /api/test-cases/999")]).toEqual([origin, 401]);
      expect([origin, await ask(change, "DELETE /api/session")]).toEqual([origin, 401]);
    }
  });

  test("counts for pages of origins that the operator has named", async () => {
    const { cookie } = await logIn({ ALLOWED_ORIGINS: "http://localhost:3000" });
    expect(await connect({ origin: "http://localhost:3000", cookie })).toBe("open");
    expect(await connect({ origin: "http://localhost:3001", cookie })).toBe("4401");
  });

  test("is not given to a page of another port, which could log the tester in as somebody else", async () => {
    const { token, headers } = await logIn();
    const answer = await fetch(`http://${testApp.address}/api/session`, {
      method: "POST",
      headers: { ...headers, origin: "http://127.0.0.1:1" },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await answer.json()).toMatchObject({ error: { code: "forbidden_origin" } });
    // Its own token is all that it needs.
    expect(await ask({ Origin: "http://127.0.0.1:1", Authorization: `Bearer ${token}` })).toBe(200);
    expect(await connect({ origin: "http://127.0.0.1:1" }, offered(token))).toBe("open");
  });
});

describe("a server that others can reach", () => {
  const host = "qa.example.com";

  test("takes its own pages by scheme, host and port", async () => {
    await start({ ...JWT, HOST: "0.0.0.0" });
    const own = (headers: Record<string, string>) => ask({ Host: host, ...headers });
    // Nobody has logged in, so that 401 is what a page gets that may ask at all.
    expect(await own({ Origin: "http://qa.example.com" })).toBe(401);
    expect(await own({ Origin: "https://qa.example.com", "X-Forwarded-Proto": "https" })).toBe(401);
    expect(await own({ Origin: "https://qa.example.com", "X-Forwarded-Proto": "https, http" })).toBe(401);
    expect(await own({ Origin: "http://qa.example.com", "X-Forwarded-Proto": "https" })).toBe(403);
    expect(await own({ Origin: "https://qa.example.com" })).toBe(403);
    expect(await own({ Origin: "http://qa.example.com:8080" })).toBe(403);
    expect(await own({ Origin: "http://www.qa.example.com" })).toBe(403);
    expect(await own({ Host: "qa.example.com:8000", Origin: "http://qa.example.com:8000" })).toBe(401);
  });

  test("takes pages of this machine only where this machine asks", async () => {
    await start({ ...JWT, HOST: "0.0.0.0" });
    expect(await ask({ Host: "localhost:8000", Origin: "http://localhost:3000" })).toBe(401);
    expect(await ask({ Host: host, Origin: "http://localhost:3000" })).toBe(403);
    expect(await connect({ host, origin: "http://localhost:3000" })).toBe("403");
  });
});
