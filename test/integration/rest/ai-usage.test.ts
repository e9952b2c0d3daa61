import { expect, test } from "vitest";
import type { AiUsageReader } from "../../../src/generation/ports.js";
import { anonymous } from "../../../src/auth/identity.js";
import { restServer } from "../../support/rest-server.js";

const NOTHING = { calls: 0, input_tokens: 0, output_tokens: 0, cost: 0, is_estimate: false };

test.each([
  ["everybody's", ["admin", "read"], undefined],
  ["the caller's own", ["read"], "token:1"],
] as const)("the account of a model's calls is %s with the scopes %j", async (_whose, scopes, principal) => {
  const asked: Parameters<AiUsageReader["report"]>[0][] = [];
  const server = await restServer({
    login: async ({ address }) => ({ ...anonymous(address), principal: "token:1", scopes: new Set(scopes) }),
    aiUsage: {
      report: (selection) => {
        asked.push(selection);
        return Promise.resolve({ model: "m", limits: {}, today: NOTHING, items: [], calls: [] });
      },
    },
  });
  try {
    const { status, json } = await server.request("GET", "/api/ai/usage?days=7");
    expect(status).toBe(200);
    expect(json).toMatchObject({ model: "m", limits: { daily_tokens: null }, today: NOTHING });
    expect(asked).toEqual([{ days: 7, principal }]);
    expect((await server.request("GET", "/api/ai/usage?days=0")).status).toBe(400);
  } finally {
    await server.close();
  }
});
