import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const SECRET_BYTES = 32;

/** 256 random bits, in base64url. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/**
 * The stored form of a secret, in hex. No salt and no slow hash: nobody guesses 256 random bits. For the same reason
 * a secret may be looked up by its hash: how long that takes tells about the hash of a guess, not about the secret.
 */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** A second secret that only who has the first one can tell. */
export function derivedSecret(secret: string, purpose: string): string {
  return createHmac("sha256", secret).update(purpose).digest("base64url");
}

/** Compares in a time that does not tell how much of a guess is right. */
export function isSameSecret(guess: string, secret: string): boolean {
  // Both as hashes, for timingSafeEqual takes only what has the same length.
  return timingSafeEqual(Buffer.from(hashOf(guess)), Buffer.from(hashOf(secret)));
}
