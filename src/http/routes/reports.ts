import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { eventBatches } from "../../cases/run-events.js";
import type { StoredRun, StoredTestCase } from "../../cases/ports.js";
import { Report, type ReportFormat } from "../../protocol/report.js";
import { reportOfRuns, toReportRun } from "../../reports/report.js";
import { reportOf } from "../../reports/run-report.js";
import { readArtifact } from "../artifact-files.js";
import type { HttpDependencies } from "../dependencies.js";
import { ReportQuery, ReportsQuery } from "../report-schemas.js";
import * as schemas from "../schemas.js";
import { runFilterOf, runWithId } from "../stored-runs.js";
import { sendStream, type Routes } from "./routes.js";

const tags = ["Runs"];

const text = z.string();
const REPORT = {
  200: {
    description: "The report. Its HTML holds pictures, but no videos and page sources.",
    content: {
      "application/json": { schema: Report },
      "application/xml": { schema: text },
      "text/html": { schema: text },
      "text/markdown": { schema: text },
    },
  },
  "4xx": schemas.ErrorAnswer,
  "5xx": schemas.ErrorAnswer,
};

const MEDIA_TYPES: Record<ReportFormat, string> = {
  json: "application/json",
  junit: "application/xml",
  html: "text/html",
  github: "text/markdown",
};

const FILE_NAMES: Record<ReportFormat, string> = {
  json: "report.json",
  junit: "junit.xml",
  html: "report.html",
  github: "summary.md",
};

type ReportDependencies = Pick<HttpDependencies, "cases" | "runs" | "artifacts">;

export function reportRoutes(app: Routes, { cases, runs, artifacts }: ReportDependencies): void {
  app.get(
    "/api/runs/:id/report",
    {
      schema: {
        tags,
        summary: "Report on a run, also while it is under way",
        params: schemas.StringIdParams,
        querystring: ReportQuery,
        response: REPORT,
      },
    },
    async ({ params: { id }, query: { format } }, reply) =>
      await send(reply, format, [await runWithId(runs, id)]),
  );

  app.get(
    "/api/reports",
    {
      schema: {
        tags,
        summary: "Report on many runs: those that are named, or the newest that are found",
        querystring: ReportsQuery,
        response: REPORT,
      },
    },
    async ({ query: { format, runs: ids, test_case_id: testCaseId, limit, ...query } }, reply) => {
      if (ids !== undefined) {
        return await send(reply, format, await Promise.all(ids.map((id) => runWithId(runs, id))));
      }
      const filter = { testCaseId, ...runFilterOf(query) };
      return await send(reply, format, await runs.listRuns(filter, { limit, before: undefined }));
    },
  );

  async function send(reply: FastifyReply, format: ReportFormat, stored: readonly StoredRun[]) {
    const report = await reportOn(stored);
    reply
      .type(`${MEDIA_TYPES[format]}; charset=utf-8`)
      // A page of this server's own origin would be within reach of its session.
      .header("Content-Disposition", `attachment; filename="${FILE_NAMES[format]}"`)
      .header("X-Content-Type-Options", "nosniff");
    return sendStream(reply, Readable.from(piecesOf(report, format)));
  }

  async function reportOn(stored: readonly StoredRun[]): Promise<Report> {
    const reported = [];
    const known = new Map<number, StoredTestCase>();
    for (const run of stored) {
      // A generation tries commands out, and is no test.
      if (run.testCaseId === null || run.kind === "generation") continue;
      const testCase = known.get(run.testCaseId) ?? (await cases.read(run.testCaseId));
      known.set(testCase.id, testCase);
      reported.push(toReportRun(await reportOf(run, testCase, eventBatches(runs, run.id, 0))));
    }
    return reportOfRuns(reported, new Date());
  }

  async function* piecesOf(report: Report, format: ReportFormat): AsyncGenerator<string> {
    if (format === "json") yield JSON.stringify(report);
    if (format === "junit") yield (await import("../../reports/junit.js")).junitOf(report);
    if (format === "github") yield (await import("../../reports/github.js")).markdownOf(report);
    if (format === "html") {
      const { htmlReportOf } = await import("../../reports/html/html-report.js");
      // Its links would lead nowhere from a disk.
      yield* htmlReportOf(report, { read: (url) => readArtifact(artifacts, url), linkOf: () => undefined });
    }
  }
}
