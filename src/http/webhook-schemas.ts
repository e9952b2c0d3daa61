import { z } from "zod";
import { DeliveryStatus, WebhookDelivery } from "../protocol/rest/webhooks.js";
import { RunCursor } from "./cursor.js";

export { WebhookDelivery };

export const DeliveriesQuery = z.object({
  run_id: z.string().max(100).optional().describe("Only those about this run."),
  status: DeliveryStatus.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: RunCursor.optional().describe("The `next_cursor` of the page before."),
});
export const DeliveryPage = z.object({
  items: z.array(WebhookDelivery),
  next_cursor: z.string().nullable().describe("Null on the last page."),
});

z.globalRegistry.add(WebhookDelivery, { ...z.globalRegistry.get(WebhookDelivery), id: "WebhookDelivery" });
