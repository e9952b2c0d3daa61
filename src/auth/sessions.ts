import { AppError } from "../protocol/errors.js";
import type { Scope } from "../protocol/scopes.js";
import { sessionIdentity } from "./identity.js";
import type { Identity, SessionStore } from "./ports.js";
import { derivedSecret, hashOf, isSameSecret, newSecret } from "./secrets.js";

/** Longest time for which a browser stays logged in, in milliseconds. */
const MAX_AGE_MS = 12 * 60 * 60_000;

export interface SessionsOptions {
  store: SessionStore;
  now: () => Date;
  /** Called when a session has ended, and resolves when that has taken effect. */
  onEnd: () => Promise<void>;
}

/** Logins of browsers. The secret that a browser holds is stored as its hash only. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /**
   * Begins a session, which ends no later than the credentials it comes from.
   *
   * @returns what the browser has to keep, and the identity that it gets for it
   */
  async begin(identity: Identity): Promise<{ secret: string; identity: Identity; expiresAt: Date }> {
    const { store, now } = this.#options;
    const createdAt = now();
    const latest = createdAt.getTime() + MAX_AGE_MS;
    const secret = newSecret();
    const session = {
      id: hashOf(secret),
      principal: identity.principal,
      name: identity.name,
      scopes: [...identity.scopes],
      tokenId: identity.tokenId ?? null,
      createdAt,
      expiresAt: new Date(Math.min(latest, identity.expiresAt?.getTime() ?? latest)),
    };
    await store.deleteExpiredSessions(createdAt);
    await store.createSession(session);
    return { secret, identity: sessionIdentity(session), expiresAt: session.expiresAt };
  }

  async find(secret: string): Promise<Identity | undefined> {
    const { store, now } = this.#options;
    const session = await store.findSession(hashOf(secret), now());
    return session && sessionIdentity(session);
  }

  /** Ends a session and disconnects every connection that uses it. */
  async end(sessionId: string): Promise<void> {
    await this.#options.store.deleteSession(sessionId);
    await this.#options.onEnd();
  }
}

/**
 * The value that a page sends with a change, beside the cookie that the browser adds by itself also where another site
 * makes it: https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 * Made from the session's secret, so that there is nothing to store and none of another session fits.
 */
export function csrfTokenOf(sessionSecret: string): string {
  return derivedSecret(sessionSecret, "csrf");
}

/** @throws AppError `csrf_token_missing` when it is not the one of this session. */
export function requireCsrfToken(given: unknown, sessionSecret: string): void {
  if (typeof given === "string" && isSameSecret(given, csrfTokenOf(sessionSecret))) return;
  throw new AppError(
    "csrf_token_missing",
    "A change with a session cookie needs the header X-CSRF-Token with the csrf_token of GET /api/session.",
  );
}

/** @throws AppError `forbidden` unless the identity has the scope. */
export function requireScope({ scopes }: Pick<Identity, "scopes">, scope: Scope): void {
  if (scopes.has(scope)) return;
  throw new AppError("forbidden", `This needs a token with the scope '${scope}'.`);
}
