import { z } from "zod";
import { AiUsage } from "../messages.js";
import { Timestamp } from "./fields.js";

const Limit = z.number().nullable().describe("Null without a limit.");

export const AiUsageReport = z.object({
  model: z.string().describe("The model that is asked now."),
  limits: z.object({
    daily_budget: Limit,
    daily_budget_per_principal: Limit,
    daily_tokens: Limit,
    daily_tokens_per_principal: Limit,
  }),
  today: AiUsage.describe("Everybody's calls since midnight UTC."),
  items: z
    .array(AiUsage.extend({ day: z.string(), principal: z.string(), model: z.string() }))
    .describe("By day, client and model, the latest day first."),
  calls: z
    .array(AiUsage.omit({ calls: true }).extend({ at: Timestamp, principal: z.string(), model: z.string() }))
    .describe("The latest calls, one by one; at most 100."),
});
