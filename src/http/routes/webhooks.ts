import type { z } from "zod";
import type { Delivery } from "../../webhooks/ports.js";
import { pageOf, toRunCursor } from "../cursor.js";
import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { DeliveriesQuery, DeliveryPage, WebhookDelivery } from "../webhook-schemas.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Webhooks"];

export function webhookRoutes(app: Routes, { deliveries, redeliver }: HttpDependencies): void {
  app.get(
    "/api/webhook-deliveries",
    {
      schema: {
        tags,
        summary: "List what webhooks were told of runs, newest first",
        querystring: DeliveriesQuery,
        response: answers(200, DeliveryPage),
      },
    },
    async ({ query: { run_id: runId, status, limit, cursor: before } }) => {
      const found = await deliveries.listDeliveries({ runId, status }, { limit: limit + 1, before });
      const { items, ...rest } = pageOf(found, { limit, cursorOf: toRunCursor });
      return { items: items.map(deliveryToWire), ...rest };
    },
  );

  app.post(
    "/api/webhook-deliveries/:id/redeliver",
    {
      schema: {
        tags,
        summary: "Deliver a message to its webhook again, also one that was given up",
        params: schemas.StringIdParams,
        response: answers(202, WebhookDelivery),
      },
    },
    async ({ params: { id } }, reply) => reply.code(202).send(deliveryToWire(await redeliver(id))),
  );
}

function deliveryToWire(delivery: Delivery): z.infer<typeof WebhookDelivery> {
  const { id, runId, target, status, attempts, createdAt, nextAttemptAt } = delivery;
  return {
    id,
    target,
    status,
    run_id: runId,
    created_at: createdAt.toISOString(),
    next_attempt_at: nextAttemptAt?.toISOString() ?? null,
    attempts: attempts.map(({ durationMs, ...attempt }) => ({ ...attempt, duration_ms: durationMs })),
  };
}
