import type { FastifyReply, FastifyRequest } from "fastify";

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

/**
 * Whether the browser speaks https, if only to a proxy in front of the server. It would not keep a `Secure` cookie
 * otherwise; and who forges these headers only changes their own cookie.
 */
function isEncrypted({ protocol, headers }: FastifyRequest): boolean {
  return (
    protocol === "https" ||
    headers["x-forwarded-proto"] === "https" ||
    (headers.origin?.startsWith("https://") ?? false)
  );
}
