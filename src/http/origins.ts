import type { IncomingHttpHeaders } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../protocol/errors.js";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

export interface OriginPolicy {
  /** Origins beside those of this machine, such as `https://qa.example.com`. */
  allowedOrigins: readonly string[];
  /** Whether the server listens on a loopback address only. */
  loopbackOnly: boolean;
}

/**
 * Whether a page of this origin may use the server. Browsers let any page open a WebSocket to any server, so
 * without this check every page that a tester visits could run commands here (cross-site WebSocket hijacking:
 * https://owasp.org/www-community/attacks/Cross_Site_WebSocket_Hijacking).
 */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  policy: OriginPolicy,
): boolean {
  // Only browsers send an origin, and they always do where it matters.
  if (origin === undefined || policy.allowedOrigins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return LOOPBACK.has(url.hostname) || (!policy.loopbackOnly && url.host === host);
}

/**
 * Refuses requests of foreign pages. On a loopback address it refuses foreign host names too: a name that an
 * attacker points at this machine (DNS rebinding) would make a foreign page look like one of ours.
 */
export function originGuard(policy: OriginPolicy) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const refusal = refusalOf(request.headers, policy);
    if (refusal === undefined) return;
    const code: ErrorCode = "forbidden_origin";
    await reply.code(403).send({ error: { code, message: refusal } });
  };
}

function refusalOf({ origin, host }: IncomingHttpHeaders, policy: OriginPolicy): string | undefined {
  if (!isOriginAllowed(origin, host, policy)) {
    return `Pages of ${origin} may not use this server. Add the origin to ALLOWED_ORIGINS to allow it.`;
  }
  if (policy.loopbackOnly && !isOwnHost(host, policy)) {
    return `This server answers only by a name of this machine, not by ${host ?? "none"}.`;
  }
  return undefined;
}

function isOwnHost(host: string | undefined, { allowedOrigins }: OriginPolicy): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return host === undefined;
  if (LOOPBACK.has(new URL(`http://${host}`).hostname)) return true;
  return allowedOrigins.some((origin) => URL.canParse(origin) && new URL(origin).host === host);
}
