import { pageOf, toRunCursor } from "../cursor.js";
import type { HttpDependencies } from "../dependencies.js";
import { DeliveriesQuery, DeliveryPage } from "../webhook-schemas.js";
import { answers, type Routes } from "./routes.js";

export function webhookRoutes(app: Routes, { deliveries }: HttpDependencies): void {
  app.get(
    "/api/webhook-deliveries",
    {
      schema: {
        tags: ["Webhooks"],
        summary: "List what webhooks were told of runs, newest first",
        querystring: DeliveriesQuery,
        response: answers(200, DeliveryPage),
      },
    },
    async ({ query: { run_id: runId, status, limit, cursor: before } }) => {
      const found = await deliveries.listDeliveries({ runId, status }, { limit: limit + 1, before });
      const { items, ...rest } = pageOf(found, { limit, cursorOf: toRunCursor });
      return {
        items: items.map(({ id, target, status: state, attempts, ...delivery }) => ({
          id,
          target,
          status: state,
          run_id: delivery.runId,
          created_at: delivery.createdAt.toISOString(),
          next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
          attempts: attempts.map(({ durationMs, ...attempt }) => ({ ...attempt, duration_ms: durationMs })),
        })),
        ...rest,
      };
    },
  );
}
