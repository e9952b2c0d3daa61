import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import type { Identity } from "../auth/ports.js";
import { networkOf } from "../hosts/addresses.js";
import { AppError } from "../protocol/errors.js";
import { addressOf } from "./client-address.js";

const MINUTE_MS = 60_000;

/** Routes that are not counted: probes of the server must not be refused, and the WebSocket has its own limits. */
const UNCOUNTED = new Set(["/healthz", "/ws/execute-step"]);

/**
 * Limits how often each principal may ask, or each address where nobody has to log in. Add it after the guard, which
 * finds out the principal, and before any route.
 */
export async function limitRequests(app: FastifyInstance, perMinute: number | undefined): Promise<void> {
  if (perMinute === undefined) return;
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) =>
      (request.identity as Identity | null)?.principal ?? networkOf(addressOf(request)),
    allowList: ({ routeOptions }) => UNCOUNTED.has(routeOptions.url ?? ""),
    addHeadersOnExceeding: {
      "x-ratelimit-limit": false,
      "x-ratelimit-remaining": false,
      "x-ratelimit-reset": false,
    },
    errorResponseBuilder: (_request, { ttl }) => {
      const retryAfterMs = Math.max(1, ttl);
      const text = `Too many requests; try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
      return new AppError("rate_limited", text, { retryAfterMs });
    },
  });
}
