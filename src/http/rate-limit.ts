import rateLimit, { type FastifyRateLimitStore, type FastifyRateLimitStoreCtor } from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import type { Identity } from "../auth/ports.js";
import { networkOf } from "../hosts/addresses.js";
import type { Counter } from "../limits/ports.js";
import { AppError } from "../protocol/errors.js";
import { addressOf } from "./client-address.js";

/** Routes that are not counted: probes of the server must not be refused, and the WebSocket has its own limits. */
const UNCOUNTED = new Set(["/healthz", "/ws/execute-step"]);

export interface RequestLimit {
  /** `undefined` for any number. */
  perMinute: number | undefined;
  counter: Counter;
}

/**
 * Limits how often each principal may ask, or each address where nobody has to log in. Add it after the guard, which
 * finds out the principal, and before any route.
 */
export async function limitRequests(
  app: FastifyInstance,
  { perMinute, counter }: RequestLimit,
): Promise<void> {
  if (perMinute === undefined) return;
  await app.register(rateLimit, {
    max: perMinute,
    store: storeOf(counter),
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

/** The class of which the plugin makes its store. */
function storeOf(counter: Counter): FastifyRateLimitStoreCtor {
  return class CounterStore implements FastifyRateLimitStore {
    incr(key: string, done: Parameters<FastifyRateLimitStore["incr"]>[1]): void {
      const { sum, msLeft } = counter.count(key);
      done(null, { current: sum, ttl: msLeft });
    }

    child(): FastifyRateLimitStore {
      return this;
    }
  };
}
