import { describe, expect } from "vitest";
import { ownAppTest } from "../../support/app-fixtures.js";
import { createToken, tokensOf } from "../../support/logins.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import { ServerProcess } from "../../support/server-process.js";

/** A page that this machine serves for something else. */
const OTHER_PORT = { origin: "http://localhost:3000" };

interface Answer {
  status: number;
  json: { token?: string; error?: { code: string; message: string } };
}

async function makeToken(
  address: string,
  body: object = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`http://${address}/api/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ name: "first", scopes: ["admin"], ...body }),
  });
  return { status: response.status, json: (await response.json()) as Answer["json"] };
}

const ADMIN_TOKEN = `stw_${"a".repeat(40)}`;

const test = ownAppTest()
  .extend(
    "codeOf",
    ({ testApp }) =>
      async () =>
        (await testApp.app.setupCode()) ?? "",
  )
  .extend(
    "stats",
    ({ testApp }) =>
      async () =>
        (await fetch(`http://${testApp.address}/api/stats`)).status,
  );

describe("the first token", () => {
  test("is made by nobody who cannot read what the server prints, and nobody is kept out by the attempt", async ({
    codeOf,
    testApp,
    stats,
  }) => {
    const code = await codeOf();
    for (const body of [
      {},
      { setup_code: "" },
      { setup_code: `${code}x` },
      { setup_code: code.slice(0, -1) },
    ]) {
      for (const headers of [{}, OTHER_PORT]) {
        const { status, json } = await makeToken(testApp.address, body, headers);
        expect(status).toBe(403);
        expect(json.error).toMatchObject({
          code: "forbidden",
          message: expect.stringMatching(/setup_code that the server printed .*tokens create --name admin/),
        });
      }
    }
    expect(await stats()).toBe(200);
    const entries = await testApp.app.database.auditStore.listAudit({ limit: 10, before: undefined });
    expect(entries).toHaveLength(8);
    expect(new Set(entries.map(({ action }) => action))).toEqual(new Set(["create_token_refused"]));
  });

  test("is made with the code, which is good for one, and those after it with the token", async ({
    codeOf,
    testApp,
    stats,
  }) => {
    const code = await codeOf();
    const made = await makeToken(testApp.address, { setup_code: code });
    expect(made).toMatchObject({ status: 201, json: { token: expect.stringMatching(/^stw_/) } });
    expect(await stats()).toBe(401);
    expect(await testApp.app.setupCode()).toBeUndefined();
    expect((await makeToken(testApp.address, { name: "second", setup_code: code })).status).toBe(401);
    const headers = { authorization: `Bearer ${made.json.token}` };
    expect((await makeToken(testApp.address, { name: "second" }, headers)).status).toBe(201);

    for (const { id } of await tokensOf(testApp.app).list()) await tokensOf(testApp.app).revoke(id);
    await tokensOf(testApp.app).prune();
    const again = await makeToken(testApp.address, { setup_code: code });
    expect(again).toMatchObject({
      status: 403,
      json: { error: { message: expect.stringContaining("next start") } },
    });
  });

  test("is made by the command line without a code", async ({ testApp, stats }) => {
    await createToken(testApp, ["admin"]);
    expect(await stats()).toBe(401);
  });
});

// Several servers are started one after the other.
test(
  "a server prints the code where it starts and nobody needs a login, and nowhere else",
  { timeout: 90_000 },
  async () => {
    const folder = await scratchFolder();
    const ready = /"setupCode":"([\w-]{22})"/;
    const first = await ServerProcess.start(
      folder.path,
      { LOG_LEVEL: "info", SECRET_PASSWORD: "hunter2" },
      { ready },
    );
    const [, code = ""] = ready.exec(first.output()) ?? [];
    await expect.poll(first.output).toContain("secrets are set");
    expect((await makeToken(first.address, { setup_code: code })).status).toBe(201);
    await first.stop();

    const second = await ServerProcess.start(
      folder.path,
      { LOG_LEVEL: "info", SECRET_PASSWORD: "hunter2" },
      { ready: /browser started/ },
    );
    expect(second.output()).not.toContain("setupCode");
    expect(second.output()).not.toContain("secrets are set");
    await second.stop();
    await folder.remove();
  },
);

describe("ADMIN_TOKEN", () => {
  const read = async (address: string, token: string) =>
    (await fetch(`http://${address}/api/tokens`, { headers: { authorization: `Bearer ${token}` } })).status;

  test.override("environment", { ADMIN_TOKEN })(
    "makes the first token of a new database",
    async ({ testApp }) => {
      expect(await testApp.app.setupCode()).toBeUndefined();
      expect(await read(testApp.address, ADMIN_TOKEN)).toBe(200);
      expect(await read(testApp.address, `${ADMIN_TOKEN}b`)).toBe(401);
    },
  );
});
