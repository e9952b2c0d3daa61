import { createHmac, randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { isSameSecret } from "../auth/secrets.js";
import { AppError } from "../protocol/errors.js";

/** The route whose addresses are signed. */
const ARTIFACT = "/api/artifacts/:id";

/** Time for which an address shows its artifact, in milliseconds. */
const LIFETIME_MS = 5 * 60_000;

const KEY_BYTES = 32;

/** An address that shows an artifact to whoever has it. */
export interface SignedUrl {
  url: string;
  expiresAt: Date;
}

/**
 * Addresses of artifacts that need no login for some minutes, for pictures of a page: a browser sends no token with them.
 * Such an address shows that one artifact only. The key is this process's own, so that a restart ends them all.
 */
export class SignedUrls {
  readonly #key = randomBytes(KEY_BYTES);
  readonly #now: () => Date;

  constructor({ now }: { now: () => Date }) {
    this.#now = now;
  }

  sign(artifactId: string): SignedUrl {
    const expiresAt = new Date(this.#now().getTime() + LIFETIME_MS);
    const expires = String(expiresAt.getTime());
    const query = new URLSearchParams({ expires, signature: this.#signature(artifactId, expires) });
    return { url: `/api/artifacts/${encodeURIComponent(artifactId)}?${query.toString()}`, expiresAt };
  }

  /**
   * Tells whether a request shows a signature in place of a login.
   *
   * @throws AppError `unauthorized` when it shows one that is not good, or not any more.
   */
  admits({ routeOptions, params, query }: FastifyRequest): boolean {
    if (routeOptions.url !== ARTIFACT) return false;
    // Fastify's own parsers always give objects.
    const { id = "" } = params as { id?: string };
    const { expires, signature } = query as { expires?: unknown; signature?: unknown };
    if (signature === undefined) return false;
    if (typeof signature === "string" && typeof expires === "string") {
      const isGood =
        isSameSecret(signature, this.#signature(id, expires)) && Number(expires) > this.#now().getTime();
      if (isGood) return true;
    }
    throw new AppError(
      "unauthorized",
      "The address of this artifact is no longer good; ask GET /api/artifacts/{id}/url for another.",
    );
  }

  #signature(artifactId: string, expires: string): string {
    return createHmac("sha256", this.#key).update(`${artifactId}\n${expires}`).digest("base64url");
  }
}
