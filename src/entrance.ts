import cors from "@fastify/cors";
import websocket, { type WebsocketPluginOptions } from "@fastify/websocket";
import fastify, { type FastifyInstance } from "fastify";
import type { AuditLog, Login, WatchCredentials } from "./auth/ports.js";
import { limitOf, type Config } from "./config.js";
import type { Logger } from "pino";
import type { Admission } from "./connection/admission.js";
import { chooseSubprotocol, COMPRESSION, NamedCloseWebSocket, toSocket } from "./connection/ws-socket.js";
import { isLoopback } from "./hosts/addresses.js";
import { refusePath, refuseTunnel, refuseUnparsable } from "./http/bad-requests.js";
import { trustProxyOf } from "./http/client-address.js";
import { credentialsOf, hasTokenInUrl } from "./http/credentials.js";
import { registerGuard } from "./http/guard.js";
import { guardOrigins, logOnce } from "./http/origins.js";
import { limitRequests } from "./http/rate-limit.js";
import type { Counter } from "./limits/ports.js";
import type { MetricsToken } from "./http/metrics-token.js";
import type { SignedUrls } from "./http/signed-urls.js";
import { addSecurityHeaders } from "./http/security-headers.js";
import type { Traces } from "./tracing/ports.js";
import { traceRequests } from "./http/traced-requests.js";
import { MAX_FRAME_BYTES } from "./protocol/limits.js";

type SocketClass = NonNullable<NonNullable<WebsocketPluginOptions["options"]>["WebSocket"]>;

/** The checks before a request's route, and before a connection's first message. */
interface Entrance {
  admission: Admission;
  login: Login;
  watch: WatchCredentials;
  audit: AuditLog;
  signedUrls: SignedUrls;
  metricsToken: MetricsToken;
  /** Counts the requests of everybody. */
  requests: Counter;
  /** @defaultValue nobody follows */
  traces?: Traces | undefined;
  log: Logger;
}

/** Makes the HTTP server with everything that decides who comes in; its routes are added later. */
export async function createServer(
  config: Config,
  { admission, requests, traces, log, ...guard }: Entrance,
): Promise<FastifyInstance> {
  const server = fastify({
    forceCloseConnections: true,
    trustProxy: trustProxyOf(config.TRUST_PROXY ?? []),
    frameworkErrors: refusePath,
    clientErrorHandler: refuseUnparsable,
  });
  server.server.on("connect", refuseTunnel);
  if (traces) traceRequests(server, traces);
  await addSecurityHeaders(server);
  guardOrigins(server, {
    allowedOrigins: [
      ...config.ALLOWED_ORIGINS,
      ...(config.PUBLIC_URL === undefined ? [] : [config.PUBLIC_URL]),
    ],
    loopbackOnly: isLoopback(config.HOST),
    onRefused: logOnce(log),
  });
  // The guard above decides which origins may ask; the requests that it lets through may read the answer.
  await server.register(cors, { origin: true, methods: ["GET", "POST", "PUT", "PATCH", "DELETE"] });
  // The guard comes after that, so that a page may read why it was refused.
  await registerGuard(server, guard);
  await limitRequests(server, { perMinute: limitOf(config.HTTP_REQUESTS_PER_MINUTE), counter: requests });
  if (config.ROLE !== "worker") await acceptSockets(server, admission);
  return server;
}

/** Lets clients connect through a WebSocket. */
async function acceptSockets(server: FastifyInstance, admission: Admission): Promise<void> {
  const options = {
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: COMPRESSION,
    handleProtocols: chooseSubprotocol,
    // The types ask for the whole `ws` module here; a class of sockets is what `ws` itself takes.
    WebSocket: NamedCloseWebSocket as unknown as SocketClass,
  };
  // By then the connection manager has said goodbye to every client; the plugin's own way waits for answers.
  const preClose = (done: () => void) => {
    for (const client of server.websocketServer.clients) client.terminate();
    done();
  };
  await server.register(websocket, { options, preClose });
  // Node lets go of a socket that asks for an upgrade; one that got an ordinary answer is nobody's otherwise.
  server.addHook("onResponse", (request, _reply, done) => {
    if (request.headers.upgrade !== undefined) request.raw.socket.destroySoon();
    done();
  });
  server.get("/ws/execute-step", { websocket: true }, (socket, request) => {
    // Fastify's own parser of queries always gives an object.
    const { screenshots } = request.query as { screenshots?: unknown };
    const visitor = { ...credentialsOf(request), hasTokenInUrl: hasTokenInUrl(request), screenshots };
    void admission.admit(toSocket(socket, request.raw.socket), visitor);
  });
}
