import fc from "fast-check";
import { describe, expect } from "vitest";
import { sharedAppTest } from "../../support/app-fixtures.js";
import { head, sendRaw } from "../../support/raw-http.js";

const CLOSE = "Connection: close";
const UPGRADE = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

const test = sharedAppTest()
  .extend("own", ({ testApp }) => `Host: ${testApp.address}`)
  .extend(
    "send",
    ({ testApp }) =>
      (text: string) =>
        sendRaw(testApp.address, text),
  )
  /** Every refusal has the one shape, and the server goes on. */
  .extend(
    "expectRefusal",
    ({ send, own }) =>
      async (text: string, status: number, code: string): Promise<string> => {
        const answer = await send(text);
        expect(answer.status).toBe(status);
        const { error } = JSON.parse(answer.body) as { error: { code: string; message: string } };
        expect(error.code).toBe(code);
        expect(answer.headers).toMatchObject({
          "x-content-type-options": "nosniff",
          "cache-control": "no-store",
          "content-security-policy": expect.stringMatching(/^default-src 'none'/) as unknown,
        });
        expect((await send(head("GET /healthz HTTP/1.1", own, CLOSE))).status).toBe(200);
        return error.message;
      },
  );

describe("a request that two servers could read in two ways is refused", () => {
  test.for([
    ["another host after the own", (host: string) => [host, "Host: evil.example"]],
    ["another host before the own", (host: string) => ["Host: evil.example", host]],
    ["the same host twice", (host: string) => [host, host]],
    ["the second in capitals", (host: string) => [host, "HOST: evil.example"]],
    ["two origins", (host: string) => [host, "Origin: http://localhost:1", "Origin: http://localhost:2"]],
    ["user and password", (host: string) => [host.replace(" ", " evil.example@")]],
    ["user, @ and port", () => [`Host: localhost:1@evil.example`]],
    ["a blank", (host: string) => [`${host} evil.example`]],
    ["a tab", () => [`Host: localhost\tevil.example`]],
    ["a comma", (host: string) => [`${host}, evil.example`]],
    ["a path", (host: string) => [`${host}/evil`]],
    ["a backslash", () => [`Host: localhost\\.evil.example`]],
    ["a query", () => [`Host: localhost?evil.example`]],
    ["a fragment", () => [`Host: localhost#.evil.example`]],
    ["per cent", () => [`Host: localhos%74:8000`]],
    ["no name", () => [`Host:`]],
    ["only a port", () => [`Host: :8000`]],
    ["a port that is none", () => [`Host: localhost:x`]],
    ["a port that is too large", () => [`Host: localhost:99999`]],
    ["half an IPv6 address", () => [`Host: [::1`]],
    ["bare IPv6", () => [`Host: ::1`]],
    ["letters beyond ASCII", () => [`Host: localhost\xe9`]],
    ["a whole URL", (host: string) => [host.replace(" ", " http://")]],
  ] as const)("in the head: %s", async ([, lines], { expectRefusal, own }) => {
    await expectRefusal(head("GET /api/test-cases HTTP/1.1", ...lines(own), CLOSE), 400, "invalid_request");
    await expectRefusal(
      head("GET /ws/execute-step HTTP/1.1", ...lines(own), ...UPGRADE),
      400,
      "invalid_request",
    );
    await expectRefusal(head("GET /nowhere HTTP/1.1", ...lines(own), CLOSE), 400, "invalid_request");
  });

  test.for([
    ["http://evil.example/api/test-cases"],
    ["https://evil.example/api/test-cases"],
    ["HTTP://EVIL.EXAMPLE/api/test-cases"],
    ["http://evil.example"],
    ["http://localhost@evil.example/api/test-cases"],
    ["http://user@OWN/api/test-cases"],
    ["http://OWN@evil.example/api/test-cases"],
    ["http://OWN.evil.example/api/test-cases"],
    ["http:///api/test-cases"],
    ["ftp://OWN/api/test-cases"],
    ["ws://evil.example/ws/execute-step"],
  ] as const)("in the target: %s", async ([target], { testApp, expectRefusal, own }) => {
    const written = target.replace("OWN", testApp.address);
    await expectRefusal(head(`GET ${written} HTTP/1.1`, own, CLOSE), 400, "invalid_request");
    await expectRefusal(head(`GET ${written} HTTP/1.1`, own, ...UPGRADE), 400, "invalid_request");
  });

  test("a target with the server's own host is taken", async ({ send, testApp, own }) => {
    const answer = await send(head(`GET http://${testApp.address}/healthz HTTP/1.1`, own, CLOSE));
    expect(answer.status).toBe(200);
  });

  test("what comes after a refused request on its connection is not read", async ({ own, send }) => {
    const refused = head("GET /healthz HTTP/1.1", own, "Host: evil.example");
    const answer = await send(refused + head("GET /api/test-cases HTTP/1.1", own, CLOSE));
    expect(answer.status).toBe(400);
    expect(answer.headers["connection"]).toBe("close");
    expect(answer.body).not.toContain("HTTP/1.1 200");
  });

  test.for([
    ["both lengths", ["Content-Length: 5", "Transfer-Encoding: chunked"], "0\r\n\r\nGET /"],
    ["two lengths", ["Content-Length: 2", "Content-Length: 3"], "{}x"],
    ["a list of lengths", ["Content-Length: 2, 2"], "{}"],
    ["a negative length", ["Content-Length: -2"], "{}"],
    ["a signed length", ["Content-Length: +2"], "{}"],
    ["a hexadecimal length", ["Content-Length: 0x2"], "{}"],
    ["two encodings", ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], "0\r\n\r\n"],
    ["an encoding that is not the last", ["Transfer-Encoding: chunked, gzip"], "0\r\n\r\n"],
    ["a blank before the colon", ["Transfer-Encoding : chunked"], "0\r\n\r\n"],
    ["a folded line", ["X-Folded: a\r\n b"], ""],
    ["a size of a chunk that is none", ["Transfer-Encoding: chunked"], "zz\r\n{}\r\n0\r\n\r\n"],
    ["an endless size of a chunk", ["Transfer-Encoding: chunked"], `${"f".repeat(40)}\r\n{}\r\n0\r\n\r\n`],
    ["a header without a name", [": chunked"], ""],
    ["NUL in a header", ["X-Nul: a\0b"], ""],
  ] as const)("in the length of its body: %s", async ([, lines, body], { own, expectRefusal }) => {
    const text = head(
      "POST /api/test-cases HTTP/1.1",
      own,
      "Content-Type: application/json",
      ...lines,
      CLOSE,
    );
    await expectRefusal(text + body, 400, "invalid_request");
  });
});

describe("a request that is no HTTP, or too much of it, is refused", () => {
  test.for([
    ["an unknown method", "FOO / HTTP/1.1"],
    ["a method in small letters", "get / HTTP/1.1"],
    ["HTTP/2 without being asked", "PRI * HTTP/2.0"],
    ["a version that there is not", "GET / HTTP/3.7"],
    ["a control character in the path", "GET /\x01 HTTP/1.1"],
    ["no slash", "GET api HTTP/1.1"],
    ["a handshake of TLS", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"],
  ] as const)("%s", async ([, first], { expectRefusal, own }) => {
    await expectRefusal(head(first, own, CLOSE), 400, "invalid_request");
  });

  test.for([
    ["one header", ["X: ".padEnd(20_000, "a")]],
    ["many headers", Array.from({ length: 3_000 }, (_, index) => `X${index}: 1`)],
    ["a cookie", [`Cookie: ${"a=b; ".repeat(5_000)}`]],
  ] as const)("too large: %s", async ([, lines], { expectRefusal, own }) => {
    await expectRefusal(head("GET / HTTP/1.1", own, ...lines, CLOSE), 431, "headers_too_large");
  });

  test("a path that is too large", async ({ expectRefusal, own }) => {
    await expectRefusal(head(`GET /${"a".repeat(20_000)} HTTP/1.1`, own, CLOSE), 431, "headers_too_large");
  });

  test("a tunnel: this is no proxy", async ({ testApp, expectRefusal }) => {
    for (const target of ["evil.example:443", testApp.address, "127.0.0.1:22"]) {
      await expectRefusal(head(`CONNECT ${target} HTTP/1.1`, `Host: ${target}`), 405, "method_not_allowed");
    }
  });

  test.for(["TRACE", "PROPFIND", "PATCH", "LINK", "PURGE", "SOURCE", "QUERY"])(
    "the method %s",
    async (method, { send, own }) => {
      for (const path of ["/healthz", "/api/test-cases", "/ws/execute-step", "/"]) {
        const { status } = await send(head(`${method} ${path} HTTP/1.1`, own, CLOSE));
        // Node 20 does not know every method.
        expect([path, [400, 404, 405].includes(status)]).toEqual([path, true]);
      }
    },
  );

  test("an upgrade to something else", async ({ send, own }) => {
    for (const name of ["h2c", "foo", "websocket2", "TLS/1.0"]) {
      for (const path of ["/healthz", "/ws/execute-step", "/nowhere"]) {
        const { status } = await send(
          head(`GET ${path} HTTP/1.1`, own, "Connection: Upgrade", `Upgrade: ${name}`),
        );
        expect([name, path, status >= 400 && status < 500]).toEqual([name, path, true]);
      }
    }
  });
});

describe("paths lead nowhere but to routes", () => {
  test.for([
    "/docs/static/..%2f..%2fpackage.json",
    "/docs/static/../../package.json",
    "/docs/static/%2e%2e/%2e%2e/package.json",
    "/docs/static/..%5c..%5cpackage.json",
    "/docs/static//etc/passwd",
    "/docs/static/%00",
    "/docs/static/index.html%00.js",
    "/docs/../../../etc/passwd",
    "/api/artifacts/..%2f..%2fetc%2fpasswd",
    "/api/artifacts/%2fetc%2fpasswd",
    "/api/artifacts/%00",
    "/api/artifacts/a%0d%0aSet-Cookie:%20x=1",
    "/api/runs/%00/events",
    "/api/runs/..%2f..%2fx/trace",
    "//evil.example/%2f..",
    "/%5c%5cevil.example",
    "/.env",
    "/%2e%65nv",
    "/api/test-cases/1%00",
    "/api/test-cases/1;x=1",
    `/api/artifacts/${"a".repeat(200)}`,
  ])("%s", async (path, { send, own }) => {
    const { status, headers, body } = await send(head(`GET ${path} HTTP/1.1`, own, CLOSE));
    expect([400, 403, 404]).toContain(status);
    expect(headers).not.toHaveProperty("location");
    expect(headers).not.toHaveProperty("set-cookie");
    expect(JSON.parse(body)).toMatchObject({ error: { code: expect.any(String) as unknown } });
    expect(body).not.toMatch(/"name": "stepwire"|root:/);
  });

  test.for(["/%", "/%zz", "/api/artifacts/%zz", "/api/artifacts/%c0%ae", "/api/runs/%ff"])(
    "not written as paths are: %s",
    async (path, { expectRefusal, own }) => {
      await expectRefusal(head(`GET ${path} HTTP/1.1`, own, CLOSE), 400, "invalid_request");
    },
  );
});

test("whatever bytes come, the answer is a refusal or none, and the server goes on", async ({
  send,
  own,
}) => {
  const piece = fc.oneof(
    fc.constantFrom("GET ", "POST ", "/", "/api/test-cases", " HTTP/1.1", "\r\n", "\r\n\r\n", "\n", "\r"),
    fc.constantFrom(
      "Host: ",
      "Host: evil.example",
      "Content-Length: ",
      "Transfer-Encoding: chunked",
      "0",
      "-1",
    ),
    fc.constantFrom(
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Expect: 100-continue",
      "%00",
      "..%2f",
      "\0",
    ),
    fc.string({ unit: "binary", maxLength: 12 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
      // These lines end every head and body, so that the server does not wait for more.
      const { status } = await send(`${pieces.join("")}\r\n\r\n0\r\n\r\nX X\r\n\r\n`);
      expect(status === 0 || (status >= 400 && status < 500)).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect((await send(head("GET /healthz HTTP/1.1", own, CLOSE))).status).toBe(200);
});
