import { Scope, SCOPES } from "../protocol/scopes.js";
import type { Identity, JwtClaims, SessionRecord, TokenRecord } from "./ports.js";

/** The beginning of the principal of an API token; its id follows. */
export const TOKEN_PRINCIPAL = "token:";

const ALL = Object.keys(SCOPES) as Scope[];

const IMPLIED: Record<Scope, readonly Scope[]> = {
  read: [],
  run: ["read"],
  author: ["read"],
  admin: ALL,
};

/** These scopes with all that they imply. */
export function withImplied(scopes: readonly Scope[]): ReadonlySet<Scope> {
  return new Set(scopes.flatMap((scope) => [scope, ...IMPLIED[scope]]));
}

/** The scopes among these words; others are nobody's business here. */
export function scopesIn(words: readonly unknown[]): Scope[] {
  return words.flatMap((word) => Scope.safeParse(word).data ?? []);
}

/** Somebody who needs no login, and may do everything. Both addresses of this machine are the same somebody. */
export function anonymous(address: string): Identity {
  return {
    principal: address === "::1" ? "127.0.0.1" : address,
    name: "anonymous",
    scopes: new Set(ALL),
    isAnonymous: true,
    tokenId: undefined,
    sessionId: undefined,
    expiresAt: undefined,
  };
}

export function tokenIdentity({ id, name, scopes, expiresAt }: TokenRecord): Identity {
  return {
    principal: TOKEN_PRINCIPAL + id,
    name,
    scopes: withImplied(scopes),
    isAnonymous: false,
    tokenId: id,
    sessionId: undefined,
    expiresAt: expiresAt ?? undefined,
  };
}

export function jwtIdentity({ subject, name, scopes, expiresAt }: JwtClaims): Identity {
  return {
    principal: `jwt:${subject}`,
    name: name ?? subject,
    scopes: withImplied(scopes),
    isAnonymous: false,
    tokenId: undefined,
    sessionId: undefined,
    expiresAt,
  };
}

export function sessionIdentity({ id, tokenId, scopes, ...session }: SessionRecord): Identity {
  return {
    principal: session.principal,
    name: session.name,
    scopes: withImplied(scopes),
    isAnonymous: false,
    tokenId: tokenId ?? undefined,
    sessionId: id,
    expiresAt: session.expiresAt,
  };
}
