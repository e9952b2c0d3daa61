import type { Logger } from "pino";
import type { CredentialStore, EndReason, Identity } from "./ports.js";

/** Time between two looks at what became of the credentials in use, in milliseconds. */
const INTERVAL_MS = 400;

export interface CredentialWatchOptions {
  store: Pick<CredentialStore, "findValid">;
  isLoginNeeded: () => Promise<boolean>;
  now: () => Date;
  log: Logger;
}

interface Watched {
  identity: Identity;
  onEnd: (reason: EndReason) => void;
}

/**
 * Tells those who are connected when their credentials end. It asks the database, because another process may have
 * revoked them, and only while somebody is connected.
 */
export class CredentialWatch {
  readonly #options: CredentialWatchOptions;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: CredentialWatchOptions) {
    this.#options = options;
  }

  /** See {@link WatchCredentials}. */
  add(identity: Identity, onEnd: (reason: EndReason) => void): () => void {
    const watched = { identity, onEnd };
    this.#watched.add(watched);
    this.#schedule();
    return () => {
      this.#watched.delete(watched);
    };
  }

  /** Looks now, and resolves when everybody concerned has been told. */
  async check(): Promise<void> {
    // One that is under way may have asked already before what the caller has just changed.
    await this.#checking;
    await (this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    }));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#watched.clear();
    await this.#checking;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#watched.size === 0 || this.#isStopped) return;
    this.#timer = setTimeout(() => {
      void this.check().finally(() => {
        this.#timer = undefined;
        this.#schedule();
      });
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  async #check(): Promise<void> {
    const now = this.#options.now();
    for (const one of this.#watched) {
      const { expiresAt } = one.identity;
      if (expiresAt !== undefined && expiresAt <= now) this.#end(one, "expired");
    }
    const watched = [...this.#watched];
    try {
      const findEnd = await this.#read(watched.map(({ identity }) => identity));
      for (const one of watched) {
        const reason = findEnd(one.identity);
        if (reason !== undefined) this.#end(one, reason);
      }
    } catch (error) {
      this.#options.log.error({ err: error }, "whether credentials are still good could not be read");
    }
  }

  /** @returns what tells whether and why credentials have ended */
  async #read(identities: Identity[]): Promise<(identity: Identity) => EndReason | undefined> {
    const { store, isLoginNeeded } = this.#options;
    const tokenIds = [...new Set(identities.flatMap(({ tokenId }) => tokenId ?? []))];
    const sessionIds = [...new Set(identities.flatMap(({ sessionId }) => sessionId ?? []))];
    const valid = await store.findValid({ tokenIds, sessionIds });
    const needsLogin = identities.some(({ isAnonymous }) => isAnonymous) && (await isLoginNeeded());
    return ({ isAnonymous, tokenId, sessionId }) => {
      if (isAnonymous) return needsLogin ? "login_needed" : undefined;
      const isGone =
        (tokenId !== undefined && !valid.tokenIds.has(tokenId)) ||
        (sessionId !== undefined && !valid.sessionIds.has(sessionId));
      return isGone ? "revoked" : undefined;
    };
  }

  #end(one: Watched, reason: EndReason): void {
    // A client that has gone meanwhile has ended the watch.
    if (this.#watched.delete(one)) one.onEnd(reason);
  }
}
