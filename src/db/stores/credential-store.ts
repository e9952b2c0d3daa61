import type {
  CredentialIds,
  CredentialStore,
  NewTokenRecord,
  SessionRecord,
  TokenRecord,
} from "../../auth/ports.js";
import type { Scope } from "../../protocol/scopes.js";
import type { StoreEngine } from "../engine.js";

/** Ids that one statement asks for: databases take a limited number of values. */
const BATCH = 500;

const TOKEN = {
  id: true,
  name: true,
  scopes: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
  lastUsedAt: true,
} as const;

/** Tokens and sessions, in the database. */
export class PrismaCredentialStore implements CredentialStore {
  readonly #engine: StoreEngine;

  constructor(engine: StoreEngine) {
    this.#engine = engine;
  }

  async hasTokens(): Promise<boolean> {
    return (await this.#engine.client.apiToken.findFirst({ select: { id: true } })) !== null;
  }

  async createToken({ scopes, ...token }: NewTokenRecord): Promise<boolean> {
    try {
      await this.#engine.client.apiToken.createMany({ data: [{ ...token, scopes: scopes.join(" ") }] });
      return true;
    } catch (error) {
      if (this.#engine.isUnique(error)) return false;
      throw error;
    }
  }

  async listTokens(): Promise<TokenRecord[]> {
    const tokens = await this.#engine.client.apiToken.findMany({
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      select: TOKEN,
    });
    return tokens.map(withScopes);
  }

  async findTokenByHash(hash: string): Promise<TokenRecord | undefined> {
    const token = await this.#engine.client.apiToken.findUnique({ where: { hash }, select: TOKEN });
    return token === null ? undefined : withScopes(token);
  }

  async findToken(idOrName: string): Promise<TokenRecord | undefined> {
    const token =
      (await this.#engine.client.apiToken.findUnique({ where: { id: idOrName }, select: TOKEN })) ??
      (await this.#engine.client.apiToken.findUnique({ where: { name: idOrName }, select: TOKEN }));
    return token === null ? undefined : withScopes(token);
  }

  async revokeToken(id: string, at: Date): Promise<void> {
    await this.#engine.client.apiToken.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: at },
    });
  }

  async touchToken(id: string, { usedAt, unlessAfter }: { usedAt: Date; unlessAfter: Date }): Promise<void> {
    await this.#engine.client.apiToken.updateMany({
      where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: unlessAfter } }] },
      data: { lastUsedAt: usedAt },
    });
  }

  async deleteDeadTokens(now: Date): Promise<string[]> {
    const dead = { OR: [{ revokedAt: { not: null } }, { expiresAt: { lte: now } }] };
    return await this.#engine.client.$transaction(async (transaction) => {
      const tokens = await transaction.apiToken.findMany({ where: dead, select: { name: true } });
      await transaction.apiToken.deleteMany({ where: dead });
      return tokens.map(({ name }) => name);
    });
  }

  async createSession({ scopes, ...session }: SessionRecord): Promise<void> {
    await this.#engine.client.session.createMany({ data: [{ ...session, scopes: scopes.join(" ") }] });
  }

  async findSession(id: string, now: Date): Promise<SessionRecord | undefined> {
    const session = await this.#engine.client.session.findUnique({ where: { id }, include: { token: true } });
    if (session === null || session.expiresAt <= now) return undefined;
    const { token, ...rest } = session;
    const isTokenDead =
      token !== null && (token.revokedAt !== null || (token.expiresAt !== null && token.expiresAt <= now));
    return isTokenDead ? undefined : withScopes(rest);
  }

  async deleteSession(id: string): Promise<void> {
    await this.#engine.client.session.deleteMany({ where: { id } });
  }

  async deleteExpiredSessions(now: Date): Promise<void> {
    await this.#engine.client.session.deleteMany({ where: { expiresAt: { lte: now } } });
  }

  async findValid({
    tokenIds,
    sessionIds,
  }: CredentialIds): Promise<{ tokenIds: Set<string>; sessionIds: Set<string> }> {
    const tokens = await inBatches(tokenIds, (ids) =>
      this.#engine.client.apiToken.findMany({
        where: { id: { in: ids }, revokedAt: null },
        select: { id: true },
      }),
    );
    const sessions = await inBatches(sessionIds, (ids) =>
      this.#engine.client.session.findMany({ where: { id: { in: ids } }, select: { id: true } }),
    );
    return { tokenIds: tokens, sessionIds: sessions };
  }
}

async function inBatches(
  ids: string[],
  find: (ids: string[]) => PromiseLike<{ id: string }[]>,
): Promise<Set<string>> {
  const found = new Set<string>();
  for (let from = 0; from < ids.length; from += BATCH) {
    for (const { id } of await find(ids.slice(from, from + BATCH))) found.add(id);
  }
  return found;
}

function withScopes<T extends { scopes: string }>(row: T): Omit<T, "scopes"> & { scopes: Scope[] } {
  // The cast holds because only this store writes the column, and it joins scopes.
  return { ...row, scopes: row.scopes.split(" ").filter((word) => word !== "") as Scope[] };
}
