import type { FastifyBaseLogger, FastifyInstance, FastifyReply, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import type { z } from "zod";
import { ErrorAnswer } from "../schemas.js";

/** The Fastify scope that routes are added to: with zod schemas and the one shape of errors. */
export type Routes = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** The answers of a route that may also answer with an error. */
export function answers<S extends z.ZodType, Status extends number>(
  status: Status,
  schema: S,
): Record<Status, S> & { "4xx": typeof ErrorAnswer; "5xx": typeof ErrorAnswer } {
  const success = { [status]: schema };
  // The cast holds because a computed key of a literal type is that key; TypeScript widens it to `string`.
  return { ...success, "4xx": ErrorAnswer, "5xx": ErrorAnswer } as Record<Status, S> & {
    "4xx": typeof ErrorAnswer;
    "5xx": typeof ErrorAnswer;
  };
}

/**
 * Aborted when the client goes away before its answer. Not `request.signal`: that one is aborted as soon as the
 * body has been read, because Node then closes the incoming message.
 */
export function disconnected(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) controller.abort(new Error("The client went away."));
  });
  return controller.signal;
}

/** Answers with a stream. Fastify's types know only the value that the stream's schema describes. */
export function sendStream<Reply extends { send(payload: never): Reply }>(
  reply: Reply,
  stream: Readable,
): Reply {
  return reply.send(stream as never);
}
