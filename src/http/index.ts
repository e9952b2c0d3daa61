import fastify, { type FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { errorHandler, notFoundHandler } from "./errors.js";
import { documentAccess, registerOpenApi } from "./openapi.js";
import type { HttpDependencies } from "./dependencies.js";
import { pageRoutes } from "./pages/index.js";
import { aiUsageRoutes } from "./routes/ai-usage.js";
import { artifactRoutes } from "./routes/artifacts.js";
import { baselineRoutes } from "./routes/baselines.js";
import { asyncApiRoutes } from "./routes/asyncapi.js";
import { auditRoutes } from "./routes/audit.js";
import { environmentRoutes } from "./routes/environments.js";
import { caseFileSchemaRoutes } from "./routes/case-file-schema.js";
import { fileRoutes } from "./routes/files.js";
import { generationRoutes } from "./routes/generation.js";
import { healthRoutes } from "./routes/health.js";
import { metricsRoutes } from "./routes/metrics.js";
import type { Routes } from "./routes/routes.js";
import { reportRoutes } from "./routes/reports.js";
import { runControlRoutes } from "./routes/run-control.js";
import { runListRoutes } from "./routes/run-lists.js";
import { runHistoryRoutes } from "./routes/run-history.js";
import { runRoutes } from "./routes/runs.js";
import { scheduleRoutes } from "./routes/schedules.js";
import { sessionRoutes } from "./routes/session.js";
import { statsRoutes } from "./routes/stats.js";
import { testCaseRoutes } from "./routes/test-cases.js";
import { testStepRoutes } from "./routes/test-steps.js";
import { tokenRoutes } from "./routes/tokens.js";
import { webhookRoutes } from "./routes/webhooks.js";

/** Largest body of a request, in bytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Adds the REST interface, health checks and their documentation to a server. Every error of the server, also that
 * of an unknown path, gets the one shape; the rest stays in a scope of its own.
 */
export async function registerHttp(app: FastifyInstance, dependencies: HttpDependencies): Promise<void> {
  app.setErrorHandler(errorHandler(dependencies.log));
  app.setNotFoundHandler(notFoundHandler);
  await app.register(async (instance) => {
    const scope: Routes = instance.withTypeProvider<ZodTypeProvider>();
    scope.setValidatorCompiler(validatorCompiler);
    scope.setSerializerCompiler(serializerCompiler);
    scope.addHook("onRoute", (route) => {
      route.bodyLimit ??= MAX_BODY_BYTES;
      documentAccess(route);
    });
    acceptEmptyJson(scope);

    if (dependencies.isWorker) {
      healthRoutes(scope, dependencies);
      metricsRoutes(scope, dependencies);
      return;
    }
    await registerOpenApi(scope);
    await scope.register(async (pages) => {
      pageRoutes(pages.withTypeProvider<ZodTypeProvider>(), dependencies);
    });
    testCaseRoutes(scope, dependencies);
    testStepRoutes(scope, dependencies);
    environmentRoutes(scope, dependencies);
    caseFileSchemaRoutes(scope);
    await scope.register(async (files) => {
      fileRoutes(files.withTypeProvider<ZodTypeProvider>(), dependencies);
    });
    generationRoutes(scope, dependencies);
    runListRoutes(scope, dependencies);
    runControlRoutes(scope, dependencies);
    scheduleRoutes(scope, dependencies);
    runRoutes(scope, dependencies);
    runHistoryRoutes(scope, dependencies);
    reportRoutes(scope, dependencies);
    artifactRoutes(scope, dependencies);
    baselineRoutes(scope, dependencies);
    statsRoutes(scope, dependencies);
    aiUsageRoutes(scope, dependencies);
    healthRoutes(scope, dependencies);
    metricsRoutes(scope, dependencies);
    asyncApiRoutes(scope);
    sessionRoutes(scope, dependencies);
    tokenRoutes(scope, dependencies);
    auditRoutes(scope, dependencies);
    webhookRoutes(scope, dependencies);
  });
}

/** The OpenAPI document of {@link registerHttp}, made without a database or a port. */
export async function buildOpenApi(): Promise<unknown> {
  const app = fastify();
  // Routes take their dependencies apart when they are added, but use none before a request comes.
  await registerHttp(app, {} as HttpDependencies);
  const response = await app.inject("/openapi.json");
  await app.close();
  return response.json<unknown>();
}

/**
 * Frontends send `Content-Type: application/json` with every POST, also where there is nothing to send.
 * Fastify refuses that; here it is a request without a body.
 */
function acceptEmptyJson(app: Routes): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void parse(request, body.toString(), done);
  });
}
