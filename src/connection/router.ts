import type { Logger } from "pino";
import { AppError } from "../protocol/errors.js";
import {
  CLIENT_MESSAGES,
  RequestId,
  type ClientMessage,
  type RunEvent,
  type ServerMessage,
} from "../protocol/messages.js";
import type { Connection } from "./connection.js";

/** What a handler needs to answer one request. */
export interface RequestContext {
  requestId: string | undefined;
  /** Sends a message to the client that made the request, with the request's id. */
  reply: (message: ServerMessage) => void;
  /** Sends an event of a run, which knows the id of its request already. */
  sendEvent: (event: RunEvent) => void;
  /** Aborted when the client has gone. */
  disconnected: AbortSignal;
  log: Logger;
}

export type Handlers = {
  [T in ClientMessage["type"]]: (
    message: Extract<ClientMessage, { type: T }>,
    context: RequestContext,
  ) => Promise<void>;
};

/** Takes frames apart and hands each message to its handler. Every error is answered here, and only here. */
export class Router {
  readonly #handlers: Handlers;

  constructor(handlers: Handlers) {
    this.#handlers = handlers;
  }

  /** Never rejects: whatever goes wrong becomes one answer, and the connection stays open. */
  async route(text: string, connection: Connection): Promise<void> {
    const frame = parseFrame(text);
    const requestId = frame && RequestId.safeParse(frame["request_id"]).data;
    const reply = (message: ServerMessage) => {
      connection.send(requestId === undefined ? message : { ...message, request_id: requestId });
    };
    try {
      const message = parseMessage(frame);
      const context: RequestContext = {
        requestId,
        reply,
        sendEvent: (event) => {
          connection.send(event);
        },
        disconnected: connection.closed,
        log: requestId === undefined ? connection.log : connection.log.child({ requestId }),
      };
      await this.#handle(message, context);
    } catch (error) {
      reply(toErrorMessage(error, frame, connection.log));
    }
  }

  #handle(message: ClientMessage, context: RequestContext): Promise<void> {
    // Safe: the message's type chose the handler; TypeScript cannot follow that through an index.
    const handler = this.#handlers[message.type] as (
      message: ClientMessage,
      context: RequestContext,
    ) => Promise<void>;
    return handler(message, context);
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

function parseMessage(frame: Frame | undefined): ClientMessage {
  if (frame === undefined) {
    throw new AppError(
      "invalid_json",
      `Each frame must be one JSON object, such as {"type":"execute_step","step_id":5}.`,
    );
  }
  const { type } = frame;
  if (typeof type !== "string" || !Object.hasOwn(CLIENT_MESSAGES, type)) {
    const known = Object.keys(CLIENT_MESSAGES).join(", ");
    const given = type === undefined ? "Missing 'type'" : `Unknown type ${JSON.stringify(type)}`;
    throw new AppError("unknown_type", `${given}. Known types: ${known}`);
  }
  const parsed = CLIENT_MESSAGES[type as ClientMessage["type"]].safeParse(frame);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".");
  const problem = field ? `'${field}': ${issue?.message ?? "invalid"}` : (issue?.message ?? "invalid");
  const code = field === "description" ? "invalid_description" : "invalid_message";
  throw new AppError(code, `Invalid ${type} message. ${problem}`);
}

/** Errors about a generation are `generation_error`, all others `execution_error`. */
function toErrorMessage(error: unknown, frame: Frame | undefined, log: Logger): ServerMessage {
  const known = error instanceof AppError;
  if (!known) log.error({ err: error }, "a request failed");
  const code = known ? error.code : "internal";
  const text = known ? error.message : "Internal error; the server's log has the cause";
  if (frame?.["type"] === "generate_test_case") {
    return { type: "generation_error", success: false, error: `Failed to generate test case: ${text}`, code };
  }
  const caseId = positiveInteger(frame?.["test_case_id"]);
  return {
    type: "execution_error",
    error: text,
    code,
    step_id: positiveInteger(frame?.["step_id"]) ?? null,
    ...(caseId !== undefined && { test_case_id: caseId }),
  };
}

function positiveInteger(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
