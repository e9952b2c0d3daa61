import type { FastifyReply, FastifyRequest } from "fastify";
import { schemeOf } from "./origins.js";

export const SESSION_COOKIE = "stepwire_session";

/** Puts a session into the browser, out of reach of the page's scripts and of other sites. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  session: { secret: string; expiresAt: Date },
): void {
  reply.setCookie(SESSION_COOKIE, session.secret, {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: isEncrypted(request),
    expires: session.expiresAt,
  });
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, { path: "/" });
}

/** Tells if the browser speaks https: it keeps a `Secure` cookie only then. A forged header only harms its forger. */
function isEncrypted(request: FastifyRequest): boolean {
  return schemeOf(request) === "https" || (request.headers.origin?.startsWith("https://") ?? false);
}
