import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { isLoopback } from "../hosts/addresses.js";
import { faultOfHead } from "./request-head.js";

declare module "fastify" {
  interface FastifyRequest {
    /**
     * True when the request comes from a page of an origin that is neither the server's own nor in ALLOWED_ORIGINS,
     * such as one of another port of this machine. Its browser adds the session's cookie by itself, for cookies know no
     * ports, so that the cookie does not tell that its owner wants this.
     */
    isFromOtherOrigin: boolean;
    /** The origin of the page that shows the answer, if it is not the server's own and may use the server. */
    embedder: string | undefined;
  }
}

export interface OriginPolicy {
  /** Origins beside those of this machine, such as `https://qa.example.com`. */
  allowedOrigins: readonly string[];
  /** True when the server listens on a loopback address only. */
  loopbackOnly: boolean;
  /** Called with the reason each time that a page of an origin is refused. */
  onRefused?: (origin: string, reason: string) => void;
}

/** Origins of which the log tells: whoever sends others all the time must not fill it. */
const MAX_LOGGED_ORIGINS = 100;

/** Longest origin in the log, in characters. */
const MAX_ORIGIN_LENGTH = 200;

/** Logs each origin that is refused the first time only, for its page asks again and again. */
export function logOnce(log: Logger): (origin: string, reason: string) => void {
  const logged = new Set<string>();
  return (given, reason) => {
    const origin = given.slice(0, MAX_ORIGIN_LENGTH);
    if (logged.has(origin) || logged.size >= MAX_LOGGED_ORIGINS) return;
    logged.add(origin);
    log.warn({ origin, reason }, "refused the pages of an origin; ALLOWED_ORIGINS lets them in");
  };
}

/**
 * The side that an origin is on: `own` for the server's and those that the operator has named; `machine` for those of
 * this machine, which may be the frontend or the application under test; or `foreign`.
 */
type Side = "own" | "machine" | "foreign";

/**
 * Refuses requests of foreign pages. Browsers let any page open a WebSocket to any server, so without this every page
 * that a tester visits could run commands here (cross-site WebSocket hijacking:
 * https://owasp.org/www-community/attacks/Cross_Site_WebSocket_Hijacking). On a loopback address it refuses foreign host
 * names too: a name that an attacker points at this machine (DNS rebinding) would make a foreign page look like one of
 * ours.
 */
export function guardOrigins(app: FastifyInstance, policy: OriginPolicy): void {
  // Never read before they are set: the hook below is the first.
  app.decorateRequest("isFromOtherOrigin", true);
  app.decorateRequest("embedder", undefined);
  app.addHook("onRequest", async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const fault = faultOfHead(request.raw);
    if (fault !== undefined) {
      // The bytes that follow may be read in two ways as well.
      reply.header("Connection", "close");
      await reply.code(400).send({ error: { code: "invalid_request", message: fault } });
      return;
    }
    const { origin, referer } = request.headers;
    // Only browsers send an origin, and they always do where it matters.
    const side = origin === undefined ? "own" : sideOf(origin, request, policy);
    const refusal = refusalOf(request, side, policy);
    if (refusal !== undefined) {
      if (origin !== undefined && side === "foreign") policy.onRefused?.(origin, refusal);
      await reply.code(403).send({ error: { code: "forbidden_origin", message: refusal } });
      return;
    }
    request.isFromOtherOrigin = side !== "own";
    request.embedder = embedderOf(referer, request, policy);
  });
}

/** The scheme that the browser speaks, if only to a proxy in front of the server; no page can forge the header. */
export function schemeOf({ headers, protocol }: FastifyRequest): string {
  const forwarded = headers["x-forwarded-proto"];
  const [scheme] = typeof forwarded === "string" ? forwarded.split(",") : [];
  return scheme === "https" || scheme === "http" ? scheme : protocol;
}

/** The address under which the caller has reached this server. */
export function serverAddress(request: FastifyRequest): string {
  return `${schemeOf(request)}://${request.host}`;
}

/** An origin is its scheme, host and port, all three: https://www.rfc-editor.org/rfc/rfc6454#section-4 */
function sideOf(origin: string, request: FastifyRequest, { allowedOrigins }: OriginPolicy): Side {
  const server = serverAddress(request);
  if (allowedOrigins.includes(origin)) return "own";
  // Only origins written as browsers write them count; this leaves out "null" as well.
  if (!/^https?:/.test(origin) || !URL.canParse(origin) || new URL(origin).origin !== origin)
    return "foreign";
  if (!URL.canParse(server)) return "foreign";
  if (origin === new URL(server).origin) return "own";
  const isOfThisMachine = [origin, server].every((url) => isLoopback(new URL(url).hostname));
  return isOfThisMachine ? "machine" : "foreign";
}

function refusalOf(
  { headers: { origin, host } }: FastifyRequest,
  side: Side,
  policy: OriginPolicy,
): string | undefined {
  if (side === "foreign") {
    return `Pages of ${origin} may not use this server. Add the origin to ALLOWED_ORIGINS to allow it.`;
  }
  if (policy.loopbackOnly && host !== undefined && !isOwnHost(host, policy)) {
    return `This server answers only by a name of this machine, not by ${host}.`;
  }
  return undefined;
}

/** @param host one that {@link faultOfHead} has found nothing wrong with */
function isOwnHost(host: string, { allowedOrigins }: OriginPolicy): boolean {
  if (isLoopback(new URL(`http://${host}`).hostname)) return true;
  return allowedOrigins.some((origin) => {
    const { protocol, host: allowed } = new URL(origin);
    return new URL(`${protocol}//${host}`).host === allowed;
  });
}

/** Pictures and frames come without an origin, but not without a referrer unless their page hides it. */
function embedderOf(
  referrer: string | undefined,
  request: FastifyRequest,
  policy: OriginPolicy,
): string | undefined {
  if (referrer === undefined || !URL.canParse(referrer)) return undefined;
  const { origin } = new URL(referrer);
  return sideOf(origin, request, policy) === "foreign" ? undefined : origin;
}
