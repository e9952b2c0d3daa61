import { createHash, generateKeyPairSync, sign } from "node:crypto";

/** A certificate that nobody signed but its own key, which never leaves this process. */
export interface OwnCertificate {
  cert: string;
  key: string;
  /** SHA-256 of its public key in Base64, by which Chromium can be told to accept it. */
  fingerprint: string;
}

/** Time for which it is valid, in milliseconds: longer than any server runs without a restart. */
const VALID_MS = 10 * 365 * 24 * 60 * 60 * 1000;

/** ASN.1's tags of what a certificate consists of: https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
const Tag = {
  Integer: 0x02,
  BitString: 0x03,
  Oid: 0x06,
  Utf8: 0x0c,
  Time: 0x18,
  Sequence: 0x30,
  Set: 0x31,
  Version: 0xa0,
};

/** ecdsa-with-SHA256 and commonName, encoded. */
const ECDSA_SHA256 = Buffer.from("2a8648ce3d040302", "hex");
const COMMON_NAME = Buffer.from("550403", "hex");

/** Makes a key pair and a certificate of it. */
export function makeOwnCertificate(name: string, now = new Date()): OwnCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const algorithm = der(Tag.Sequence, der(Tag.Oid, ECDSA_SHA256));
  const attribute = der(Tag.Sequence, der(Tag.Oid, COMMON_NAME), der(Tag.Utf8, Buffer.from(name)));
  const subject = der(Tag.Sequence, der(Tag.Set, attribute));
  const validity = der(Tag.Sequence, time(now), time(new Date(now.getTime() + VALID_MS)));
  const version = der(Tag.Version, der(Tag.Integer, Buffer.from([2])));
  const serial = der(Tag.Integer, Buffer.from([1]));
  const content = der(Tag.Sequence, version, serial, algorithm, subject, validity, subject, spki);
  const signature = der(Tag.BitString, Buffer.from([0]), sign("sha256", content, privateKey));
  const certificate = der(Tag.Sequence, content, algorithm, signature);
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    fingerprint: createHash("sha256").update(spki).digest("base64"),
  };
}

/** A value with its tag and length, as DER has it. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** GeneralizedTime: `20261129120000Z`. */
function time(date: Date): Buffer {
  return der(Tag.Time, Buffer.from(`${date.toISOString().replace(/\D/g, "").slice(0, 14)}Z`));
}
