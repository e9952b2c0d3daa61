import type { Logger } from "pino";
import type { AuditLog } from "../auth/ports.js";
import { CloseCode } from "../protocol/close-codes.js";
import { AppError, asAppError } from "../protocol/errors.js";
import { CLIENT_MESSAGES, RequestId, type ClientMessage, type ServerMessage } from "../protocol/messages.js";
import { MESSAGE_SCOPES } from "../protocol/scopes.js";
import { UNTRACED, type Traces } from "../tracing/ports.js";
import type { Connection } from "./connection.js";
import { RateLimits } from "./rate-limits.js";

/** Refused messages in a row after which a client is taken to ignore the answers. */
const REFUSALS_IN_A_ROW = 50;

/** Longest part of what a client sent that goes back to it in an answer, in characters. */
const MAX_QUOTE_LENGTH = 200;

/** The client that made a request, as handlers see it. */
export type Client = Connection;

/** Everything that a handler needs to answer one request. */
export interface RequestContext {
  requestId: string | undefined;
  /** Sends a message to the client that made the request, with the request's id. */
  reply: (message: ServerMessage) => void;
  client: Client;
  /** True for the first message of the client. */
  isFirst: boolean;
  log: Logger;
}

type Type = ClientMessage["type"];

/** The object of an action, for the audit table, such as `run 3f…`. */
export type AuditTarget = string;

/** A handler of a message that does more than to look says what it was done to. */
export type Handlers = {
  [T in Type]: (
    message: Extract<ClientMessage, { type: T }>,
    context: RequestContext,
  ) => (typeof MESSAGE_SCOPES)[T] extends "read" ? Promise<void> : Promise<AuditTarget>;
};

export interface RouterOptions {
  handlers: Handlers;
  /** @defaultValue no limits */
  limits?: RateLimits;
  audit: AuditLog;
  /** @defaultValue nobody follows */
  traces?: Pick<Traces, "message">;
}

/** Takes frames apart and hands each message to its handler. Every error is answered here, and only here. */
export class Router {
  readonly #handlers: Handlers;
  readonly #limits: RateLimits;
  readonly #audit: AuditLog;
  readonly #traces: Pick<Traces, "message">;

  constructor({ handlers, limits = new RateLimits(), audit, traces = UNTRACED }: RouterOptions) {
    this.#handlers = handlers;
    this.#limits = limits;
    this.#audit = audit;
    this.#traces = traces;
  }

  /** Never rejects: whatever goes wrong becomes one answer, and the connection stays open. */
  async route(text: string, connection: Connection): Promise<void> {
    const frame = parseFrame(text);
    const requestId = requestIdOf(frame);
    const context: RequestContext = {
      requestId,
      reply: (message) => {
        connection.send(requestId === undefined ? message : { ...message, request_id: requestId });
      },
      client: connection,
      isFirst: connection.isAtFirstFrame,
      log: requestId === undefined ? connection.log : connection.log.child({ requestId }),
    };
    try {
      if (this.#limits.limitsMessages) await this.#admit(connection);
      const type = typeOf(frame);
      requireScope(type, connection);
      const message = parseMessage(type, frame);
      await this.#traces.message(type, () => this.#handle(message, context));
    } catch (error) {
      if (error instanceof AppError && error.code === "forbidden") this.#noteRefusal(frame, connection);
      context.reply(toErrorMessage(error, frame, connection.log));
    }
  }

  #noteRefusal(frame: Frame | undefined, { identity, address }: Connection): void {
    const action = typeOf(frame);
    this.#audit.record({ identity, address, action, target: targetOf(frame), isRefused: true });
  }

  /** Resolves when a frame may be handled, in the order in which frames came. @throws AppError `rate_limited` */
  async #admit(connection: Connection): Promise<void> {
    const admitted = connection.admission.then(() => this.#limits.admitMessage(connection.id));
    connection.admission = admitted.catch(() => undefined);
    try {
      await admitted;
      connection.refusals = 0;
    } catch (error) {
      if (++connection.refusals >= REFUSALS_IN_A_ROW) connection.close(CloseCode.TooManyMessages);
      throw error;
    }
  }

  async #handle(message: ClientMessage, context: RequestContext): Promise<void> {
    const { client, requestId } = context;
    if (requestId !== undefined && client.requests.has(requestId)) {
      throw new AppError("duplicate_request_id", "A request with this request_id has not been answered yet.");
    }
    // Safe: the message's type chose the handler; TypeScript cannot follow that through an index.
    const handler = this.#handlers[message.type] as (
      message: ClientMessage,
      context: RequestContext,
    ) => Promise<AuditTarget | undefined>;
    if (requestId !== undefined) client.requests.add(requestId);
    client.underWay++;
    try {
      if (isGeneration(message.type)) await this.#limits.admitGeneration(client.principal);
      const target = await handler(message, context);
      if (target !== undefined)
        this.#audit.record({
          identity: client.identity,
          address: client.address,
          action: message.type,
          target,
        });
    } finally {
      client.underWay--;
      if (requestId !== undefined) client.requests.delete(requestId);
    }
  }
}

type Frame = Record<string, unknown>;

function parseFrame(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Frame)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Looked at only where there is one: a failed parse costs as much as the rest of a small request. */
function requestIdOf(frame: Frame | undefined): string | undefined {
  return frame?.["request_id"] === undefined ? undefined : RequestId.safeParse(frame["request_id"]).data;
}

/** @throws AppError when it is none of the protocol's. */
function typeOf(frame: Frame | undefined): Type {
  if (frame === undefined) {
    throw new AppError(
      "invalid_json",
      `Each frame must be one JSON object, such as {"type":"execute_step","step_id":5}.`,
    );
  }
  const { type } = frame;
  if (typeof type !== "string" || !Object.hasOwn(CLIENT_MESSAGES, type)) {
    const known = Object.keys(CLIENT_MESSAGES).join(", ");
    throw new AppError("unknown_type", `${describeType(type)}. Known types: ${known}`);
  }
  return type as Type;
}

/** Scopes are checked before the message is, so that its content makes no difference to the refusal. @throws AppError `forbidden` */
function requireScope(type: Type, { identity }: Connection): void {
  const scope = MESSAGE_SCOPES[type];
  if (identity.scopes.has(scope)) return;
  throw new AppError("forbidden", `'${type}' needs a token with the scope '${scope}'.`);
}

function parseMessage(type: Type, frame: Frame | undefined): ClientMessage {
  const parsed = CLIENT_MESSAGES[type].safeParse(frame);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".");
  // The reason may name an unknown field, and a client may call that anything, at any length.
  const reason = quote(issue?.message ?? "invalid");
  const problem = field ? `'${field}': ${reason}` : reason;
  const code = field === "description" ? "invalid_description" : "invalid_message";
  throw new AppError(code, `Invalid ${type} message. ${problem}`);
}

function describeType(type: unknown): string {
  if (type === undefined) return "Missing 'type'";
  // A value that is no word may be nested so deeply that putting it into text fails.
  return typeof type === "object" ? "'type' must be a string" : `Unknown type ${quote(JSON.stringify(type))}`;
}

function quote(text: string): string {
  return text.length <= MAX_QUOTE_LENGTH ? text : `${text.slice(0, MAX_QUOTE_LENGTH)}…`;
}

/** The messages that generate something, with the words for their failure. */
const GENERATIONS = {
  generate_test_case: "Failed to generate test case",
  generate_step_script: "Failed to generate the script",
} as const;

function isGeneration(type: unknown): type is keyof typeof GENERATIONS {
  return typeof type === "string" && Object.hasOwn(GENERATIONS, type);
}

/** Errors about a generation are `generation_error`, all others `execution_error`. */
function toErrorMessage(error: unknown, frame: Frame | undefined, log: Logger): ServerMessage {
  const known = asAppError(error);
  if (!known) log.error({ err: error }, "a request failed");
  const code = known?.code ?? "internal";
  const text = known?.message ?? "Internal error; the server's log has the cause";
  const retry = known?.retryAfterMs === undefined ? {} : { retry_after_ms: known.retryAfterMs };
  const type = frame?.["type"];
  if (isGeneration(type)) {
    const message = `${GENERATIONS[type]}: ${text}`;
    return { type: "generation_error", success: false, error: message, code, ...retry };
  }
  const caseId = positiveInteger(frame?.["test_case_id"]);
  const runId = shortText(frame?.["run_id"]);
  return {
    type: "execution_error",
    error: text,
    code,
    ...retry,
    step_id: positiveInteger(frame?.["step_id"]) ?? null,
    ...(caseId !== undefined && { test_case_id: caseId }),
    ...(runId !== undefined && { run_id: runId }),
  };
}

/** The subject of a message that was refused, as far as it names one. */
function targetOf(frame: Frame | undefined): string | null {
  const runId = shortText(frame?.["run_id"]);
  if (runId !== undefined) return `run ${runId}`;
  const stepId = positiveInteger(frame?.["step_id"]);
  if (stepId !== undefined) return `test_step ${stepId}`;
  const caseId = positiveInteger(frame?.["test_case_id"]);
  return caseId === undefined ? null : `test_case ${caseId}`;
}

function positiveInteger(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function shortText(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= MAX_QUOTE_LENGTH ? value : undefined;
}
