import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { z } from "zod";
import {
  amount,
  browserSwitches,
  capabilities,
  choice,
  flag,
  host,
  httpUrl,
  list,
  origin,
  ports,
  prices,
  proxies,
  proxyUrl,
  seconds,
  secondsOrNone,
  webhookSecrets,
  webhookUrl,
  wholeNumber,
} from "./config-values.js";
import { readClientCertificates, type ClientCertificate } from "./hosts/client-certificates.js";
import { oneLine } from "./one-line.js";
import { SCRIPT_NAME, SECRET_PREFIX, readSecrets, type ScriptSecrets } from "./script-secrets.js";
import { MAX_DEADLINE_SECONDS, MAX_KEY_DELAY } from "./protocol/limits.js";

/** Values of the environment that cannot be used. Its message has a line for each, which names the variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(...faults: string[]) {
    super(faults.map(oneLine).join("\n"));
  }
}

/** The least that HS256 asks for: https://www.rfc-editor.org/rfc/rfc7518#section-3.2 */
const MIN_JWT_SECRET_BYTES = 32;

/** The shape of a token that cannot be guessed. */
const METRICS_TOKEN = /^[\w-]{32,200}$/;

/** Each browser context needs most of a core while it works. */
const DEFAULT_POOL_SIZE = Math.max(2, Math.min(8, availableParallelism()));
const MAX_POOL_SIZE = 64;

const Variables = z.object({
  PORT: wholeNumber(0, 65_535).default(8000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATABASE_URL: z.string().min(1).default("file:./data/stepwire.db"),
  ARTIFACTS_DIR: z.string().min(1).default("./data/artifacts"),
  ROLE: choice("all", "server", "worker").default("all"),
  LOG_LEVEL: choice("fatal", "error", "warn", "info", "debug", "trace", "silent").default("info"),
  SCREENSHOTS: choice("inline", "url", "off").default("inline"),
  VIDEO: choice("off", "on", "on_failure").default("off"),
  ARTIFACTS_MAX_AGE: wholeNumber(0, 36_500).default(30),
  ARTIFACTS_MAX_SIZE: wholeNumber(0, 1_000_000_000).default(2000),
  RUNS_KEEP_DAYS: wholeNumber(0, 36_500).default(0),
  RUNS_KEEP_PER_CASE: wholeNumber(0, 1_000_000).default(0),
  DISK_MIN_FREE: wholeNumber(0, 1_000_000_000).default(200),
  RUN_MAX_DISK: wholeNumber(0, 1_000_000_000).default(500),
  BROWSER: choice("chrome", "edge", "firefox").default("chrome"),
  BROWSER_PROTOCOL: choice("auto", "cdp", "classic").default("auto"),
  BROWSER_BINARY: z.string().optional(),
  BROWSER_DRIVER: z.string().optional(),
  BROWSER_POOL_SIZE: wholeNumber(1, MAX_POOL_SIZE).default(DEFAULT_POOL_SIZE),
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
  BROWSER_ARGUMENTS: browserSwitches.default([]),
  BROWSER_CAPABILITIES: capabilities.optional(),
  BROWSER_HEADLESS: flag.default(true),
  BROWSER_PORTS: ports.default({ first: 23_000, last: 23_999 }),
  BROWSER_PROXY: proxyUrl.optional(),
  BROWSER_PROXY_BYPASS: list.pipe(z.array(host)).default([]),
  IGNORE_CERTIFICATE_ERRORS: flag.default(false),
  BROWSER_WEBRTC: choice("proxied", "direct").default("proxied"),
  SELENIUM_REMOTE_URL: httpUrl.optional(),
  COMMAND_TIMEOUT: seconds(300).default(10),
  READY_TIMEOUT: secondsOrNone(300, "no wait").default(5),
  NAVIGATION_GRACE: secondsOrNone(300, "no wait").default(1.5),
  TYPING_DELAY: wholeNumber(0, MAX_KEY_DELAY).default(0),
  DIALOGS: choice("fail", "dismiss").default("fail"),
  STRICT_LOCATORS: flag.default(false),
  PAUSE_HOLD: secondsOrNone(MAX_DEADLINE_SECONDS).default(300),
  STEP_TIMEOUT: seconds(MAX_DEADLINE_SECONDS).default(600),
  RUN_TIMEOUT: seconds(MAX_DEADLINE_SECONDS).default(3600),
  DRAIN_TIMEOUT: secondsOrNone(MAX_DEADLINE_SECONDS, "no wait").default(0),
  UPLOADS_DIR: z.string().min(1).default("./data/uploads"),
  SCRIPT_ENV: list
    .pipe(
      z.array(
        z
          .string()
          .regex(SCRIPT_NAME, { error: "must be names of environment variables" })
          .refine((name) => !name.startsWith(SECRET_PREFIX), {
            error: "must not name secrets; scripts reach SECRET_<NAME> as ${secret.<NAME>}",
          }),
      ),
    )
    .default([]),
  SECRETS_DIR: z.string().optional(),
  SECRETS_BLACKEN: choice("off", "unknown").default("off"),
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
  METRICS: flag.default(false),
  METRICS_TOKEN: z
    .string()
    .regex(METRICS_TOKEN, {
      error: "must be at least 32 letters, digits, - or _; openssl rand -hex 32 makes one",
    })
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_SERVICE_NAME: z.string().min(1).default("stepwire"),
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
  PUBLIC_URL: origin.optional(),
  ALLOWED_ORIGINS: list.pipe(z.array(origin)).default([]),
  WEBHOOK_URLS: list.pipe(z.array(webhookUrl)).default([]),
  WEBHOOK_SECRET: webhookSecrets.default([]),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  OPENAI_MODEL: z.string().min(1).default("gpt-4o-mini"),
  OPENAI_TIMEOUT: seconds(3600).default(120),
  OPENAI_IDLE_TIMEOUT: seconds(3600).default(30),
  AI_PRICES: prices.default(new Map()),
  AI_DAILY_BUDGET: amount.default(0),
  AI_DAILY_BUDGET_PER_PRINCIPAL: amount.default(0),
  AI_DAILY_TOKENS: wholeNumber(0, 1_000_000_000_000).default(0),
  AI_DAILY_TOKENS_PER_PRINCIPAL: wholeNumber(0, 1_000_000_000_000).default(0),
  AI_RECORD: z.string().optional(),
  AI_REPLAY: z.string().optional(),
});

/** Every variable that {@link parseConfig} reads, but for `SECRET_<NAME>` and those that SCRIPT_ENV names. */
export const VARIABLES: readonly string[] = [
  ...Object.keys(Variables.shape),
  "ADMIN_TOKEN",
  "ADMIN_TOKEN_FILE",
  "CLIENT_CERTIFICATES",
];

/** The limit that a configured value stands for: 0 is none. */
export function limitOf(value: number): number | undefined {
  return value === 0 ? undefined : value;
}

/** Environment variables by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Config = Readonly<z.infer<typeof Variables>> &
  Readonly<ScriptSecrets> & {
    /** Values of `${env.NAME}` in scripts: the variables in SCRIPT_ENV that are set. */
    readonly scriptEnv: Record<string, string>;
    /** Most sessions of a Selenium server that tells how many it has: BROWSER_POOL_SIZE, or as many as there may be. */
    readonly gridPoolSize: number;
    /** Those that CLIENT_CERTIFICATES lists. */
    readonly clientCertificates: readonly ClientCertificate[];
    /** The first token of a new database, of ADMIN_TOKEN or the file ADMIN_TOKEN_FILE. */
    readonly adminToken: string | undefined;
  };

/**
 * Reads the configuration; an empty variable counts as one that is not set.
 *
 * @throws ConfigError for all values that cannot be used.
 */
export function parseConfig(environment: Environment): Config {
  const given: Environment = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value?.trim()),
  );
  const parsed = Variables.safeParse(given);
  const { faults: secretFaults, ...secrets } = readSecrets(given);
  const unpriced = parsed.success ? unpricedBudgets(parsed.data) : [];
  const certificates = readCertificates(given["CLIENT_CERTIFICATES"], secrets.secrets);
  const admin = readAdminToken(given);
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => faultOf(issue, given)),
    ...contradictionsIn(given),
    ...unpriced,
    ...secretFaults,
    ...certificates.faults,
    ...admin.faults,
  ];
  if (!parsed.success || faults.length > 0) throw new ConfigError(...new Set(faults));
  const scriptEnv = parsed.data.SCRIPT_ENV.flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...parsed.data,
    scriptEnv: Object.fromEntries(scriptEnv),
    ...secrets,
    gridPoolSize: given["BROWSER_POOL_SIZE"] === undefined ? MAX_POOL_SIZE : parsed.data.BROWSER_POOL_SIZE,
    clientCertificates: certificates.read,
    adminToken: admin.token,
  };
}

/** The shape of a token that cannot be guessed, with the prefix by which secret scanners know one. */
const ADMIN_TOKEN = /^stw_[\w-]{32,200}$/;

function readAdminToken({ ADMIN_TOKEN: value, ADMIN_TOKEN_FILE: file }: Environment): {
  token: string | undefined;
  faults: string[];
} {
  if (value !== undefined && file !== undefined) {
    const fault = "ADMIN_TOKEN: is set, and so is ADMIN_TOKEN_FILE; keep one of them";
    return { token: undefined, faults: [fault] };
  }
  const name = file === undefined ? "ADMIN_TOKEN" : "ADMIN_TOKEN_FILE";
  try {
    const token = (file === undefined ? value : readFileSync(file, "utf8"))?.trim();
    if (token === undefined || ADMIN_TOKEN.test(token)) return { token, faults: [] };
    const rule =
      "must be stw_ and at least 32 letters, digits, - or _; echo stw_$(openssl rand -hex 32) makes one";
    return { token: undefined, faults: [`${name}: ${rule}`] };
  } catch (error) {
    return { token: undefined, faults: [`${name}: ${(error as Error).message}`] };
  }
}

function faultOf({ path, message }: z.core.$ZodIssue, given: Environment): string {
  const name = String(path[0]);
  // A key belongs in no message, whatever is wrong with it.
  const value = /KEY|SECRET|METRICS_TOKEN|DATABASE_URL|PROXY|CAPABILITIES|WEBHOOK/.test(name)
    ? ""
    : ` (given: ${JSON.stringify(given[name])})`;
  return `${name}: ${message}${value}`;
}

/** Variables that cannot be set together, or not alone. */
function contradictionsIn(given: Environment): string[] {
  const faults: string[] = [];
  const { ROLE: role, DATABASE_URL: url = "file:" } = given;
  if ((role === "server" || role === "worker") && !/^postgres(ql)?:/i.test(url))
    faults.push(`ROLE: ${role} shares its runs with other servers, which needs DATABASE_URL=postgresql://…`);
  // Both at once would let a token of the one kind be checked as one of the other.
  if (given["AUTH_JWT_SECRET"] !== undefined && given["AUTH_JWKS_URL"] !== undefined)
    faults.push("AUTH_JWT_SECRET: is set, and so is AUTH_JWKS_URL; keep one of them");
  if (given["BROWSER_CAPABILITIES"] !== undefined && given["SELENIUM_REMOTE_URL"] === undefined)
    faults.push(
      "BROWSER_CAPABILITIES: is for the browsers of a Selenium server, which SELENIUM_REMOTE_URL names; a browser of this machine takes BROWSER_ARGUMENTS",
    );
  if (given["WEBHOOK_URLS"] !== undefined && given["WEBHOOK_SECRET"] === undefined)
    faults.push(
      'WEBHOOK_URLS: needs WEBHOOK_SECRET, with which each message is signed; echo "whsec_$(openssl rand -base64 32)" makes one',
    );
  if (given["METRICS_TOKEN"] !== undefined && ["false", "0", undefined].includes(given["METRICS"]))
    faults.push("METRICS_TOKEN: is for reading metrics, which METRICS=true turns on");
  if (given["AI_RECORD"] !== undefined && given["OPENAI_API_KEY"] === undefined)
    faults.push("AI_RECORD: needs an AI server whose answers are kept; set OPENAI_API_KEY");
  if (given["AI_RECORD"] !== undefined && given["AI_REPLAY"] !== undefined)
    faults.push("AI_RECORD: is set, and so is AI_REPLAY, with which no server is asked; keep one of them");
  const isElsewhere = given["SELENIUM_REMOTE_URL"] !== undefined || given["BROWSER"] === "firefox";
  if (given["CLIENT_CERTIFICATES"] !== undefined && isElsewhere)
    faults.push(
      "CLIENT_CERTIFICATES: needs Chrome or Edge on this machine; a browser of SELENIUM_REMOTE_URL, or Firefox, has to be given certificates where it runs",
    );
  return faults;
}

/** A budget of money that no call would ever take from is none. */
function unpricedBudgets({
  AI_PRICES: known,
  OPENAI_MODEL: model,
  ...values
}: z.infer<typeof Variables>): string[] {
  if (known.has(model)) return [];
  return (["AI_DAILY_BUDGET", "AI_DAILY_BUDGET_PER_PRINCIPAL"] as const)
    .filter((name) => values[name] > 0)
    .map(
      (name) => `${name}: needs a price for the model '${model}' in AI_PRICES, such as ${model}=0.15/0.60`,
    );
}

function readCertificates(
  file: string | undefined,
  secrets: Readonly<Record<string, string>>,
): { read: ClientCertificate[]; faults: string[] } {
  if (file === undefined) return { read: [], faults: [] };
  try {
    return { read: readClientCertificates(file, secrets), faults: [] };
  } catch (error) {
    return { read: [], faults: [`CLIENT_CERTIFICATES: ${(error as Error).message}`] };
  }
}
