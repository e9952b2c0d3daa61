import type { FastifyReply, FastifyRequest } from "fastify";
import type { Identity } from "../auth/ports.js";
import { AppError } from "../protocol/errors.js";
import { addressOf } from "./client-address.js";
import type { HttpDependencies } from "./dependencies.js";
import { setSessionCookie } from "./session-cookie.js";

/** A page of another port of this machine gets no cookie: it could log the tester's own page in as somebody else. */
const OTHER_ORIGIN =
  "Only a page of this server's own origin or of one in ALLOWED_ORIGINS gets a session; others send their token.";

/** A caller who has logged in. */
export interface BegunSession {
  identity: Identity;
  /** The session's secret, which its cookie holds; none where nobody needs a login. */
  secret: string | undefined;
}

/**
 * Logs a browser in, and gives it a session for its token.
 *
 * @throws AppError `forbidden_origin` for a page of another origin; as the login does when the token is not good.
 */
export async function beginSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { bearer, login, sessions }: { bearer: string | undefined } & Pick<HttpDependencies, "login" | "sessions">,
): Promise<BegunSession> {
  if (request.isFromOtherOrigin) throw new AppError("forbidden_origin", OTHER_ORIGIN);
  const identity = await login({ address: addressOf(request), bearer, session: undefined });
  request.identity = identity;
  // A client that needs no login needs no session either.
  if (identity.isAnonymous) return { identity, secret: undefined };
  const session = await sessions.begin(identity);
  request.identity = session.identity;
  setSessionCookie(request, reply, session);
  return session;
}
