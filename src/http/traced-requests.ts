import type { FastifyInstance, FastifyRequest } from "fastify";
import type { RequestTrace, Traces } from "../tracing/ports.js";

/** Routes that are asked every few seconds and tell nothing, and the one of sockets, whose messages have traces of their own. */
const UNTRACED_ROUTES = new Set(["/healthz", "/readyz", "/metrics", "/ws/execute-step"]);

/** Follows each request from its first hook to its answer. A request for no route at all is not followed. */
export function traceRequests(server: FastifyInstance, traces: Pick<Traces, "request">): void {
  const underWay = new WeakMap<FastifyRequest, RequestTrace>();
  server.addHook("onRequest", (request, _reply, done) => {
    const { method, headers } = request;
    const { url: route } = request.routeOptions;
    if (route === undefined || UNTRACED_ROUTES.has(route)) {
      done();
      return;
    }
    const trace = traces.request({ method, route, headers });
    underWay.set(request, trace);
    trace.within(done);
  });
  server.addHook("onResponse", (request, reply, done) => {
    underWay.get(request)?.end(reply.statusCode);
    done();
  });
}
