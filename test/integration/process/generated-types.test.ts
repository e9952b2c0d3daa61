import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { TypeScriptGenerator } from "@asyncapi/modelina";
import openapiTypes, { astToString } from "openapi-typescript";
import { expect } from "vitest";
import { buildAsyncApi } from "../../../src/http/asyncapi.js";
import { buildOpenApi } from "../../../src/http/index.js";
import { folderTest } from "../../support/scratch-fixtures.js";

const run = promisify(execFile);

/** Compiles a file with the strictest options that a user may have; what is wrong in it is in the answer. */
async function compile(folder: string, name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  const options = [
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noEmit",
    "--ignoreConfig",
    "--lib",
    "es2023",
  ];
  const args = [resolve("node_modules/typescript/bin/tsc"), ...options, "--target", "es2023", name];
  try {
    return (await run(process.execPath, args, { cwd: folder })).stdout;
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

folderTest("openapi-typescript makes types of the REST interface, with typed scripts", async ({ folder }) => {
  const types = astToString(await openapiTypes(JSON.stringify(await buildOpenApi())));
  const use = `
    type Body = operations["createTestCase"]["requestBody"]["content"]["application/json"];
    export const body: Body = {
      name: "Search",
      steps: [{ description: "Open", selenium_script_json: [{ action: "navigate", url: "https://example.com/" }] }],
    };
    // @ts-expect-error No command has this action.
    export const wrong: Body = { name: "Search", steps: [{ description: "Open", script: [{ action: "klick" }] }] };
    export type Verdicts = operations["getRun"]["responses"][200]["content"]["application/json"]["steps"][0]["status"];
    export const verdict: Verdicts = "skipped";`;
  expect(await compile(folder, "rest.ts", types + use)).toBe("");
});

folderTest("modelina makes a model with a name of each message", async ({ folder }) => {
  const generator = new TypeScriptGenerator({ modelType: "interface", enumType: "union" });
  const models = await generator.generate(JSON.parse(JSON.stringify(buildAsyncApi())) as object);
  const names = models.map(({ modelName }) => modelName);
  expect(names.filter((name) => /anonymous/i.test(name))).toEqual([]);
  expect(names).toEqual(
    expect.arrayContaining(["ExecuteStep", "ExecutionComplete", "Welcome", "WelcomeLimits"]),
  );
  const text = models.map(({ result }) => `export ${result}`).join("\n");
  expect(await compile(folder, "messages.ts", text)).toBe("");
});
