import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { isNetwork } from "./hosts/addresses.js";
import { readClientCertificates, type ClientCertificate } from "./hosts/client-certificates.js";
import { MAX_DEADLINE_SECONDS, MAX_KEY_DELAY } from "./protocol/limits.js";

/** A value of the environment that cannot be used. Its message is one line that names the variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const flag = z.enum(["true", "false", "1", "0"]).transform((value) => value === "true" || value === "1");
const list = z.string().transform((value) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);
const httpUrl = z.string().refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), {
  error: "must be an http or https URL",
});
const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: "must be a whole number" })
    .transform(Number)
    .pipe(z.int().min(min).max(max));
/** A name that `${env.NAME}` or `${secret.NAME}` can have in a script. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const seconds = (max: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, { error: "must be a number of seconds" })
    .transform(Number)
    .pipe(z.number().positive().max(max));
const secondsOrNone = (max: number, none = "no limit") =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, { error: `must be a number of seconds, or 0 for ${none}` })
    .transform(Number)
    .pipe(z.number().max(max));
const host = z.string().regex(/^((\*\.)?[a-z0-9._-]+|\[?[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*\]?)$/i, {
  error: "must be host names, without scheme, port or path",
});

/** Enough ports for the drivers and DevTools of a pool that is replaced while it is full. */
const LEAST_PORTS = 300;
const ports = z
  .string()
  .regex(/^\d{4,5}-\d{4,5}$/, { error: "must be two ports with a hyphen between them, such as 23000-23999" })
  .transform((value) => {
    const [first = 0, last = 0] = value.split("-").map(Number);
    return { first, last };
  })
  .refine(({ first, last }) => first >= 1024 && last <= 65_535 && last - first >= LEAST_PORTS - 1, {
    error: `must be at least ${LEAST_PORTS} ports from 1024 to 65535`,
  });
const proxyUrl = z
  .string()
  .refine((value) => /^(?:http|socks5):\/\/[^/]+\/?$/.test(value) && URL.canParse(value), {
    error:
      "must be http://host:port or socks5://host:port, with name:password@ in front of the host where it asks",
  });
/** An origin as browsers write it, to be compared as it stands: one in another spelling would never match. */
const origin = z.string().superRefine((value, { addIssue }) => {
  const url = /^https?:\/\//i.test(value) && URL.canParse(value) ? new URL(value) : undefined;
  if (url?.origin === value && !value.includes("*")) return;
  const example = url === undefined || value.includes("*") ? "https://qa.example.com" : url.origin;
  const rule = "must be origins as browsers write them: scheme, host and port, without a path, * or capitals";
  addIssue(`${rule}, such as ${example}`);
});

/** Names that stand for the private networks of a machine or a site. */
const NETWORK_NAMES = ["loopback", "linklocal", "uniquelocal"];
const MAX_HOPS = 10;

/** Proxies in front of the server: their addresses, or how many there are. */
const proxies = list.transform((items, context): number | string[] => {
  const [first = "", ...more] = items;
  const hops = more.length === 0 && /^\d+$/.test(first) ? Number(first) : undefined;
  if (hops !== undefined && hops >= 1 && hops <= MAX_HOPS) return hops;
  if (items.every((item) => NETWORK_NAMES.includes(item) || isNetwork(item))) return items;
  context.addIssue(
    `must be the addresses or networks of your proxies (10.0.0.5, 10.0.0.0/8, loopback), or how many there are one behind the other (1 to ${MAX_HOPS}); to trust everybody would let each client choose its address`,
  );
  return z.NEVER;
});

/** Variables that begin so hold secrets for scripts. */
const SECRET_PREFIX = "SECRET_";

/** The least that HS256 asks for: https://www.rfc-editor.org/rfc/rfc7518#section-3.2 */
const MIN_JWT_SECRET_BYTES = 32;

/** Each browser context needs most of a core while it works. */
const DEFAULT_POOL_SIZE = Math.max(2, Math.min(8, availableParallelism()));

const Variables = z.object({
  PORT: wholeNumber(0, 65_535).default(8000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATABASE_URL: z.string().min(1).default("file:./data/stepwire.db"),
  ARTIFACTS_DIR: z.string().min(1).default("./data/artifacts"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  SCREENSHOTS: z.enum(["inline", "url", "off"]).default("inline"),
  VIDEO: z.enum(["off", "on", "on_failure"]).default("off"),
  ARTIFACTS_MAX_AGE: wholeNumber(0, 36_500).default(30),
  ARTIFACTS_MAX_SIZE: wholeNumber(0, 1_000_000_000).default(2000),
  DISK_MIN_FREE: wholeNumber(0, 1_000_000_000).default(200),
  RUN_MAX_DISK: wholeNumber(0, 1_000_000_000).default(500),
  BROWSER: z.enum(["chrome", "edge", "firefox"]).default("chrome"),
  BROWSER_PROTOCOL: z.enum(["auto", "cdp", "classic"]).default("auto"),
  BROWSER_BINARY: z.string().optional(),
  BROWSER_DRIVER: z.string().optional(),
  BROWSER_POOL_SIZE: wholeNumber(1, 64).default(DEFAULT_POOL_SIZE),
  BROWSER_ENV: list
    .pipe(
      z.array(
        z
          .string()
          .regex(/^[^=\s]+$/, { error: "must be names of environment variables" })
          .refine((name) => !name.startsWith(SECRET_PREFIX), { error: "must not name secrets" }),
      ),
    )
    .default([]),
  BROWSER_HEADLESS: flag.default(true),
  BROWSER_PORTS: ports.default({ first: 23_000, last: 23_999 }),
  BROWSER_PROXY: proxyUrl.optional(),
  BROWSER_PROXY_BYPASS: list.pipe(z.array(host)).default([]),
  IGNORE_CERTIFICATE_ERRORS: flag.default(false),
  CLIENT_CERTIFICATES: z.string().optional(),
  BROWSER_WEBRTC: z.enum(["proxied", "direct"]).default("proxied"),
  SELENIUM_REMOTE_URL: httpUrl.optional(),
  COMMAND_TIMEOUT: seconds(300).default(10),
  READY_TIMEOUT: secondsOrNone(300, "no wait").default(5),
  NAVIGATION_GRACE: secondsOrNone(300, "no wait").default(1.5),
  TYPING_DELAY: wholeNumber(0, MAX_KEY_DELAY).default(0),
  DIALOGS: z.enum(["fail", "dismiss"]).default("fail"),
  STRICT_LOCATORS: flag.default(false),
  PAUSE_HOLD: secondsOrNone(MAX_DEADLINE_SECONDS).default(300),
  STEP_TIMEOUT: seconds(MAX_DEADLINE_SECONDS).default(600),
  RUN_TIMEOUT: seconds(MAX_DEADLINE_SECONDS).default(3600),
  UPLOADS_DIR: z.string().min(1).default("./data/uploads"),
  SCRIPT_ENV: list
    .pipe(
      z.array(
        z
          .string()
          .regex(NAME, { error: "must be names of environment variables" })
          .refine((name) => !name.startsWith(SECRET_PREFIX), {
            error: "must not name secrets; scripts reach SECRET_<NAME> as ${secret.<NAME>}",
          }),
      ),
    )
    .default([]),
  SECRETS_DIR: z.string().optional(),
  SECRETS_BLACKEN: z.enum(["off", "unknown"]).default("off"),
  MAX_CONNECTIONS: wholeNumber(0, 1_000_000).default(5000),
  MAX_CONNECTIONS_PER_ADDRESS: wholeNumber(0, 1_000_000).default(100),
  MESSAGES_PER_SECOND: wholeNumber(0, 1_000_000).default(20),
  MESSAGE_BURST: wholeNumber(0, 1_000_000).default(100),
  SEND_BUFFER_BYTES: wholeNumber(1024, 1_000_000_000).default(8 * 1024 * 1024),
  MAX_QUEUED_RUNS_PER_PRINCIPAL: wholeNumber(0, 1_000_000).default(250),
  MAX_RUNNING_RUNS_PER_PRINCIPAL: wholeNumber(0, 1_000_000).default(0),
  GENERATIONS_PER_HOUR: wholeNumber(0, 1_000_000).default(100),
  HTTP_REQUESTS_PER_MINUTE: wholeNumber(0, 1_000_000).default(3000),
  FAILED_LOGINS_PER_MINUTE: wholeNumber(0, 1_000_000).default(10),
  TRUST_PROXY: proxies.optional(),
  AUTH_JWT_SECRET: z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= MIN_JWT_SECRET_BYTES, {
      error: `must be at least ${MIN_JWT_SECRET_BYTES} bytes long; openssl rand -base64 32 makes one`,
    })
    .optional(),
  AUTH_JWKS_URL: httpUrl.optional(),
  AUTH_JWT_ISSUER: z.string().optional(),
  AUTH_JWT_AUDIENCE: z.string().optional(),
  AUDIT_MAX_AGE: wholeNumber(0, 36_500).default(365),
  ALLOWED_HOSTS: list.pipe(z.array(host)).default([]),
  ALLOWED_ORIGINS: list.pipe(z.array(origin)).default([]),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  OPENAI_MODEL: z.string().min(1).default("gpt-4o-mini"),
  OPENAI_TIMEOUT: seconds(3600).default(120),
  OPENAI_IDLE_TIMEOUT: seconds(3600).default(30),
});

/** The limit that a configured value stands for: 0 is none. */
export function limitOf(value: number): number | undefined {
  return value === 0 ? undefined : value;
}

/** Environment variables by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Config = Readonly<z.infer<typeof Variables>> & {
  /** Values of `${env.NAME}` in scripts: the variables in SCRIPT_ENV that are set. */
  readonly scriptEnv: Record<string, string>;
  /** Values of `${secret.NAME}` in scripts. */
  readonly secrets: Record<string, string>;
  /** The only hosts on which a secret may be used, by its name; every host for one that is missing. */
  readonly secretHosts: Record<string, string[]>;
  /** Those that CLIENT_CERTIFICATES lists. */
  readonly clientCertificates: readonly ClientCertificate[];
};

/**
 * Reads the configuration; an empty variable counts as one that is not set.
 *
 * @throws ConfigError for the first value that cannot be used.
 */
export function parseConfig(environment: Environment): Config {
  const given: Environment = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value?.trim()),
  );
  const parsed = Variables.safeParse(given);
  if (parsed.success) {
    const { data } = parsed;
    requireOneKind(data);
    const scriptEnv = data.SCRIPT_ENV.flatMap((name) => {
      const value = given[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const secrets = withHosts(readSecrets(given, data.SECRETS_DIR));
    return {
      ...data,
      scriptEnv: Object.fromEntries(scriptEnv),
      ...secrets,
      clientCertificates: readCertificates(data, secrets.secrets),
    };
  }
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0]);
  // A key belongs in no message, whatever is wrong with it.
  const value = /KEY|SECRET|DATABASE_URL|PROXY/.test(name) ? "" : ` (given: ${JSON.stringify(given[name])})`;
  throw new ConfigError(`${name}: ${issue?.message ?? "is not valid"}${value}`);
}

/** Both at once would let a token of the one kind be checked as one of the other. */
function requireOneKind({ AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: url }: z.infer<typeof Variables>): void {
  if (secret === undefined || url === undefined) return;
  throw new ConfigError("AUTH_JWT_SECRET: is set, and so is AUTH_JWKS_URL; keep one of them");
}

function readCertificates(
  { CLIENT_CERTIFICATES: file, SELENIUM_REMOTE_URL: remote, BROWSER: browser }: z.infer<typeof Variables>,
  secrets: Record<string, string>,
): ClientCertificate[] {
  if (file === undefined) return [];
  if (remote !== undefined || browser === "firefox") {
    throw new ConfigError(
      "CLIENT_CERTIFICATES: needs Chrome or Edge on this machine; a browser of SELENIUM_REMOTE_URL, or Firefox, has to be given certificates where it runs",
    );
  }
  try {
    return readClientCertificates(file, secrets);
  } catch (error) {
    throw new ConfigError(`CLIENT_CERTIFICATES: ${(error as Error).message}`);
  }
}

/** Secrets from variables `SECRET_<NAME>` and from the files of a folder. */
function readSecrets(given: Environment, folder: string | undefined): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const [variable, value] of Object.entries(given)) {
    if (!variable.startsWith(SECRET_PREFIX) || value === undefined) continue;
    const name = variable.slice(SECRET_PREFIX.length);
    if (!NAME.test(name)) throw new ConfigError(`${variable}: ${NAME_RULE}`);
    secrets[name] = value;
  }
  if (folder === undefined) return secrets;
  for (const [name, value] of secretFiles(folder)) {
    if (!NAME.test(name)) throw new ConfigError(`SECRETS_DIR: ${join(folder, name)}: ${NAME_RULE}`);
    if (Object.hasOwn(secrets, name)) {
      throw new ConfigError(
        `${SECRET_PREFIX}${name}: is set, and SECRETS_DIR has a file of that name; keep one of them`,
      );
    }
    if (value !== "") secrets[name] = value;
  }
  return secrets;
}

/** A secret of such a name says where another one may be used. */
const HOSTS_SUFFIX = "_HOSTS";

/** Takes the lists of hosts out of the values that were read as secrets. */
function withHosts(read: Record<string, string>): Pick<Config, "secrets" | "secretHosts"> {
  const secrets: Record<string, string> = {};
  const secretHosts: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(read)) {
    if (!name.endsWith(HOSTS_SUFFIX)) {
      secrets[name] = value;
      continue;
    }
    const bound = name.slice(0, -HOSTS_SUFFIX.length);
    const variable = SECRET_PREFIX + name;
    if (!Object.hasOwn(read, bound)) {
      throw new ConfigError(
        `${variable}: there is no secret '${bound}' whose hosts these could be; no other secret's name may end in ${HOSTS_SUFFIX}`,
      );
    }
    const hosts = list.pipe(z.array(host).min(1)).safeParse(value);
    // A file may hold anything, perhaps a secret that was put into the wrong one.
    if (!hosts.success)
      throw new ConfigError(`${variable}: must be host names, without scheme, port or path`);
    secretHosts[bound] = hosts.data;
  }
  return { secrets, secretHosts };
}

const NAME_RULE =
  "a script could not name this secret; use letters, digits and underscores, not beginning with a digit";

/** Reads one secret a file, as Docker and Kubernetes mount them. Names that begin with a dot are Kubernetes' own. */
function secretFiles(folder: string): (readonly [name: string, value: string])[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith(".") && !entry.isDirectory())
      .map(({ name }) => [name, readFileSync(join(folder, name), "utf8").replace(/\r?\n$/, "")] as const);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ConfigError(`SECRETS_DIR: ${folder} cannot be read as a folder of files (${code})`);
  }
}
