import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { answers, type Routes } from "./routes.js";

export function aiUsageRoutes(app: Routes, { aiUsage }: HttpDependencies): void {
  app.get(
    "/api/ai/usage",
    {
      schema: {
        tags: ["Generation"],
        summary: "Tokens and money that calls of the language model have taken, by day, client and model",
        description: "With the scope `admin` everybody's, otherwise the caller's own.",
        querystring: schemas.AiUsageQuery,
        response: answers(200, schemas.AiUsageReport),
      },
    },
    async ({ query: { days }, identity }) => {
      const principal = identity.scopes.has("admin") ? undefined : identity.principal;
      const { model, limits, today, items, calls } = await aiUsage.report({ days, principal });
      return {
        model,
        limits: {
          daily_budget: limits.budget ?? null,
          daily_budget_per_principal: limits.budgetPerPrincipal ?? null,
          daily_tokens: limits.tokens ?? null,
          daily_tokens_per_principal: limits.tokensPerPrincipal ?? null,
        },
        today,
        items,
        calls: calls.map(({ at, ...call }) => ({ at: at.toISOString(), ...call })),
      };
    },
  );
}
