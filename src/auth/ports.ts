import type { Scope } from "../protocol/scopes.js";

/** The maker of a request, and its rights. */
export interface Identity {
  /**
   * The owner of a request, for limits, fair turns and the audit table: `token:<id>`, `jwt:<sub>`, or the address of
   * somebody who needs no login.
   */
  principal: string;
  /** Its name for people. */
  name: string;
  /** Those it was given and those they imply. */
  scopes: ReadonlySet<Scope>;
  /** True when nobody logged in, because no login is needed. */
  isAnonymous: boolean;
  /** The API token that was shown, or that the session came from. */
  tokenId: string | undefined;
  sessionId: string | undefined;
  /** When it ends to be valid; `undefined` for never. */
  expiresAt: Date | undefined;
}

/** An API token as it is stored: without the token itself. */
export interface TokenRecord {
  id: string;
  name: string;
  scopes: Scope[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** Give or take a few minutes. */
  lastUsedAt: Date | null;
}

export interface NewTokenRecord extends Pick<
  TokenRecord,
  "id" | "name" | "scopes" | "createdAt" | "expiresAt"
> {
  /** SHA-256 of the token, in hex. */
  hash: string;
}

export interface TokenStore {
  /** True when there is any token, also one that is revoked or has expired. */
  hasTokens(): Promise<boolean>;
  /** @returns whether it was created: no other has its name */
  createToken(token: NewTokenRecord): Promise<boolean>;
  /** In the order in which they were made. */
  listTokens(): Promise<TokenRecord[]>;
  findTokenByHash(hash: string): Promise<TokenRecord | undefined>;
  /** Finds it by its id, or else by its name. */
  findToken(idOrName: string): Promise<TokenRecord | undefined>;
  /** A token that is revoked already stays as it is. */
  revokeToken(id: string, at: Date): Promise<void>;
  /** Notes a use, unless there was one after `unlessAfter`. */
  touchToken(id: string, at: { usedAt: Date; unlessAfter: Date }): Promise<void>;
  /** Deletes tokens that are revoked or have expired, with their sessions. @returns their names */
  deleteDeadTokens(now: Date): Promise<string[]>;
}

export interface SessionRecord {
  /** SHA-256 of what is in the cookie, in hex. */
  id: string;
  principal: string;
  name: string;
  scopes: Scope[];
  tokenId: string | null;
  createdAt: Date;
  expiresAt: Date;
}

export interface SessionStore {
  createSession(session: SessionRecord): Promise<void>;
  /** Finds a session that has not expired and whose token is neither revoked nor expired. */
  findSession(id: string, now: Date): Promise<SessionRecord | undefined>;
  deleteSession(id: string): Promise<void>;
  deleteExpiredSessions(now: Date): Promise<void>;
}

/** Credentials that somebody is connected with. */
export interface CredentialIds {
  tokenIds: string[];
  sessionIds: string[];
}

export interface CredentialStore extends TokenStore, SessionStore {
  /** @returns those of the given credentials that are still there and were not revoked */
  findValid(ids: CredentialIds): Promise<{ tokenIds: Set<string>; sessionIds: Set<string> }>;
}

export interface AuditEntry {
  at: Date;
  principal: string;
  name: string;
  address: string;
  /** The action, in the words of the protocol, such as `execute_step`; what was refused ends with `_refused`. */
  action: string;
  /** The object of the action, such as `test_case 5`. */
  target: string | null;
}

export interface AuditStore {
  appendAudit(entries: AuditEntry[]): Promise<void>;
  /** Newest first; `before` is the id that the page before ended with. */
  listAudit(page: { limit: number; before: number | undefined }): Promise<(AuditEntry & { id: number })[]>;
  /** @returns how many were deleted */
  deleteAudit(before: Date): Promise<number>;
}

/** The content of a JSON Web Token that is good. */
export interface JwtClaims {
  subject: string;
  /** For people, if the token tells one. */
  name: string | undefined;
  scopes: Scope[];
  expiresAt: Date;
}

/**
 * Checks a JSON Web Token.
 *
 * @returns `undefined` when it is not good
 * @throws AppError `login_unavailable` when its keys cannot be had.
 */
export type VerifyJwt = (token: string) => Promise<JwtClaims | undefined>;

/** The credentials that came with a request. */
export interface Credentials {
  /** The client's, also behind proxies that are trusted. */
  address: string;
  /** An API token or a JSON Web Token. */
  bearer: string | undefined;
  /** The secret in the session cookie. */
  session: string | undefined;
}

/**
 * Finds out who makes a request.
 *
 * @throws AppError `unauthorized` without valid credentials, or `rate_limited` after too many failures with them or
 *   from their address; `login_unavailable` when it cannot be found out.
 */
export type Login = (credentials: Credentials) => Promise<Identity>;

/** Why credentials that were good are not any more. `login_needed`: there were none, and now there have to be. */
export type EndReason = "expired" | "revoked" | "login_needed";

/** Calls back once, at most half a second after credentials have ended. @returns what ends the watch */
export type WatchCredentials = (identity: Identity, onEnd: (reason: EndReason) => void) => () => void;

/** The action that somebody did, or wanted to do. */
export interface Deed {
  identity: Identity;
  address: string;
  action: string;
  target: string | null;
  /**
   * True when they were not allowed to.
   * @defaultValue false
   */
  isRefused?: boolean;
}

/** Notes who did what. */
export interface AuditLog {
  /** Returns at once; what cannot be stored is logged. Of many refusals in a row only the first are noted. */
  record(deed: Deed): void;
}
