import { describe, expect } from "vitest";
import { restTest } from "../../support/rest-fixtures.js";

const FILE = `environments:
  - name: staging
    base_url: https://staging.example
cases:
  - slug: log-in
    name: Log in
    tags: [smoke]
    environment: staging
    typing_delay: 40
    steps:
      - description: Open
        script:
          - action: navigate
            url: /login
  - name: Help
    steps:
      - description: Look
`;

const test = restTest()
  .extend("send", ({ server }) => async (text: string | Buffer, query = "", type = "application/yaml") => {
    const response = await server.app.inject({
      method: "POST",
      url: `/api/import${query}`,
      headers: { "content-type": type },
      payload: text,
    });
    return { status: response.statusCode, json: response.json() };
  })
  .extend(
    "list",
    ({ server }) =>
      async () =>
        (await server.request("GET", "/api/test-cases")).json.items,
  );

describe("import", () => {
  test("makes every case and environment of a file", async ({ send, list, server }) => {
    const { status, json } = await send(FILE);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      applied: true,
      changes: [
        { kind: "created", what: "environment", name: "staging" },
        { kind: "created", what: "test_case", slug: "log-in", name: "Log in" },
        { kind: "created", what: "test_case", slug: null, name: "Help" },
      ],
    });
    const [help, login] = await list();
    expect(help).toMatchObject({ name: "Help", slug: null, steps_count: 1 });
    expect(login).toMatchObject({
      slug: "log-in",
      tags: ["smoke"],
      environment: "staging",
      typing_delay: 40,
    });
    const { json: whole } = await server.request("GET", `/api/test-cases/${login.id}`);
    expect(JSON.parse(whole.steps[0].selenium_script_json)).toEqual([{ action: "navigate", url: "/login" }]);
  });

  test("says what it would do, and does nothing, with dry_run", async ({ send, list }) => {
    expect((await send(FILE, "?dry_run=true")).json).toMatchObject({ applied: false, changes: [{}, {}, {}] });
    expect(await list()).toEqual([]);
  });

  test("imports nothing when anything is wrong, and says where", async ({ send, list }) => {
    const { status, json } = await send(`${FILE}  - name: 5\n  - nam: A\n`, "?file=shop.yaml");
    expect(status).toBe(422);
    expect(json.error).toMatchObject({
      code: "invalid_file",
      faults: [
        { file: "shop.yaml", line: 18, column: 5, message: expect.stringContaining("Put it in quotes") },
        { line: 19, column: 5, message: expect.stringContaining(".name' is missing") },
        { line: 19, column: 5 },
      ],
    });
    expect(await list()).toEqual([]);
  });

  test("a slug that is taken and an environment that there is not leave nothing behind", async ({
    send,
    list,
  }) => {
    await send("slug: log-in\nname: First\n");
    const { json } = await send(
      "cases:\n  - name: New\n  - slug: log-in\n    name: Second\n  - name: A\n    environment: none\n",
    );
    expect(json.error.faults).toMatchObject([
      { line: 5, message: expect.stringContaining("There is no environment 'none'") },
      { line: 3, message: expect.stringContaining("that of test case 'First' already. Use sync") },
    ]);
    expect(await list()).toMatchObject([{ name: "First" }]);
  });

  test.for<[what: string, body: string | Buffer, fault: string]>([
    ["broken UTF-8", Buffer.from([0x6e, 0xff]), "This is no UTF-8"],
    [
      "a billion laughs",
      `a0: &a0 [x, x]\n${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`).join("\n")}`,
      "aliases written out",
    ],
    ["nothing", "", "The file is empty"],
    ["deep nesting", "[".repeat(100_000), "deep"],
  ])("refuses %s", async ([, body, fault], { send }) => {
    const { status, json } = await send(body);
    expect(status).toBe(422);
    expect(json.error.faults[0]).toMatchObject({
      file: "the body",
      line: expect.any(Number),
      message: expect.any(String),
    });
    expect(JSON.stringify(json.error.faults)).toContain(fault);
  });

  test("refuses a body that is too large before it has it", async ({ send }) => {
    expect((await send(Buffer.alloc(9 * 1024 ** 2, "x"))).status).toBe(413);
  });
});

test("more cases than a statement takes parameters come in and go out", async ({ send, server }) => {
  const cases = Array.from({ length: 1_100 }, (_, n) => ({
    name: `Case ${n}`,
    steps: [{ description: "Look" }],
  }));
  expect((await send(JSON.stringify({ cases }), "", "application/json")).status).toBe(200);
  const { text } = await server.request("GET", "/api/export?format=json");
  const names = (JSON.parse(text) as { cases: { name: string }[] }).cases.map(({ name }) => name);
  expect(names).toEqual(cases.map(({ name }) => name));
});

describe("sync", () => {
  test("changes what differs, keeps the ids of steps, and leaves the rest", async ({
    send,
    list,
    server,
  }) => {
    await send(FILE);
    await server.request("POST", "/api/test-cases", { name: "By hand" });
    const login = (await list()).find(({ slug }: { slug: string }) => slug === "log-in");
    const before = (await server.request("GET", `/api/test-cases/${login.id}`)).json;
    const text = FILE.replace(
      "      - description: Open\n",
      "      - description: Begin\n      - description: Open\n",
    ).replace("tags: [smoke]", "tags: [slow]");
    const { json } = await send(text, "?mode=sync");
    expect(json.changes).toMatchObject([
      { kind: "unchanged", what: "environment" },
      { kind: "changed", slug: "log-in", fields: ["tags", "step 1", "step 2"] },
      { kind: "changed", slug: "help", fields: ["slug"] },
      { kind: "extra", slug: "by-hand" },
    ]);
    const after = (await server.request("GET", `/api/test-cases/${login.id}`)).json;
    expect(after).toMatchObject({
      tags: ["slow"],
      steps: [
        { step_number: 1, description: "Begin" },
        { step_number: 2, id: before.steps[0].id },
      ],
    });
    const again = await send(text, "?mode=sync");
    expect(again.json.changes.map(({ kind }: { kind: string }) => kind)).toEqual([
      "unchanged",
      "unchanged",
      "unchanged",
      "extra",
    ]);
    expect(await list()).toHaveLength(3);
  });

  test("deletes only with prune", async ({ send, list }) => {
    await send(FILE);
    await send("name: Help\n", "?mode=sync");
    expect(await list()).toHaveLength(2);
    const { json } = await send("name: Help\n", "?mode=sync&prune=true");
    expect(json.changes).toMatchObject([
      { kind: "unchanged", slug: "help" },
      { kind: "deleted", slug: "log-in" },
    ]);
    expect(await list()).toMatchObject([{ name: "Help" }]);
  });

  test("two cases that come to the same slug are refused with both places", async ({ send, list }) => {
    const { json } = await send("cases:\n  - name: Log in\n  - name: log in!\n", "?mode=sync&file=a.yaml");
    expect(json.error.faults).toMatchObject([
      { line: 3, message: "The slug 'log-in' is that of a.yaml:2 too; give this case another 'slug'." },
    ]);
    expect(await list()).toEqual([]);
  });
});

describe("export", () => {
  test.for(["yaml", "json"])(
    "gives a file that sync finds no difference in: %s",
    async (format, { send, server }) => {
      await send(FILE);
      await send("name: Help\n");
      const file = await server.request("GET", `/api/export?format=${format}`);
      expect(file.headers["content-type"]).toBe(`application/${format}; charset=utf-8`);
      const { json } = await send(file.text, "?mode=sync&dry_run=true", `application/${format}`);
      expect(
        json.changes.map(({ kind, fields }: { kind: string; fields: string[] }) => [kind, ...fields]),
      ).toEqual([["unchanged"], ["unchanged"], ["changed", "slug"], ["changed", "slug"]]);
    },
  );

  test("gives the cases that are asked for, with the environments that they have", async ({
    send,
    server,
  }) => {
    await send(FILE);
    const byTag = await server.request("GET", "/api/export?format=json&tags=smoke,other");
    expect(JSON.parse(byTag.text)).toMatchObject({
      environments: [{ name: "staging" }],
      cases: [{ slug: "log-in" }],
    });
    const byId = await server.request("GET", "/api/export?format=json&ids=2");
    expect(JSON.parse(byId.text)).toEqual({
      cases: [{ slug: "help", name: "Help", steps: [{ description: "Look" }] }],
    });
    expect((await server.request("GET", "/api/export?ids=99")).status).toBe(404);
  });

  test("the schema of the files is served for editors", async ({ server }) => {
    const { status, text } = await server.request("GET", "/case-file.schema.json");
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ $schema: expect.stringContaining("json-schema.org") });
  });
});
