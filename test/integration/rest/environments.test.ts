import { describe, expect } from "vitest";
import { restTest } from "../../support/rest-fixtures.js";

const test = restTest();

const STAGING = {
  name: "staging",
  base_url: "https://staging.example",
  variables: { LANGUAGE: "de" },
  secrets: { PASSWORD: "STAGING_PASSWORD" },
};

describe("environments", () => {
  test("are made, read, listed, changed and deleted by their names", async ({ server }) => {
    const made = await server.request("POST", "/api/environments", STAGING);
    expect(made).toMatchObject({ status: 201, json: STAGING });
    await server.request("POST", "/api/environments", { name: "production" });
    expect((await server.request("GET", "/api/environments/staging")).json).toEqual(made.json);
    const list = await server.request("GET", "/api/environments");
    expect(list.json.items).toMatchObject([
      { name: "production", base_url: null, variables: {}, secrets: {} },
      STAGING,
    ]);
    const changed = await server.request("PUT", "/api/environments/staging", { variables: { A: "b" } });
    expect(changed.json).toMatchObject({ ...STAGING, variables: { A: "b" } });
    expect((await server.request("DELETE", "/api/environments/staging")).json).toEqual({
      name: "staging",
      deleted: true,
    });
    expect(await server.request("GET", "/api/environments/staging")).toMatchObject({
      status: 404,
      json: { error: { code: "environment_not_found" } },
    });
  });

  test("a case keeps its own by name, and under another name", async ({ server }) => {
    await server.request("POST", "/api/environments", STAGING);
    const body = { name: "Login", environment: "staging", slug: "login", tags: ["smoke"] };
    const { json: testCase } = await server.request("POST", "/api/test-cases", body);
    expect(testCase).toMatchObject(body);
    expect(await server.request("DELETE", "/api/environments/staging")).toMatchObject({
      status: 409,
      json: { error: { message: expect.stringContaining("'Login'") } },
    });
    await server.request("PUT", "/api/environments/staging", { name: "test" });
    const path = `/api/test-cases/${testCase.id}`;
    expect((await server.request("GET", path)).json.environment).toBe("test");
    await server.request("PUT", path, { environment: null, tags: [] });
    expect((await server.request("GET", path)).json).toMatchObject({ environment: null, tags: [] });
    expect((await server.request("DELETE", "/api/environments/test")).status).toBe(200);
  });

  test.for([
    ["a name that is taken", STAGING, 409, "There is an environment 'staging' already."],
    ["an address without a scheme", { name: "a", base_url: "shop.example" }, 400, "base_url"],
    ["a password in the address", { name: "a", base_url: "https://me:x@shop.example" }, 400, "base_url"],
    [
      "a value for a secret's name",
      { name: "a", secrets: { PASSWORD: "hunter 2" } },
      400,
      "secrets.PASSWORD",
    ],
    ["a variable that no script can name", { name: "a", variables: { "a-b": "c" } }, 400, "variables"],
    ["a field that there is not", { name: "a", url: "https://shop.example" }, 400, "url"],
  ] as const)("refuse %s", async ([, body, status, message], { server }) => {
    await server.request("POST", "/api/environments", STAGING);
    const refused = await server.request("POST", "/api/environments", body);
    expect(refused.status).toBe(status);
    expect(refused.text).toContain(message);
    expect(refused.text).not.toContain("hunter");
  });

  test("a case takes none that there is not, and no slug that another has", async ({ server }) => {
    expect(await server.request("POST", "/api/test-cases", { name: "A", environment: "none" })).toMatchObject(
      {
        status: 404,
        json: { error: { code: "environment_not_found" } },
      },
    );
    await server.request("POST", "/api/test-cases", { name: "A", slug: "a" });
    expect(await server.request("POST", "/api/test-cases", { name: "B", slug: "a" })).toMatchObject({
      status: 409,
      json: { error: { message: "Another test case has the slug 'a'. Choose another one." } },
    });
  });
});
