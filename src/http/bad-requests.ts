import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { answerOf } from "./errors.js";
import { NOTHING_POLICY } from "./security-headers.js";

const HEADERS = {
  "Content-Type": "application/json; charset=utf-8",
  "Content-Security-Policy": NOTHING_POLICY,
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

/** The answer to each error of the parser that is not a 400. */
const PARSER_ERRORS: Record<string, [status: number, code: string, message: string] | undefined> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "request_timeout", "The request took too long to come."],
  HPE_HEADER_OVERFLOW: [431, "headers_too_large", "The headers of the request are larger than 16 KiB."],
};

/** Answers bytes that Node's parser has refused: no request ever comes of them. */
export function refuseUnparsable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const [status, code, message] = PARSER_ERRORS[error.code ?? ""] ?? [
    400,
    "invalid_request",
    "This is no valid HTTP request.",
  ];
  endWith(socket, status, answerOf(code, message));
}

/** Answers `CONNECT`, which asks a proxy for a tunnel. */
export function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  // The peer may be gone by now.
  socket.on("error", () => undefined);
  endWith(socket, 405, answerOf("method_not_allowed", "This server is no proxy."));
}

/** Answers paths that match no route because they are not written as paths are. */
export function refusePath(error: FastifyError, { raw: request }: FastifyRequest, reply: FastifyReply): void {
  // Node has let go of the socket of a request that asks for an upgrade, and no hook is called for this one.
  if (request.headers.upgrade !== undefined) {
    reply.raw.once("finish", () => {
      request.socket.destroySoon();
    });
  }
  const isTooLong = error.code === "FST_ERR_MAX_PARAM_LENGTH";
  const answer = isTooLong
    ? answerOf("not_found", "A part of the path is longer than any id.")
    : answerOf("invalid_request", "The path is not well-formed: %XX has to stand for UTF-8.");
  void reply
    .code(isTooLong ? 404 : 400)
    .headers(HEADERS)
    .send(answer);
}

function endWith(socket: Duplex, status: number, answer: object): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(answer);
  const headers = { ...HEADERS, "Content-Length": Buffer.byteLength(body), Connection: "close" };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", body].join("\r\n"), () => {
    socket.destroy();
  });
}
