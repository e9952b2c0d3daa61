import { randomUUID } from "node:crypto";
import { AppError } from "../protocol/errors.js";
import type { Scope } from "../protocol/scopes.js";
import type { TokenRecord, TokenStore } from "./ports.js";
import { hashOf, newSecret } from "./secrets.js";

/** The beginning of every API token, by which people and secret scanners know one. */
export const TOKEN_PREFIX = "stw_";

/** Longest time between two uses of a token of which only the first is noted, in milliseconds. */
const USE_PRECISION_MS = 5 * 60_000;

export interface TokensOptions {
  store: TokenStore;
  now: () => Date;
  /** Called when tokens have just been revoked or made, and resolves when that has taken effect. */
  onChange?: () => Promise<void>;
}

export interface TokenRequest {
  name: string;
  scopes: Scope[];
  /** `undefined`: it never expires. */
  expiresAt: Date | undefined;
  /** The token itself, which begins with {@link TOKEN_PREFIX}. @defaultValue a random one */
  token?: string;
}

/** Makes, finds and revokes API tokens. */
export class Tokens {
  readonly #options: TokensOptions;

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  /**
   * @returns the token, which cannot be read again afterwards, and what is stored of it
   * @throws AppError `conflict` when the name is taken.
   */
  async create({
    name,
    scopes,
    expiresAt,
    token = TOKEN_PREFIX + newSecret(),
  }: TokenRequest): Promise<{ token: string; record: TokenRecord }> {
    const { store, now, onChange } = this.#options;
    const record = { id: randomUUID(), name, scopes, createdAt: now(), expiresAt: expiresAt ?? null };
    if (!(await store.createToken({ ...record, hash: hashOf(token) }))) {
      throw new AppError(
        "conflict",
        `There is a token named ${name} already. Names stay taken until revoked tokens are pruned.`,
      );
    }
    await onChange?.();
    return { token, record: { ...record, revokedAt: null, lastUsedAt: null } };
  }

  async list(): Promise<TokenRecord[]> {
    return await this.#options.store.listTokens();
  }

  /** Revokes a token and disconnects every connection that uses it. @throws AppError `token_not_found` */
  async revoke(idOrName: string): Promise<TokenRecord> {
    const { store, now, onChange } = this.#options;
    const found = await store.findToken(idOrName);
    if (found === undefined) {
      throw new AppError("token_not_found", `There is no token with the id or name ${idOrName}.`);
    }
    const revokedAt = found.revokedAt ?? now();
    await store.revokeToken(found.id, revokedAt);
    await onChange?.();
    return { ...found, revokedAt };
  }

  /** Deletes tokens that are of no use any more. @returns their names */
  async prune(): Promise<string[]> {
    const { store, now, onChange } = this.#options;
    const names = await store.deleteDeadTokens(now());
    await onChange?.();
    return names;
  }

  /** Finds what is stored of a token; whether it is still good is another question. */
  async find(token: string): Promise<TokenRecord | undefined> {
    return await this.#options.store.findTokenByHash(hashOf(token));
  }

  /** Notes that a token is being used, if that has not been noted lately. */
  async touch({ id, lastUsedAt }: TokenRecord): Promise<void> {
    const usedAt = this.#options.now();
    const unlessAfter = new Date(usedAt.getTime() - USE_PRECISION_MS);
    if (lastUsedAt !== null && lastUsedAt > unlessAfter) return;
    await this.#options.store.touchToken(id, { usedAt, unlessAfter });
  }
}

/** Why a token is not good any more; `undefined` when it is. */
export function endOf({ revokedAt, expiresAt }: TokenRecord, now: Date): "revoked" | "expired" | undefined {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && expiresAt <= now ? "expired" : undefined;
}
