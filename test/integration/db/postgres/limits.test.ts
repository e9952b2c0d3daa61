import { expect } from "vitest";
import type { ServerProcess } from "../../../support/server-process.js";
import { severalServersTest as test } from "../../../support/several-servers.js";

// Servers as processes of their own on one database.

/** Time within which a server hears of the counts of others, in milliseconds. */
const HEARD_MS = 1_100;

const TOKEN = "stw_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

async function ask(server: ServerProcess, token = TOKEN): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`http://${server.address}/api/test-cases`, { headers })).status;
}

/** Asks once in so much time as a server needs to hear of others. @returns the statuses until one is 429 */
async function askUntilRefused(server: ServerProcess, token?: string): Promise<number[]> {
  const statuses: number[] = [];
  await expect
    .poll(async () => statuses.push(await ask(server, token)) && statuses.at(-1), { interval: HEARD_MS })
    .toBe(429);
  return statuses;
}

test("requests at one server count at the others", async ({ start }) => {
  const limits = { ADMIN_TOKEN: TOKEN, HTTP_REQUESTS_PER_MINUTE: "20" };
  const [one, other] = await Promise.all([start(limits), start(limits)]);
  for (let count = 0; count < 20; count++) expect(await ask(one)).toBe(200);
  expect(await ask(one)).toBe(429);

  const statuses = await askUntilRefused(other);
  expect(statuses.length).toBeLessThan(10);
});

test("failed logins at one server count at the others, and a good token is let in all the same", async ({
  start,
}) => {
  const limits = { ADMIN_TOKEN: TOKEN, FAILED_LOGINS_PER_MINUTE: "20" };
  const [one, other] = await Promise.all([start(limits), start(limits)]);
  const guess = `${TOKEN.slice(0, -1)}0`;
  for (let count = 0; count < 20; count++) expect(await ask(one, guess)).toBe(401);
  expect(await ask(one, guess)).toBe(429);

  const statuses = await askUntilRefused(other, guess);
  expect(statuses.length).toBeLessThan(10);
  expect(await ask(other)).toBe(200);
});
