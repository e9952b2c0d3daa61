import { afterEach, expect, test } from "vitest";
import { TestClient } from "../../support/client.js";
import { FakePool } from "../../support/fake-browser.js";
import { fails, hangs, saysJson, startFakeOpenAi, type FakeOpenAi } from "../../support/fake-openai.js";
import { startApp, type TestApp } from "../../support/test-app.js";

let testApp: TestApp;
let fake: FakeOpenAi;
let client: TestClient;

async function start(...answers: Parameters<typeof startFakeOpenAi>): Promise<void> {
  fake = await startFakeOpenAi(...answers);
  const environment = {
    OPENAI_API_KEY: "sk-test-secret",
    OPENAI_BASE_URL: fake.baseURL,
    OPENAI_MODEL: "test-model",
    OPENAI_IDLE_TIMEOUT: "2",
  };
  testApp = await startApp(environment, { pool: new FakePool() });
  client = await TestClient.connect(testApp.address);
}

afterEach(async () => {
  client.close();
  await testApp.close();
  await fake.close();
});

const ANSWER = {
  steps: [
    {
      description: "Open the app",
      expected_result: "The app is open",
      commands: [{ action: "navigate", url: "http://app.test/" }],
    },
  ],
  warnings: [],
};

test("what the language model writes is saved, named and can be read", async () => {
  await start(saysJson(ANSWER));
  const description = "Open the app at http://app.test/";
  client.send({ type: "generate_test_case", description, request_id: "g" });
  const complete = await client.next("generation_complete");
  expect(complete).toMatchObject({ generator: "openai", steps_count: 1, request_id: "g" });
  expect(client.received[1]).toMatchObject({ message: "Generating test steps with AI...", progress: 30 });
  const stored = await testApp.get<{ generator: string; steps: object[] }>(
    `/api/test-cases/${String(complete["test_case_id"])}`,
  );
  expect(stored).toMatchObject({
    generator: "openai",
    steps: [{ description: "Open the app", step_number: 1 }],
  });
});

test.each([
  ["a wrong key", () => [fails(401, "Incorrect API key provided: sk-test-secret")], "ai_unauthorized"],
  ["a server that hangs", () => [hangs()], "ai_timeout"],
])("%s is one generation_error, saves nothing, and the connection goes on", async (_what, answers, code) => {
  await start(...answers());
  client.send({ type: "generate_test_case", description: "Open the app", request_id: "g" });
  const error = await client.next("generation_error");
  expect(error).toMatchObject({ success: false, code, request_id: "g" });
  expect(error["error"]).toMatch(/^Failed to generate test case: /);
  expect(JSON.stringify(client.received)).not.toContain("sk-test-secret");
  expect(await testApp.get("/api/test-cases")).toMatchObject({ items: [] });
  client.send("[]");
  expect(await client.next("execution_error")).toMatchObject({ code: "invalid_json" });
});

test("an AI server that is down", async () => {
  await start();
  await fake.close();
  client.send({ type: "generate_test_case", description: "Open the app" });
  expect(await client.next("generation_error")).toMatchObject({ code: "ai_unavailable" });
});
