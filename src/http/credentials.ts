import type { IncomingHttpHeaders } from "node:http";
import type { FastifyRequest } from "fastify";
import type { Credentials } from "../auth/ports.js";
import { AppError } from "../protocol/errors.js";
import { addressOf } from "./client-address.js";
import { SESSION_COOKIE } from "./session-cookie.js";

/** A token as one of the subprotocols that a browser's WebSocket offers, where it can set no header. */
const SUBPROTOCOL_PREFIX = "stepwire.token.";

/** Query parameters that people put tokens into. */
const TOKEN_PARAMETERS = ["token", "access_token"];

/** The credentials of a request. A header is somebody's own choice and beats the cookie. */
export function credentialsOf(request: FastifyRequest): Credentials {
  const { headers, cookies, isFromOtherOrigin } = request;
  return {
    address: addressOf(request),
    bearer: bearerOf(headers) ?? offeredToken(headers),
    session: isFromOtherOrigin ? undefined : cookies[SESSION_COOKIE],
  };
}

/** The token of an `Authorization` header: https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function bearerOf({ authorization }: IncomingHttpHeaders): string | undefined {
  // Other schemes belong to a proxy in front of the server.
  return /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
}

function offeredToken(headers: IncomingHttpHeaders): string | undefined {
  const offered = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim());
  const encoded = offered?.find((name) => name.startsWith(SUBPROTOCOL_PREFIX));
  return encoded && Buffer.from(encoded.slice(SUBPROTOCOL_PREFIX.length), "base64url").toString();
}

/** Tells whether a request has a token in its URL, which proxies and servers write into their logs. */
export function hasTokenInUrl({ query }: FastifyRequest): boolean {
  // Fastify's own parser of queries always gives an object.
  return TOKEN_PARAMETERS.some((name) => Object.hasOwn(query as object, name));
}

/** @throws AppError `token_in_url` */
export function refuseTokenInUrl(request: FastifyRequest): void {
  if (!hasTokenInUrl(request)) return;
  throw new AppError(
    "token_in_url",
    "A token in a URL ends up in logs. Send Authorization: Bearer <token>, and revoke this one.",
  );
}
