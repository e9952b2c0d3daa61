import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";

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

export interface LogOptions {
  level: string;
  /** Lines for people instead of JSON, for development. */
  pretty: boolean;
  /** @defaultValue standard output */
  destination?: DestinationStream;
}

export async function createLogger({ level, pretty, destination }: LogOptions): Promise<Logger> {
  if (!pretty) return pino({ ...OPTIONS, level }, destination);
  const { default: prettyStream } = await import("pino-pretty");
  return pino({ ...OPTIONS, level }, prettyStream({ colorize: true, ignore: "pid,hostname", sync: true }));
}
