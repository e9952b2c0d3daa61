import type { HttpDependencies } from "../dependencies.js";
import type { Routes } from "./routes.js";

/** The state of the server for Prometheus, in its own format and so not part of the OpenAPI document. */
export function metricsRoutes(app: Routes, { metrics }: HttpDependencies): void {
  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) => {
    if (metrics === undefined) {
      const remedy = "This server keeps no metrics. METRICS=true makes it do so.\n";
      return await reply.code(404).type("text/plain; charset=utf-8").send(remedy);
    }
    return await reply.type(metrics.contentType).send(await metrics.text());
  });
}
