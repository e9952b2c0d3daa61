import type { z } from "zod";
import type { Identity } from "../../auth/ports.js";
import { csrfTokenOf } from "../../auth/sessions.js";
import * as schemas from "../access-schemas.js";
import { beginSession } from "../begin-session.js";
import { bearerOf } from "../credentials.js";
import type { HttpDependencies } from "../dependencies.js";
import { clearSessionCookie, SESSION_COOKIE } from "../session-cookie.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Access"];

export function sessionRoutes(app: Routes, { login, sessions }: HttpDependencies): void {
  app.post(
    "/api/session",
    {
      schema: {
        tags,
        summary: "Log a browser in: exchange a token for a session cookie",
        description:
          "The token comes as `Authorization: Bearer` or in the body. The session ends after 12 hours, and with its token.",
        body: schemas.LoginRequest,
        response: answers(200, schemas.Session),
      },
    },
    async (request, reply) => {
      const bearer = bearerOf(request.headers) ?? request.body?.token;
      const { identity, secret } = await beginSession(request, reply, { bearer, login, sessions });
      reply.header("Cache-Control", "no-store");
      return sessionToWire(identity, secret);
    },
  );

  app.get(
    "/api/session",
    {
      schema: {
        tags,
        summary: "Tell who is logged in, and what a change with the session cookie needs",
        response: answers(200, schemas.Session),
      },
    },
    async ({ identity, cookies }, reply) => {
      reply.header("Cache-Control", "no-store");
      return sessionToWire(identity, identity.sessionId === undefined ? undefined : cookies[SESSION_COOKIE]);
    },
  );

  app.delete(
    "/api/session",
    {
      schema: {
        tags,
        summary: "Log out, and close the connections that use the session",
        response: answers(200, schemas.LoggedOut),
      },
    },
    async ({ identity: { sessionId } }, reply) => {
      if (sessionId !== undefined) await sessions.end(sessionId);
      clearSessionCookie(reply);
      return { logged_out: true as const };
    },
  );
}

function sessionToWire(identity: Identity, secret: string | undefined): z.infer<typeof schemas.Session> {
  return {
    principal: identity.principal,
    name: identity.name,
    scopes: [...identity.scopes],
    expires_at: identity.expiresAt?.toISOString() ?? null,
    csrf_token: secret === undefined ? null : csrfTokenOf(secret),
  };
}
