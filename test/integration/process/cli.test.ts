import { describe, expect } from "vitest";
import { endOf } from "../../../src/auth/tokens.js";
import { sharedAppTest } from "../../support/app-fixtures.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { stepwire, tokensOf } from "../../support/logins.js";
import { ServerProcess } from "../../support/server-process.js";
import { ON_POSTGRES } from "../../support/test-databases.js";
import { TRANSLATED_COMMAND_LINE } from "../../support/translated-server.js";

// Each command is a process of its own, beside a server that runs on the same database.

const test = sharedAppTest()
  .extend(
    "run",
    ({ testApp }) =>
      (...args: string[]) =>
        stepwire(testApp.databaseUrl, args),
  )
  .extend(
    "statusWith",
    ({ testApp }) =>
      async (token: string) =>
        (
          await fetch(`http://${testApp.address}/api/stats`, {
            headers: { authorization: `Bearer ${token}` },
          })
        ).status,
  );

test("a token is made, used, listed, revoked and pruned while the server runs", async ({
  run,
  statusWith,
  testApp,
}) => {
  const made = await run("tokens", "create", "--name", "ci", "--scopes", "run,read", "--expires", "90d");
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^stw_[\w-]{43}\n$/) });
  expect(made.stderr).toMatch(/^Token ci \(run, read; until \d{4}-.*shown this once/);
  const token = made.stdout.trim();
  expect(await statusWith(token)).toBe(200);
  expect(await statusWith("stw_wrong")).toBe(401);

  const listed = await run("tokens", "list");
  expect(listed.stdout).toMatch(/^NAME +STATE .*\nci +valid +run,read +\d{4}-/);
  expect(listed.stdout).not.toContain(token);
  const [record] = await tokensOf(testApp.app).list();
  expect(record && endOf(record, new Date(Date.now() + 89 * 86_400_000))).toBeUndefined();
  expect(record && endOf(record, new Date(Date.now() + 91 * 86_400_000))).toBe("expired");

  expect(await run("tokens", "create", "--name", "ci", "--scopes", "read")).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringMatching(/^There is a token named ci already\..*\n$/),
  });

  expect(await run("tokens", "revoke", "ci")).toMatchObject({
    code: 0,
    stdout: `Revoked ci (${record?.id}).\n`,
  });
  expect(await statusWith(token)).toBe(401);

  expect(await run("tokens", "prune")).toMatchObject({ code: 0, stdout: "Deleted ci.\n" });
  expect(await tokensOf(testApp.app).list()).toEqual([]);
  const entries = await testApp.app.database.auditStore.listAudit({ limit: 10, before: undefined });
  expect(entries.filter(({ address }) => address === "cli").map(({ action }) => action)).toEqual([
    "prune_tokens",
    "revoke_token",
    "create_token",
  ]);
});

test("names with line breaks and escape sequences stay in their line", async ({ testApp, run }) => {
  const name = "ci\nadmin  valid\u001b[2J\u2028\u202e";
  const shown = String.raw`ci\nadmin  valid\u001b[2J\u2028\u202e`;
  // The command takes no such name; a database may have one.
  const { record } = await tokensOf(testApp.app).create({ name, scopes: ["read"], expiresAt: undefined });
  const [list, json, revoked, ...refused] = await Promise.all([
    run("tokens", "list"),
    run("tokens", "list", "--json"),
    run("tokens", "revoke", name),
    run(name),
    run("tokens", "create", "--name", "a", "--scopes", name),
  ]);
  expect(list.stdout).toMatch(/^NAME[^\n]*\nci[^\n]*\n$/);
  expect(list.stdout).toContain(`${shown} `);
  expect(JSON.parse(json.stdout)).toMatchObject([{ name }]);
  expect(revoked.stdout).toBe(`Revoked ${shown} (${record.id}).\n`);
  for (const { code, stderr } of refused) {
    expect(code).toBe(2);
    expect(stderr).toContain(shown);
    expect(stderr).toMatch(/^[^\n]+\n$/);
  }
  for (const { stdout, stderr } of [list, json, revoked, ...refused]) {
    expect(stdout + stderr).not.toMatch(/[\p{Zl}\u202e]|(?!\n)\p{Cc}/u);
  }
  await tokensOf(testApp.app).prune();
});

test("a server that writes all the time does not keep a command from writing too", async ({
  testApp,
  run,
}) => {
  const { cases } = testApp.app;
  let isOver = false;
  const writing = (async () => {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set below, while this waits
    while (!isOver) {
      await cases.create({ name: "Case", steps: [{ description: "Step" }] });
      // The database answers without the event loop, which has to hear of the command.
      await new Promise(setImmediate);
    }
  })();
  const made = await run("tokens", "create", "--name", "busy", "--scopes", "read");
  isOver = true;
  await writing;
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^stw_/) });
});

folderTest("serve serves on the port that is asked for, until a signal", async ({ folder }) => {
  const server = await ServerProcess.start(
    folder,
    { PORT: "-1", SELENIUM_REMOTE_URL: "http://127.0.0.1:1" },
    { entry: TRANSLATED_COMMAND_LINE, args: ["serve", "--port", "0"] },
  );
  expect(await (await fetch(`http://${server.address}/healthz`)).json()).toEqual({ status: "ok" });
  expect(await server.end("SIGTERM")).toMatchObject({ code: 0 });
});

describe("what cannot be done is said in one line", () => {
  test.skipIf(ON_POSTGRES)(
    "a second server on an embedded database (PostgreSQL takes several)",
    async ({ testApp, run }) => {
      expect(await run("serve", "--port", "0")).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`is in use by the server with process id ${process.pid}`),
      });
      expect(testApp.app.ending).toBeUndefined();
    },
  );

  test("a server that cannot start", async ({ testApp, run }) => {
    expect(await run("serve", "--port", "x")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^PORT: /),
    });
    expect(testApp.app.ending).toBeUndefined();
  });

  test("a database that cannot be used", async () => {
    expect(await stepwire("postgresql://u:secret@127.0.0.1:1/db", ["tokens", "list"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^DATABASE_URL: [^\n]+\n$/),
    });
  });

  test("a token that is not there", async ({ run }) => {
    expect(await run("tokens", "revoke", "nobody")).toMatchObject({
      code: 2,
      stderr: "There is no token with the id or name nobody.\n",
    });
  });
});
