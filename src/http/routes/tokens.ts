import type { TokenRecord } from "../../auth/ports.js";
import type { z } from "zod";
import * as schemas from "../access-schemas.js";
import type { HttpDependencies } from "../dependencies.js";
import { StringIdParams } from "../schemas.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Access"];

export function tokenRoutes(app: Routes, { tokens, setupCode }: HttpDependencies): void {
  app.get(
    "/api/tokens",
    {
      schema: {
        tags,
        summary: "List API tokens, also those that are revoked or have expired",
        response: answers(200, schemas.ApiTokens),
      },
    },
    async () => ({ items: (await tokens.list()).map(tokenToWire) }),
  );

  app.post(
    "/api/tokens",
    {
      schema: {
        tags,
        summary: "Make an API token, which is shown this once; from the first one on everybody needs one",
        description: "The first one needs the `setup_code` that the server printed when it started.",
        body: schemas.NewApiToken,
        response: answers(201, schemas.CreatedApiToken),
      },
    },
    async ({ body: { name, scopes, expires_at, setup_code: code }, identity }, reply) => {
      if (identity.isAnonymous) setupCode.require(code);
      const expiresAt = expires_at == null ? undefined : new Date(expires_at);
      const { token, record } = await tokens.create({ name, scopes, expiresAt });
      if (identity.isAnonymous) setupCode.use();
      return reply
        .code(201)
        .header("Cache-Control", "no-store")
        .send({ ...tokenToWire(record), token });
    },
  );

  app.delete(
    "/api/tokens/:id",
    {
      schema: {
        tags,
        summary: "Revoke an API token and close the connections that use it",
        params: StringIdParams,
        response: answers(200, schemas.ApiToken),
      },
    },
    async ({ params: { id } }) => tokenToWire(await tokens.revoke(id)),
  );
}

function tokenToWire(token: TokenRecord): z.infer<typeof schemas.ApiToken> {
  return {
    id: token.id,
    name: token.name,
    scopes: token.scopes,
    created_at: token.createdAt.toISOString(),
    expires_at: token.expiresAt?.toISOString() ?? null,
    revoked_at: token.revokedAt?.toISOString() ?? null,
    last_used_at: token.lastUsedAt?.toISOString() ?? null,
  };
}
