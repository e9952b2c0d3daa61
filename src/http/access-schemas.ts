import { z } from "zod";
import { TokenName } from "../auth/token-name.js";
import { Timestamp } from "../protocol/rest/fields.js";
import { Scope } from "../protocol/scopes.js";

// Bodies and answers of the routes about tokens, sessions and the audit table.

const Scopes = z.array(Scope).describe("What it may be used for.");

export const NewApiToken = z
  .strictObject({
    name: TokenName,
    scopes: Scopes.min(1),
    expires_at: z.iso
      .datetime({ offset: true })
      .refine((time) => Date.parse(time) > Date.now(), { error: "must be in the future" })
      .nullable()
      .optional()
      .describe("When it ends to be valid; never unless given."),
    setup_code: z
      .string()
      .max(100)
      .optional()
      .describe(
        "What the server printed when it started: needed for the first token, while nobody needs a login.",
      ),
  })
  .meta({ examples: [{ name: "ci", scopes: ["run"], expires_at: "2099-12-31T00:00:00Z" }] });

export const ApiToken = z.object({
  id: z.string(),
  name: z.string(),
  scopes: Scopes,
  created_at: Timestamp,
  expires_at: Timestamp.nullable(),
  revoked_at: Timestamp.nullable(),
  last_used_at: Timestamp.nullable().describe("Give or take five minutes."),
});
export const ApiTokens = z.object({ items: z.array(ApiToken) });
export const CreatedApiToken = ApiToken.extend({
  token: z.string().describe("The token itself. It is stored nowhere and cannot be read again."),
});

export const LoginRequest = z
  .strictObject({ token: z.string().min(1).max(10_000).describe("An API token or a JSON Web Token.") })
  .meta({ examples: [{ token: "stw_4Fh2kQ9vXbN7sLw0RzTyUe3iGdPaMj6c" }] })
  .nullish();

export const Session = z.object({
  principal: z.string().describe("`token:<id>`, `jwt:<sub>`, or the address where no login is needed."),
  name: z.string(),
  scopes: z.array(Scope).describe("What may be done, with all that is implied."),
  expires_at: Timestamp.nullable(),
  csrf_token: z
    .string()
    .nullable()
    .describe(
      "To be sent as `X-CSRF-Token` with every change that is made with the session cookie; null without a session.",
    ),
});
export const LoggedOut = z.object({ logged_out: z.literal(true) });

export const AuditEntry = z.object({
  id: z.int().positive(),
  at: Timestamp,
  principal: z.string(),
  name: z.string(),
  address: z.string(),
  action: z
    .string()
    .describe(
      "The type of a message, or what a REST route does, such as `delete_test_case`; with `_refused` when whoever wanted it may not.",
    ),
  target: z.string().nullable().describe("What it was done to, such as `test_case 5`."),
});
export const AuditPage = z.object({
  items: z.array(AuditEntry),
  next_cursor: z.string().nullable().describe("Null on the last page."),
});

for (const [id, schema] of Object.entries({ ApiToken, AuditEntry, Session })) {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
}
