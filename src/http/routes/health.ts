import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { abortable } from "../../async/abortable.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import type { Routes } from "./routes.js";

const tags = ["Health"];

/** Time that a readiness probe may take, in milliseconds. */
const READINESS_DEADLINE = 3000;

export function healthRoutes(app: Routes, { readiness, readinessDeadline, log }: HttpDependencies): void {
  app.get(
    "/healthz",
    { schema: { tags, summary: "Whether the process serves", response: { 200: schemas.Health } } },
    async () => ({ status: "ok" as const }),
  );

  app.get(
    "/readyz",
    {
      schema: {
        tags,
        summary: "Whether the server can run tests",
        response: { 200: schemas.Readiness, 503: schemas.Readiness },
      },
    },
    async (_request, reply) => {
      const deadline = readinessDeadline ?? READINESS_DEADLINE;
      const [server, database, browser, disk] = await Promise.all([
        readiness.server && check((signal) => readiness.server?.(signal), deadline),
        check((signal) => readiness.database(signal), deadline),
        check((signal) => readiness.browser(signal), deadline),
        readiness.disk && check((signal) => readiness.disk?.(signal), deadline),
      ]);
      const ready = server?.ok !== false && database.ok && browser.ok && disk?.ok !== false;
      const checks = { ...(server && { server }), database, browser, ...(disk && { disk }) };
      if (!ready) log.warn(checks, "not ready");
      return reply.code(ready ? 200 : 503).send({ status: ready ? "ok" : "unavailable", checks });
    },
  );
}

async function check(
  probe: (signal: AbortSignal) => Promise<void> | undefined,
  deadline: number,
): Promise<{ ok: boolean; message?: string }> {
  const signal = timeoutSignal(deadline, `No answer within ${deadline} ms.`);
  try {
    // A probe that ignores its signal must not hold up the answer.
    await abortable(Promise.resolve(signal).then(probe), signal);
    return { ok: true };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
