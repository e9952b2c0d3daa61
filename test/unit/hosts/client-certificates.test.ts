import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { describe, expect } from "vitest";
import { certificateFor, readClientCertificates } from "../../../src/hosts/client-certificates.js";
import { makeOwnCertificate } from "../../../src/hosts/own-certificate.js";
import { PASSPHRASE, writeCertificates } from "../../support/client-certificate.js";
import { folderTest as test } from "../../support/scratch-fixtures.js";

const PEM = { cert: "me.pem", key: "me.key" };

describe("a list of client certificates", () => {
  test("names hosts, with any subdomain, and ports", async ({ folder }) => {
    const list = await writeCertificates(folder, [
      { hosts: ["*.example.com", "api.test:8443", "[::1]"], ...PEM },
      { hosts: ["localhost"], pfx: "me.pfx", passphrase_secret: "ME" },
    ]);
    const certificates = readClientCertificates(list, { ME: PASSPHRASE });
    const isServed = (host: string, port: number) =>
      certificateFor({ host, port }, certificates) !== undefined;
    expect(isServed("shop.example.com", 443)).toBe(true);
    expect(isServed("SHOP.example.com.", 443)).toBe(true);
    expect(isServed("::1", 443)).toBe(true);
    expect(isServed("localhost", 443)).toBe(true);
    expect(isServed("api.test", 8443)).toBe(true);
    expect(isServed("api.test", 443)).toBe(false);
    expect(isServed("shop.example.com", 80)).toBe(false);
    expect(isServed("example.org", 443)).toBe(false);
  });

  test.for([
    ["no JSON", "{", "cannot be read as JSON"],
    ["no hosts", [{ hosts: [], ...PEM }], "0.hosts"],
    ["a URL", [{ hosts: ["https://example.com/"], ...PEM }], "0.hosts.0 must be host names"],
    ["half a pair", [{ hosts: ["a"], cert: "me.pem" }], "0 needs 'pfx', or both 'cert' and 'key'"],
    ["a missing file", [{ hosts: ["a"], pfx: "none.pfx" }], "entry 1 cannot be used: ENOENT"],
    ["a missing secret", [{ hosts: ["a"], pfx: "me.pfx", passphrase_secret: "NONE" }], "no secret 'NONE'"],
    [
      "a wrong passphrase",
      [{ hosts: ["a"], pfx: "me.pfx", passphrase_secret: "WRONG" }],
      "entry 1 cannot be used",
    ],
  ] as const)("is refused with %s", async ([, entries, message], { folder }) => {
    const list = await writeCertificates(folder, entries);
    expect(() => readClientCertificates(list, { WRONG: "wrong" })).toThrow(message);
  });
});

test("a certificate of our own is one, signed by its own key", () => {
  const { cert, key, fingerprint } = makeOwnCertificate("Stepwire", new Date("2026-11-29T12:00:00Z"));
  const read = new X509Certificate(cert);
  expect(read.subject).toBe("CN=Stepwire");
  expect(read.verify(read.publicKey)).toBe(true);
  expect(new Date(read.validFrom)).toEqual(new Date("2026-11-29T12:00:00Z"));
  expect(fingerprint).toHaveLength(44);
  expect(() => createSecureContext({ cert, key })).not.toThrow();
});
