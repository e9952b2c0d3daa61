import type { FastifyError, FastifyReply } from "fastify";
import { AppError } from "../../protocol/errors.js";
import { generationReportOf } from "../../reports/generation-report.js";
import { reportOf } from "../../reports/run-report.js";
import { beginSession } from "../begin-session.js";
import type { HttpDependencies } from "../dependencies.js";
import { translate } from "../errors.js";
import * as schemas from "../schemas.js";
import { PAGE_POLICY } from "../security-headers.js";
import { serverAddress } from "../origins.js";
import { ALL_KEPT, historyOf } from "../../cases/history.js";
import { eventBatches } from "../../cases/run-events.js";
import { comparedRuns } from "../compared-runs.js";
import { runWithId } from "../stored-runs.js";
import type { Routes } from "../routes/routes.js";
import { casePage, casesPage } from "./case-pages.js";
import { generationPage } from "./generation-page.js";
import { comparisonPage } from "./comparison-page.js";
import { documentOf, type Page } from "./layout.js";
import { errorPage, loginPage } from "./login-page.js";
import { runPage } from "./run-page.js";
import { STYLE } from "./style.js";

/** Cases on a page, and runs of a case. */
const CASES = 50;
const RUNS = 20;

/** The pages to which somebody goes on after the login. */
const NEXT = /^\/(?:test-case\/\d{1,15}|runs\/[\w-]{1,64}(?:\/comparison)?)?$/;

type PageDependencies = Pick<
  HttpDependencies,
  "cases" | "runs" | "keptRuns" | "publicUrl" | "login" | "sessions" | "describeCommand" | "log"
>;

/** Pages for people: the test cases, one of them, and a run. They are made here and need no script in the browser. */
export function pageRoutes(
  app: Routes,
  { cases, runs, keptRuns = ALL_KEPT, login, sessions, publicUrl, describeCommand, log }: PageDependencies,
): void {
  app.setErrorHandler(async (error: FastifyError | Error, request, reply) => {
    const { status, answer } = translate(error);
    const [path = ""] = request.url.split("?");
    if (status >= 500) log.error({ err: error, method: request.method, url: path }, "a page failed");
    if (status === 401) return await askToLogIn(reply, loginPage(NEXT.test(path) ? path : "/"));
    const title = status === 404 ? "Not found" : "That did not work";
    return await send(reply.code(status), errorPage(title, answer.error.message));
  });

  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body.toString())));
    },
  );

  app.get("/", { schema: { hide: true, querystring: schemas.CasesPageQuery } }, async (request, reply) => {
    const { items, next } = await cases.list({ limit: CASES, before: request.query.before });
    return await send(reply, casesPage(items, { next, address: publicUrl ?? serverAddress(request) }));
  });

  app.get(
    "/test-case/:id",
    { schema: { hide: true, params: schemas.TestCaseParams } },
    async (request, reply) => {
      const { id } = request.params;
      const testCase = await cases.read(id);
      const [recent, history] = await Promise.all([
        runs.listRuns({ testCaseId: id }, { limit: RUNS, before: undefined }),
        historyOf(runs, { testCaseId: id }),
      ]);
      const address = publicUrl ?? serverAddress(request);
      return await send(
        reply,
        casePage(testCase, { runs: recent, history, kept: keptRuns, describe: describeCommand, address }),
      );
    },
  );

  app.get(
    "/runs/:id",
    { schema: { hide: true, params: schemas.StringIdParams } },
    async ({ params: { id } }, reply) => {
      const run = await runWithId(runs, id);
      const events = eventBatches(runs, id, 0);
      // Only a generation has runs without a case.
      if (run.kind === "generation" || run.testCaseId === null)
        return await send(reply, generationPage(await generationReportOf(run, events)));
      const testCase = await cases.read(run.testCaseId);
      return await send(reply, runPage(await reportOf(run, testCase, events)));
    },
  );

  app.get(
    "/runs/:id/comparison",
    { schema: { hide: true, params: schemas.StringIdParams, querystring: schemas.ComparisonQuery } },
    async ({ params: { id }, query }, reply) =>
      await send(reply, comparisonPage(await comparedRuns({ id, with: query.with }, { cases, runs }))),
  );

  app.get("/pages/style.css", { schema: { hide: true } }, async (_request, reply) => {
    return reply.type("text/css; charset=utf-8").header("Cache-Control", "max-age=3600").send(STYLE);
  });

  app.post("/login", { schema: { hide: true, body: schemas.LoginForm } }, async (request, reply) => {
    const { token, next } = request.body ?? {};
    const target = next !== undefined && NEXT.test(next) ? next : "/";
    try {
      await beginSession(request, reply, { bearer: token, login, sessions });
    } catch (error) {
      if (!(error instanceof AppError && error.code === "unauthorized")) throw error;
      return await askToLogIn(reply, loginPage(target, error.message));
    }
    return await reply.redirect(target, 303);
  });
}

async function askToLogIn(reply: FastifyReply, page: Page): Promise<FastifyReply> {
  return await send(reply.code(401).header("WWW-Authenticate", "Bearer"), page);
}

async function send(reply: FastifyReply, page: Page): Promise<FastifyReply> {
  return await reply
    .type("text/html; charset=utf-8")
    .header("Content-Security-Policy", PAGE_POLICY)
    // Without a referrer, a browser would say of the login form that it comes from nowhere.
    .header("Referrer-Policy", "same-origin")
    .send(documentOf(page));
}
