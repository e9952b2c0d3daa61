import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { expect } from "vitest";
import { createGenerators } from "../../../src/generation/create-generator.js";
import { saysJson, startFakeOpenAi } from "../../support/fake-openai.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { told } from "../../support/told.js";

const ANSWER = {
  steps: [
    {
      description: "Log in",
      expected_result: "The shop is open",
      commands: [
        { action: "input", locator_type: "label", locator_value: "Password", text: "[[withheld 1]]" },
      ],
    },
  ],
  warnings: [],
};
const DESCRIPTION = told('Log in at https://shop.test. Type "hunter2" into Password.');
const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };

const test = folderTest
  .extend("model", async ({}, { onCleanup }) => {
    const server = await startFakeOpenAi(saysJson(ANSWER));
    onCleanup(() => server.close());
    return server;
  })
  .extend("recorded", async ({ folder, model }) => {
    const openai = { apiKey: "sk-of-the-account", baseURL: model.baseURL, model: "m" };
    const { generator } = await createGenerators({ openai, record: folder });
    return await generator.generateCase(DESCRIPTION, context);
  });

const replaying = async (folder: string) => (await createGenerators({ replay: folder })).generator;

test("answers are kept, and come again without a server or a key", async ({ folder, recorded }) => {
  const generator = await replaying(folder);
  expect(generator.name).toBe("openai");
  expect(await generator.generateCase(DESCRIPTION, context)).toEqual(recorded);
  expect(JSON.stringify(recorded)).toContain("hunter2");
});

test("recordings hold no password and no key", async ({ folder, recorded }) => {
  expect(recorded.steps).toHaveLength(1);
  const [file = ""] = await readdir(folder);
  const text = await readFile(join(folder, file), "utf8");
  expect(text).toContain("[[withheld 1]]");
  expect(text).not.toMatch(/hunter2|sk-of-the-account/);
});

test("a question that was not recorded says how it is", async ({ folder, recorded }) => {
  expect(recorded.warnings).toEqual([]);
  const generator = await replaying(folder);
  await expect(generator.generateCase(told("Buy a shirt at https://shop.test."), context)).rejects.toThrow(
    /AI_REPLAY has no answer to this question \(.*\.json\)\. Ask it once with OPENAI_API_KEY and AI_RECORD/,
  );
});

test("a file that is no recording is named", async ({ folder, recorded }) => {
  expect(recorded.warnings).toEqual([]);
  const [file = ""] = await readdir(folder);
  await writeFile(join(folder, file), "{");
  const generator = await replaying(folder);
  await expect(generator.generateCase(DESCRIPTION, context)).rejects.toThrow(/is no recording. Delete it/);
});
