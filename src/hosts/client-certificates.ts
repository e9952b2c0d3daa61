import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { z } from "zod";
import { matchesHost, plainHost } from "./allowed-hosts.js";
import type { Destination } from "./socks.js";

/** A certificate by which this machine says who it is, and the hosts that are told. */
export interface ClientCertificate {
  /** `*.` in front for any subdomain. */
  hosts: readonly { pattern: string; port: number }[];
  context: SecureContext;
}

const HTTPS = 443;

const Host = z.string().regex(/^(?:\*\.)?(?:\[[\da-fA-F:]+\]|[^\s:/*,]+)(?::\d{1,5})?$/, {
  error: "must be host names, with a port where it is not 443, without scheme or path",
});

const Entry = z
  .strictObject({
    hosts: z.array(Host).min(1),
    pfx: z.string().optional(),
    cert: z.string().optional(),
    key: z.string().optional(),
    passphrase_secret: z.string().optional(),
  })
  .refine(({ pfx, cert, key }) => (pfx === undefined ? cert && key : !cert && !key), {
    error: "needs 'pfx', or both 'cert' and 'key'",
  });

const Entries = z.array(Entry).min(1);

/**
 * Reads the list of client certificates and the files that it names, relative to its own place.
 *
 * @param secrets by their names, for passphrases
 * @throws Error that names the entry and what is wrong with it
 */
export function readClientCertificates(
  file: string,
  secrets: Readonly<Record<string, string>>,
): ClientCertificate[] {
  const parsed = Entries.safeParse(readJson(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${file}: ${issue?.path.join(".") || "the list"} ${issue?.message ?? "is not valid"}`);
  }
  const read = (path: string | undefined) =>
    path === undefined ? undefined : readFileSync(resolve(dirname(file), path));
  return parsed.data.map(({ hosts, pfx, cert, key, passphrase_secret: name }, index) => {
    const passphrase = name === undefined ? undefined : secrets[name];
    if (name !== undefined && passphrase === undefined)
      throw new Error(`${file}: entry ${index + 1}: there is no secret '${name}' (SECRET_${name})`);
    try {
      const files = { pfx: read(pfx), cert: read(cert), key: read(key), passphrase };
      return { hosts: hosts.map(hostOf), context: createSecureContext(files) };
    } catch (cause) {
      const reason = (cause as Error).message;
      throw new Error(`${file}: entry ${index + 1} cannot be used: ${reason}`, { cause });
    }
  });
}

/** The certificate for a connection, if there is one. */
export function certificateFor(
  { host, port }: Destination,
  certificates: readonly ClientCertificate[],
): ClientCertificate | undefined {
  const plain = plainHost(host);
  return certificates.find(({ hosts }) =>
    hosts.some((known) => known.port === port && matchesHost(plain, known.pattern)),
  );
}

function hostOf(text: string): { pattern: string; port: number } {
  const [, pattern = text, port] = /^(.*?)(?::(\d+))?$/.exec(text.replace(/^(\[.*\])$/, "$1:443")) ?? [];
  return { pattern: plainHost(pattern), port: port === undefined ? HTTPS : Number(port) };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`${file} cannot be read as JSON (${(cause as Error).message})`, { cause });
  }
}
