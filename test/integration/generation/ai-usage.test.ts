import { describe, expect } from "vitest";
import { AiBudget } from "../../../src/generation/usage/budget.js";
import { startedAppTest } from "../../support/app-fixtures.js";
import { saysWithUsage, says, startFakeOpenAi, type Answer } from "../../support/fake-openai.js";
import { scratchDatabase } from "../../support/scratch-database.js";

const ANSWER = JSON.stringify({
  steps: [
    {
      description: "Open the shop",
      expected_result: "It is open",
      commands: [{ action: "navigate", url: "https://shop.test" }],
    },
  ],
  warnings: [],
});
const DESCRIPTION = "Open https://shop.test";

const test = startedAppTest()
  .extend("model", async ({}, { onCleanup }) => {
    const server = await startFakeOpenAi(...Array<Answer>(5).fill(saysWithUsage(ANSWER, 1_000, 200)));
    onCleanup(() => server.close());
    return server;
  })
  // One call leaves less than the prompt of another is reckoned at.
  .extend("dear", async ({}, { onCleanup }) => {
    const server = await startFakeOpenAi(saysWithUsage(ANSWER, 49_000, 190));
    onCleanup(() => server.close());
    return server;
  })
  .extend("silent", async ({}, { onCleanup }) => {
    const server = await startFakeOpenAi(says(ANSWER));
    onCleanup(() => server.close());
    return server;
  })
  .extend("scratch", async ({}, { onCleanup }) => {
    const scratch = await scratchDatabase();
    onCleanup(() => scratch.remove());
    return scratch;
  });

const settings = (baseURL: string) => ({
  OPENAI_API_KEY: "sk-test",
  OPENAI_BASE_URL: baseURL,
  OPENAI_MODEL: "llama3:8b",
  AI_PRICES: "gpt-4o-mini=0.15/0.60, llama3:8b=1/5",
});

async function generate(address: string): Promise<{ status: number; json: Record<string, unknown> }> {
  const response = await fetch(`http://${address}/api/test-cases/generate`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ description: DESCRIPTION }),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

describe("what calls of a language model take", () => {
  test("stands in the messages, in the answer, and in the account of the day", async ({
    start,
    connect,
    model,
  }) => {
    const { address, get } = await start(settings(model.baseURL));
    const client = await connect();
    client.send({ type: "generate_test_case", description: DESCRIPTION });
    const complete = await client.next("generation_complete");
    // 1,000 tokens at 1 and 200 at 5 for a million.
    const usage = { calls: 1, input_tokens: 1_000, output_tokens: 200, cost: 0.002, is_estimate: false };
    expect(complete["ai_usage"]).toEqual(usage);
    const told = client.received.filter(({ ai_usage: one }) => one !== undefined && one !== null);
    expect(told.map(({ type }) => type)).toEqual(["generation_progress", "generation_complete"]);
    expect((await generate(address)).json["ai_usage"]).toEqual(usage);

    const report = await get<Record<string, unknown>>("/api/ai/usage");
    const both = { ...usage, calls: 2, input_tokens: 2_000, output_tokens: 400, cost: 0.004 };
    expect(report).toMatchObject({ model: "llama3:8b", limits: { daily_budget: null }, today: both });
    expect(report["items"]).toMatchObject([
      { ...both, model: "llama3:8b", day: expect.stringMatching(/^\d{4}-/) },
    ]);
    expect(report["calls"]).toHaveLength(2);
  });

  test("is reckoned where the server does not tell it", async ({ start, silent }) => {
    const { address } = await start(settings(silent.baseURL));
    expect((await generate(address)).json["ai_usage"]).toMatchObject({ calls: 1, is_estimate: true });
  });

  test.for([
    ["AI_DAILY_BUDGET", "0.05"],
    ["AI_DAILY_BUDGET_PER_PRINCIPAL", "0.05"],
    ["AI_DAILY_TOKENS", "50000"],
    ["AI_DAILY_TOKENS_PER_PRINCIPAL", "50000"],
  ] as const)("ends at %s, over each way", async ([name, value], { start, connect, dear }) => {
    const { address } = await start({ ...settings(dear.baseURL), [name]: value });
    expect((await generate(address)).status).toBe(201);
    const { status, json } = await generate(address);
    expect(status).toBe(429);
    expect(json["error"]).toMatchObject({
      code: "ai_budget_spent",
      message: expect.stringContaining(name),
      retry_after_ms: expect.any(Number),
    });
    const client = await connect();
    client.send({ type: "generate_test_case", description: DESCRIPTION });
    expect(await client.next("generation_error")).toMatchObject({ code: "ai_budget_spent" });
    expect(dear.requests).toHaveLength(1);
  });

  test("counts for the whole day, whatever server takes it, and not for the next", async ({ scratch }) => {
    const { aiUsageStore: store } = scratch.database;
    let now = new Date("2026-01-13T23:59:00Z");
    const budget = () =>
      new AiBudget({
        ...{ store, model: "m", now: () => now },
        price: { input: 1, output: 5 },
        limits: { tokens: 1_000, tokensPerPrincipal: 600 },
      });
    await budget().record("ada", { input: 400, output: 150, isEstimate: false });
    const restarted = budget();
    await expect(restarted.admit("ada", 100)).rejects.toMatchObject({
      code: "ai_budget_spent",
      retryAfterMs: 60_000,
    });
    const release = await restarted.admit("bob", 300);
    // A call under way has spent its tokens, and one that was refused none.
    await expect(restarted.admit("eve", 200)).rejects.toMatchObject({ code: "ai_budget_spent" });
    release();
    (await restarted.admit("eve", 200))();
    now = new Date("2026-01-14T00:00:00Z");
    (await restarted.admit("ada", 600))();
    const { today, items } = await restarted.report({ days: 2, principal: "ada" });
    expect(today).toMatchObject({ calls: 0 });
    expect(items).toMatchObject([{ day: "2026-01-13", principal: "ada", calls: 1, cost: 0.00115 }]);
  });
});
