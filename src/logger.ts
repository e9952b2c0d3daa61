import { pino, type Logger, type LoggerOptions } from "pino";

/** Fields that may hold a secret, wherever a log line has them. */
const SECRETS = [
  "authorization",
  "cookie",
  "set-cookie",
  "sec-websocket-protocol",
  "x-csrf-token",
  "apiKey",
  "api_key",
  "password",
  "token",
  "secret",
].map((name) => `["${name}"]`);

const OPTIONS: LoggerOptions = {
  redact: {
    paths: SECRETS.flatMap((name) => [name, `*${name}`, `*.*${name}`]),
    censor: "[redacted]",
  },
};

/** @param options.pretty lines for people instead of JSON, for development */
export async function createLogger(options: { level: string; pretty: boolean }): Promise<Logger> {
  const { level, pretty } = options;
  if (!pretty) return pino({ ...OPTIONS, level });
  const { default: prettyStream } = await import("pino-pretty");
  return pino({ ...OPTIONS, level }, prettyStream({ colorize: true, ignore: "pid,hostname", sync: true }));
}
