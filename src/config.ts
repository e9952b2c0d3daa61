import { availableParallelism } from "node:os";
import { z } from "zod";

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
const seconds = (max: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, { error: "must be a number of seconds" })
    .transform(Number)
    .pipe(z.number().positive().max(max));
const host = z.string().regex(/^((\*\.)?[a-z0-9._-]+|\[?[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*\]?)$/i, {
  error: "must be host names, without scheme, port or path",
});

/** Each browser context needs most of a core while it works. */
const DEFAULT_POOL_SIZE = Math.max(2, Math.min(8, availableParallelism()));

const Environment = z.object({
  PORT: wholeNumber(0, 65_535).default(8000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATABASE_URL: z.string().min(1).default("file:./data/stepwire.db"),
  ARTIFACTS_DIR: z.string().min(1).default("./data/artifacts"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  SCREENSHOTS: z.enum(["inline", "url", "off"]).default("inline"),
  BROWSER: z.enum(["chrome", "edge"]).default("chrome"),
  BROWSER_BINARY: z.string().optional(),
  BROWSER_DRIVER: z.string().optional(),
  BROWSER_POOL_SIZE: wholeNumber(1, 64).default(DEFAULT_POOL_SIZE),
  BROWSER_HEADLESS: flag.default(true),
  SELENIUM_REMOTE_URL: httpUrl.optional(),
  COMMAND_TIMEOUT: seconds(300).default(10),
  ALLOWED_HOSTS: list.pipe(z.array(host)).default([]),
  ALLOWED_ORIGINS: list.default([]),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  OPENAI_MODEL: z.string().min(1).default("gpt-4o-mini"),
  OPENAI_TIMEOUT: seconds(3600).default(120),
  OPENAI_IDLE_TIMEOUT: seconds(3600).default(30),
});

export type Config = Readonly<z.infer<typeof Environment>>;

/**
 * Reads the configuration; an empty variable counts as one that is not set.
 *
 * @throws ConfigError for the first value that cannot be used.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = Environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0]);
  // A key belongs in no message, whatever is wrong with it.
  const value = /KEY|DATABASE_URL/.test(name) ? "" : ` (given: ${JSON.stringify(given[name])})`;
  throw new ConfigError(`${name}: ${issue?.message ?? "is not valid"}${value}`);
}
