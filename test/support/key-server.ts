import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from "jose";

export const ISSUER = "https://login.test";
export const AUDIENCE = "stepwire";

/** A login server of somebody's company: it publishes its keys, and signs what a test asks for. */
export interface KeyServer {
  url: string;
  publicKey: CryptoKey;
  /** A JSON Web Token that is good, but for what the test changes of it. */
  sign(claims?: Record<string, unknown>, options?: { key?: CryptoKey; kid?: string }): Promise<string>;
  close(): Promise<void>;
}

export async function startKeyServer(): Promise<KeyServer> {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: "1", alg: "RS256", use: "sig" }];
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    publicKey,
    sign: (claims = {}, { key = privateKey, kid = "1" } = {}) =>
      new SignJWT({ ...goodClaims(), ...claims }).setProtectedHeader({ alg: "RS256", kid }).sign(key),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Claims that a server takes which asks for {@link ISSUER} and {@link AUDIENCE}. */
export function goodClaims(): Record<string, unknown> {
  return {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: "somebody",
    scope: "admin",
    exp: Math.floor(Date.now() / 1000) + 3_600,
  };
}
