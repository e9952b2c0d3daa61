import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";
import { oneLine, printableJson } from "./one-line.js";

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
  /** Called for each line, for fields that it has beside its own. @defaultValue there are none */
  moreFields?: (() => object) | undefined;
  /** @defaultValue standard output */
  destination?: DestinationStream;
}

export async function createLogger(options: LogOptions): Promise<Logger> {
  const { level, pretty, moreFields, destination } = options;
  const settings = { ...OPTIONS, level, ...(moreFields && { mixin: moreFields }) };
  if (!pretty) return pino({ ...settings, hooks: { streamWrite: printableJson } }, destination);
  const { default: prettyStream } = await import("pino-pretty");
  const stream = prettyStream({
    colorize: true,
    ignore: "pid,hostname",
    sync: true,
    ...(destination && { destination }),
  });
  return pino({ ...settings, hooks: { streamWrite: inOneLine } }, stream);
}

/** Takes the line breaks out of a log line's texts, because pino-pretty shows the texts as they are. */
function inOneLine(json: string): string {
  return `${JSON.stringify(textsOf(JSON.parse(json)))}\n`;
}

function textsOf(value: unknown): unknown {
  if (typeof value === "string") return oneLine(value);
  if (Array.isArray(value)) return value.map(textsOf);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => [
    oneLine(key),
    key === "stack" && typeof inner === "string" ? stackOf(inner) : textsOf(inner),
  ]);
  return Object.fromEntries(entries) as unknown;
}

/** A stack keeps the lines that the engine has made; those of the error's message become one. */
function stackOf(stack: string): string {
  const [message = "", ...calls] = stack.split(/\n(?= +at )/);
  return [message, ...calls].map(oneLine).join("\n");
}
