import { z } from "zod";
import { Timestamp } from "./fields.js";

export const DeliveryStatus = z.enum(["pending", "delivered", "failed"]);

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
  status: DeliveryStatus.describe("`pending` until it is delivered, or given up."),
  attempts: z.array(DeliveryAttempt).describe("Oldest first."),
  created_at: Timestamp,
  next_attempt_at: Timestamp.nullable().describe("Null once there will be no further one."),
});
