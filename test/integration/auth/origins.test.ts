import { describe, expect } from "vitest";
import { startedAppTest } from "../../support/app-fixtures.js";
import { TestClient } from "../../support/client.js";
import { createToken, offered } from "../../support/logins.js";
import { head, sendRaw } from "../../support/raw-http.js";

const JWT = { AUTH_JWT_SECRET: "a secret of at least thirty-two bytes" };

const test = startedAppTest()
  .extend(
    "begin",
    ({ start }) =>
      async (environment: Record<string, string> = {}): Promise<{ own: string; port: string }> => {
        const { address } = await start(environment);
        return { own: `http://${address}`, port: address.split(":").at(-1) ?? "" };
      },
  )
  /** The status of a request with these headers; `Host` is the server's address unless they name another. */
  .extend(
    "ask",
    ({ startedApp }) =>
      async (headers: Record<string, string>, request = "GET /api/test-cases"): Promise<number> => {
        const lines = Object.entries({ Host: startedApp().address, Connection: "close", ...headers });
        const text = head(`${request} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`));
        return (await sendRaw(startedApp().address, text)).status;
      },
  )
  /** The fate of a WebSocket with these headers: `open`, the status that refuses it, or the code that closes it. */
  .extend(
    "fateOf",
    ({ startedApp }) =>
      async (headers: Record<string, string>, protocols: string[] = []): Promise<string> => {
        let client: TestClient;
        try {
          client = await TestClient.connect(startedApp().address, headers, { protocols });
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
      },
  )
  .extend("logIn", ({ begin, startedApp }) => async (environment: Record<string, string> = {}) => {
    const { own } = await begin({ ...JWT, ...environment });
    const { token, headers } = await createToken(startedApp(), ["admin"]);
    const answer = await fetch(`${own}/api/session`, { method: "POST", headers });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const { csrf_token } = (await answer.json()) as { csrf_token: string };
    return { own, token, headers, cookie, csrf_token };
  });

describe("where nobody logs in", () => {
  test.for(["http://localhost:3000", "http://127.0.0.1:5173", "http://[::1]:8080", "https://localhost:3000"])(
    "a frontend on another port of this machine works: %s",
    async (origin, { begin, ask, fateOf }) => {
      await begin();
      expect(await ask({ Origin: origin })).toBe(200);
      expect(
        await ask({ Origin: origin, "Access-Control-Request-Method": "POST" }, "OPTIONS /api/stats"),
      ).toBe(204);
      expect(await fateOf({ origin })).toBe("open");
    },
  );

  test("the server's own origin works, by whichever name of this machine", async ({ begin, ask }) => {
    const { port } = await begin();
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, "127.0.0.2:9"]) {
      expect([host, await ask({ Host: host, Origin: `http://${host}` })]).toEqual([host, 200]);
    }
  });

  test.for([
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
  ])("a page of %j does not", async (origin, { begin, ask, fateOf }) => {
    await begin();
    expect(await ask({ Origin: origin })).toBe(403);
    expect(await ask({ Origin: origin, "Access-Control-Request-Method": "POST" }, "OPTIONS /api/stats")).toBe(
      403,
    );
    // `ws` sends no empty header.
    if (origin !== "") expect(await fateOf({ origin })).toBe("403");
  });

  test("a foreign name for this machine does not (DNS rebinding)", async ({ begin, ask, fateOf }) => {
    await begin();
    for (const host of ["evil.example", "localhost.evil.example", "10.0.0.5:8000", "169.254.169.254"]) {
      expect([host, await ask({ Host: host })]).toEqual([host, 403]);
      expect([host, await ask({ Host: host, Origin: `http://${host}` })]).toEqual([host, 403]);
      expect([host, await fateOf({ host })]).toEqual([host, "403"]);
    }
  });
});

describe("origins in ALLOWED_ORIGINS", () => {
  test("work with their scheme and port, and with no other", async ({ begin, ask, fateOf }) => {
    await begin({ ALLOWED_ORIGINS: "https://qa.example.com, http://tests.example.com:8080" });
    for (const origin of ["https://qa.example.com", "http://tests.example.com:8080"]) {
      expect([origin, await ask({ Origin: origin })]).toEqual([origin, 200]);
      expect([origin, await fateOf({ origin })]).toEqual([origin, "open"]);
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
      expect([origin, await fateOf({ origin })]).toEqual([origin, "403"]);
    }
  });

  test("are names by which a proxy may ask for the server", async ({ begin, ask }) => {
    await begin({ ALLOWED_ORIGINS: "https://qa.example.com" });
    for (const host of ["qa.example.com", "QA.example.com", "qa.example.com:443"]) {
      expect([host, await ask({ Host: host })]).toEqual([host, 200]);
    }
    expect(await ask({ Host: "qa.example.com:8443" })).toBe(403);
  });
});

describe("the session's cookie", () => {
  test("is not ridden by a page of another port, scheme or name of this machine, which cookies do not tell apart", async ({
    logIn,
    ask,
    fateOf,
  }) => {
    const { own, cookie, csrf_token } = await logIn();
    expect(await ask({ Origin: own, Cookie: cookie })).toBe(200);
    expect(await fateOf({ origin: own, cookie })).toBe("open");
    for (const origin of ["http://127.0.0.1:1", "http://localhost:3000", own.replace("http:", "https:")]) {
      expect([origin, await fateOf({ origin, cookie })]).toEqual([origin, "4401"]);
      expect([origin, await ask({ Origin: origin, Cookie: cookie })]).toEqual([origin, 401]);
      const change = { Origin: origin, Cookie: cookie, "X-CSRF-Token": csrf_token };
      expect([origin, await ask(change, "DELETE /api/test-cases/999")]).toEqual([origin, 401]);
      expect([origin, await ask(change, "DELETE /api/session")]).toEqual([origin, 401]);
    }
  });

  test("counts for pages of origins that the operator has named", async ({ logIn, fateOf }) => {
    const { cookie } = await logIn({ ALLOWED_ORIGINS: "http://localhost:3000" });
    expect(await fateOf({ origin: "http://localhost:3000", cookie })).toBe("open");
    expect(await fateOf({ origin: "http://localhost:3001", cookie })).toBe("4401");
  });

  test("is not given to a page of another port, which could log the tester in as somebody else", async ({
    logIn,
    startedApp,
    ask,
    fateOf,
  }) => {
    const { token, headers } = await logIn();
    const answer = await fetch(`http://${startedApp().address}/api/session`, {
      method: "POST",
      headers: { ...headers, origin: "http://127.0.0.1:1" },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await answer.json()).toMatchObject({ error: { code: "forbidden_origin" } });
    // Its own token is all that it needs.
    expect(await ask({ Origin: "http://127.0.0.1:1", Authorization: `Bearer ${token}` })).toBe(200);
    expect(await fateOf({ origin: "http://127.0.0.1:1" }, offered(token))).toBe("open");
  });
});

describe("a server that others can reach", () => {
  const host = "qa.example.com";

  test("takes its own pages by scheme, host and port", async ({ begin, ask }) => {
    await begin({ ...JWT, HOST: "0.0.0.0" });
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

  test("takes pages of this machine only where this machine asks", async ({ begin, ask, fateOf }) => {
    await begin({ ...JWT, HOST: "0.0.0.0" });
    expect(await ask({ Host: "localhost:8000", Origin: "http://localhost:3000" })).toBe(401);
    expect(await ask({ Host: host, Origin: "http://localhost:3000" })).toBe(403);
    expect(await fateOf({ host, origin: "http://localhost:3000" })).toBe("403");
  });
});
