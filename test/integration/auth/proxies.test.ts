import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { describe, expect } from "vitest";
import WebSocket from "ws";
import { startedAppTest } from "../../support/app-fixtures.js";
import { TestClient } from "../../support/client.js";
import { createToken } from "../../support/logins.js";

type Headers = Record<string, string>;

// Two peers of this machine: one is the proxy that the server trusts, the other somebody who goes past it.
const PROXY = "127.0.0.1";
const STRANGER = "127.0.0.2";
const ANN = "203.0.113.1";
const BOB = "203.0.113.2";
const WRONG = { authorization: `Bearer stw_${"A".repeat(43)}` };

const forwarded = (client: string, headers: Headers = {}) => ({ ...headers, "x-forwarded-for": client });

const test = startedAppTest()
  .override("environment", { TRUST_PROXY: PROXY })
  /** Asks as one of the peers. @returns the status */
  .extend(
    "ask",
    ({ startedApp }) =>
      async (headers: Headers, peer = PROXY, path = "/api/stats"): Promise<number | undefined> => {
        const request = httpRequest(`http://${startedApp().address}${path}`, { headers, localAddress: peer });
        request.end();
        const [response] = (await once(request, "response")) as [IncomingMessage];
        response.resume();
        return response.statusCode;
      },
  )
  /** Connects as one of the peers. @returns the code with which the server closes, or nothing once it has answered */
  .extend(
    "connectFrom",
    ({ startedApp, clients }) =>
      async (headers: Headers, peer = PROXY): Promise<number | undefined> => {
        const options = { headers, localAddress: peer };
        const client = new TestClient(new WebSocket(`ws://${startedApp().address}/ws/execute-step`, options));
        clients.all.push(client);
        await once(client.socket, "open");
        client.send({ type: "hello", protocol: 1 });
        await Promise.race([client.next("welcome").catch(() => undefined), client.untilClosed()]);
        return client.closed?.code;
      },
  );

describe("failed logins", () => {
  test("ten wrong tokens lock out nobody with a right one, with and without a trusted proxy", async ({
    start,
    startedApp,
    ask,
    connectFrom,
  }) => {
    for (const proxy of [PROXY, ""]) {
      await start({ TRUST_PROXY: proxy });
      const { headers } = await createToken(startedApp(), ["read"]);
      for (let count = 0; count < 12; count++) await ask(forwarded(ANN, WRONG));
      expect(await ask(forwarded(ANN, WRONG))).toBe(429);
      for (const client of [ANN, BOB]) {
        expect(await ask(forwarded(client, headers))).toBe(200);
        expect(await connectFrom(forwarded(client, headers))).toBeUndefined();
      }
    }
  });

  test("count for the client behind a trusted proxy, and for the token, not for the proxy", async ({
    start,
    startedApp,
    ask,
    connectFrom,
  }) => {
    await start({ FAILED_LOGINS_PER_MINUTE: "3" });
    await createToken(startedApp(), ["read"]);
    const other = (digit: number) => ({ authorization: `Bearer stw_${String(digit).repeat(43)}` });
    for (let count = 0; count < 3; count++) expect(await ask(forwarded(ANN, other(count)))).toBe(401);
    expect(await ask(forwarded(ANN, other(3)))).toBe(429);
    expect(await connectFrom(forwarded(ANN, other(4)))).toBe(4442);
    expect(await ask(forwarded(BOB, other(3)))).toBe(401);
    expect(await connectFrom(forwarded(BOB, other(4)))).toBe(4401);
    for (let count = 0; count < 3; count++)
      expect(await ask(forwarded(`198.51.100.${count}`, WRONG))).toBe(401);
    expect(await ask(forwarded("198.51.100.9", WRONG))).toBe(429);
  });

  test("of whoever goes past the proxy count for them, whatever they claim", async ({
    start,
    startedApp,
    ask,
  }) => {
    await start({ FAILED_LOGINS_PER_MINUTE: "3" });
    const { headers } = await createToken(startedApp(), ["admin"]);
    const other = (digit: number) => ({ authorization: `Bearer stw_${String(digit).repeat(43)}` });
    for (let count = 0; count < 3; count++) {
      expect(await ask(forwarded(`203.0.113.${count}`, other(count)), STRANGER)).toBe(401);
    }
    expect(await ask(forwarded("203.0.113.77", other(4)), STRANGER)).toBe(429);
    const { items } = (await (
      await fetch(`http://${startedApp().address}/api/audit`, { headers })
    ).json()) as {
      items: { address: string }[];
    };
    expect(new Set(items.map(({ address }) => address))).toEqual(new Set([STRANGER]));
  });
});

test("connections are limited for the client, whom only the trusted proxy may name", async ({
  start,
  connectFrom,
}) => {
  await start({ MAX_CONNECTIONS_PER_ADDRESS: "2" });
  const outcomes = [];
  for (const client of [ANN, ANN, ANN, BOB]) outcomes.push(await connectFrom(forwarded(client)));
  expect(outcomes).toEqual([undefined, undefined, 4431, undefined]);
  outcomes.length = 0;
  for (const client of ["198.51.100.1", "198.51.100.2", "198.51.100.3"]) {
    outcomes.push(await connectFrom(forwarded(client), STRANGER));
  }
  expect(outcomes).toEqual([undefined, undefined, 4431]);
});

test("addresses of one IPv6 network count as one connection's address", async ({ start, connectFrom }) => {
  await start({ MAX_CONNECTIONS_PER_ADDRESS: "1" });
  expect(await connectFrom(forwarded("2001:db8::1"))).toBeUndefined();
  expect(await connectFrom(forwarded("2001:db8::2"))).toBe(4431);
  expect(await connectFrom(forwarded("2001:db8:0:1::1"))).toBeUndefined();
});

test("requests are limited for the client, whom only the trusted proxy may name", async ({ start, ask }) => {
  await start({ HTTP_REQUESTS_PER_MINUTE: "2" });
  const statuses = [];
  for (const client of [ANN, ANN, ANN, BOB]) statuses.push(await ask(forwarded(client)));
  expect(statuses).toEqual([200, 200, 429, 200]);
  statuses.length = 0;
  for (const client of [ANN, BOB, "203.0.113.3"]) statuses.push(await ask(forwarded(client), STRANGER));
  expect(statuses).toEqual([200, 200, 429]);
});
