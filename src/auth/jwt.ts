import {
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyOptions,
  type JWTVerifyResult,
} from "jose";
import { AppError } from "../protocol/errors.js";
import { scopesIn } from "./identity.js";
import type { JwtClaims, VerifyJwt } from "./ports.js";

/** Longest wait for the key server, in milliseconds. */
const JWKS_TIMEOUT_MS = 5_000;

/** Algorithms with a private key, and no others: a public key is no secret that HS256 could use. */
const ASYMMETRIC = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/** Longest name of a token's subject, in characters: it goes into logs and the audit table. */
const MAX_SUBJECT_LENGTH = 200;

/** A fault of the token itself, as opposed to the way to its keys. */
const BAD_TOKEN = [
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSMultipleMatchingKeys,
  errors.JWKSNoMatchingKey,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
];

export interface JwtOptions {
  /** A shared secret for HS256, or the address of a JSON Web Key Set. */
  keys: { secret: string } | { jwksUrl: string };
  /** Demanded values of `iss` and `aud`, if any. */
  issuer: string | undefined;
  audience: string | undefined;
  /**
   * Longest wait for the key server, in milliseconds.
   * @defaultValue 5000
   */
  timeoutMs?: number;
}

/** Makes what checks JSON Web Tokens: https://www.rfc-editor.org/rfc/rfc8725 says with what care. */
export function jwtVerifier({ keys, issuer, audience, timeoutMs = JWKS_TIMEOUT_MS }: JwtOptions): VerifyJwt {
  const claims: JWTVerifyOptions = {
    requiredClaims: ["exp", "sub"],
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  let verify: (token: string) => Promise<JWTVerifyResult>;
  if ("secret" in keys) {
    const secret = new TextEncoder().encode(keys.secret);
    verify = (token) => jwtVerify(token, secret, { ...claims, algorithms: ["HS256"] });
  } else {
    const keySet = createRemoteJWKSet(new URL(keys.jwksUrl), { timeoutDuration: timeoutMs });
    verify = (token) => jwtVerify(token, keySet, { ...claims, algorithms: ASYMMETRIC });
  }
  return async (token) => {
    try {
      return claimsOf((await verify(token)).payload);
    } catch (cause) {
      if (BAD_TOKEN.some((kind) => cause instanceof kind)) return undefined;
      throw new AppError("login_unavailable", "The keys of logins cannot be had at the moment.", {
        cause,
      });
    }
  };
}

function claimsOf(payload: JWTPayload): JwtClaims | undefined {
  const { sub, exp, scope, scopes, name } = payload;
  if (typeof sub !== "string" || sub === "" || sub.length > MAX_SUBJECT_LENGTH || exp === undefined) {
    return undefined;
  }
  const words = [
    ...(typeof scope === "string" ? scope.split(" ") : []),
    ...(Array.isArray(scopes) ? (scopes as unknown[]) : []),
  ];
  return {
    subject: sub,
    name: typeof name === "string" ? name.slice(0, MAX_SUBJECT_LENGTH) : undefined,
    scopes: scopesIn(words),
    expiresAt: new Date(exp * 1000),
  };
}
