import type { Logger } from "pino";
import { AppError } from "../protocol/errors.js";
import type { FailedLogins } from "./failed-logins.js";
import { anonymous, jwtIdentity, tokenIdentity } from "./identity.js";
import type { AuditLog, Credentials, Identity, TokenRecord, TokenStore, VerifyJwt } from "./ports.js";
import type { Sessions } from "./sessions.js";
import { endOf, TOKEN_PREFIX, type Tokens } from "./tokens.js";

export interface AuthenticatorOptions {
  tokens: Tokens;
  sessions: Sessions;
  store: Pick<TokenStore, "hasTokens">;
  /** `undefined` when no JSON Web Tokens are taken. */
  verifyJwt: VerifyJwt | undefined;
  /** True when only this machine can reach the server, which then needs no logins as long as nobody has one. */
  isLocal: boolean;
  failedLogins: FailedLogins;
  audit: AuditLog;
  now: () => Date;
  log: Logger;
}

/** Why a login failed, with the token if it was one that the server knows. */
interface Refusal {
  reason: "unknown" | "revoked" | "expired";
  record?: TokenRecord;
}

/** Finds out who makes a request. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** Tokens that are revoked or have expired count: the last of them to end must not open the server to everybody. */
  async isLoginNeeded(): Promise<boolean> {
    const { isLocal, verifyJwt, store } = this.#options;
    return !isLocal || verifyJwt !== undefined || (await store.hasTokens());
  }

  /** See {@link Login}. */
  async login(credentials: Credentials): Promise<Identity> {
    if (!(await this.isLoginNeeded())) return anonymous(credentials.address);
    const { bearer, session } = credentials;
    // No guess, so it does not count as one: a page that has not logged in yet must not lock its address out.
    if (bearer === undefined && session === undefined) {
      throw new AppError("unauthorized", "This server needs a login: send Authorization: Bearer <token>.");
    }
    const found = await this.#identify(bearer, session);
    if ("principal" in found) return found;
    throw this.#refuse(credentials, found);
  }

  async #identify(bearer: string | undefined, session: string | undefined): Promise<Identity | Refusal> {
    const { sessions, verifyJwt } = this.#options;
    if (bearer?.startsWith(TOKEN_PREFIX)) return await this.#identifyToken(bearer);
    if (bearer !== undefined) {
      const claims = await verifyJwt?.(bearer);
      return claims ? jwtIdentity(claims) : { reason: "unknown" };
    }
    return (session && (await sessions.find(session))) || { reason: "unknown" };
  }

  async #identifyToken(token: string): Promise<Identity | Refusal> {
    const { tokens, now, log } = this.#options;
    const record = await tokens.find(token);
    if (record === undefined) return { reason: "unknown" };
    const end = endOf(record, now());
    if (end !== undefined) return { reason: end, record };
    void tokens.touch(record).catch((error: unknown) => {
      log.warn({ err: error, tokenId: record.id }, "the use of a token could not be noted");
    });
    return tokenIdentity(record);
  }

  /** Counts a login that has failed, and writes it down. @returns what it is answered with */
  #refuse(credentials: Credentials, { reason, record }: Refusal): AppError {
    const { failedLogins, audit, log } = this.#options;
    const { address, bearer } = credentials;
    const { isTold, retryAfterMs } = failedLogins.count(credentials);
    if (isTold) {
      log.warn({ address, reason, tokenName: record?.name }, "login failed");
      const identity = record ? tokenIdentity(record) : { ...anonymous(address), name: "unknown" };
      audit.record({ identity, address, action: "login_failed", target: `${reason} credentials` });
    }
    const what = bearer === undefined ? "session" : "token";
    const why = reason === "unknown" ? `This ${what} is not valid` : `This ${what} is ${reason}`;
    if (retryAfterMs === undefined) return new AppError("unauthorized", `${why}.`);
    const text = `${why}, and there were too many failed logins; try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
    return new AppError("rate_limited", text, { retryAfterMs });
  }
}
