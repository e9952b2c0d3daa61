import { z } from "zod";
import { Timestamp } from "../protocol/rest/fields.js";
import { RunCursor } from "./cursor.js";

const Status = z.enum(["pending", "delivered", "failed"]);

export const DeliveriesQuery = z.object({
  run_id: z.string().max(100).optional().describe("Only those about this run."),
  status: Status.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: RunCursor.optional().describe("The `next_cursor` of the page before."),
});

const DeliveryAttempt = z.object({
  at: Timestamp,
  status: z.int().nullable().describe("HTTP status of the answer; null where there was none."),
  error: z.string().nullable().describe("Why it does not count as delivered; null where it does."),
  duration_ms: z.number().nonnegative(),
});

export const WebhookDelivery = z.object({
  id: z.string().describe("Sent as `webhook-id` with every attempt."),
  run_id: z.string(),
  target: z.string().describe("Origin of the webhook's URL, and a hash of the whole."),
  status: Status.describe("`pending` until it is delivered, or given up."),
  attempts: z.array(DeliveryAttempt).describe("Oldest first."),
  created_at: Timestamp,
  next_attempt_at: Timestamp.nullable().describe("Null once there will be no further one."),
});
export const DeliveryPage = z.object({
  items: z.array(WebhookDelivery),
  next_cursor: z.string().nullable().describe("Null on the last page."),
});

z.globalRegistry.add(WebhookDelivery, { ...z.globalRegistry.get(WebhookDelivery), id: "WebhookDelivery" });
