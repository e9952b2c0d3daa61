import { Readable } from "node:stream";
import { z } from "zod";
import type { RunReader, StoredRun } from "../../cases/ports.js";
import { AppError } from "../../protocol/errors.js";
import { RunEvent } from "../../protocol/messages.js";
import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { eventBatches } from "../../cases/run-events.js";
import { ArtifactPlaces } from "../../reports/artifact-places.js";
import { reportOf, type RunReport } from "../../reports/run-report.js";
import { runDetailsToWire, type KnownRun } from "../run-wire.js";
import { runWithId } from "../stored-runs.js";
import { artifactToWire } from "../wire.js";
import { answers, sendStream, type Routes } from "./routes.js";
import { sendRunEvents, wantsEventStream } from "./run-events.js";

const tags = ["Runs"];

export function runRoutes(app: Routes, { cases, runs, feed, artifacts }: HttpDependencies): void {
  app.get(
    "/api/runs/:id",
    {
      schema: {
        tags,
        summary: "Read a run with its steps, their verdicts, and what was kept of each command",
        params: schemas.StringIdParams,
        response: answers(200, schemas.RunDetails),
      },
    },
    async ({ params: { id } }) => runDetailsToWire(await knownRun(await runWithId(runs, id))),
  );

  app.get(
    "/api/runs/:id/events",
    {
      schema: {
        tags,
        summary: "Read the events of a run, one JSON object a line, or as they happen",
        description:
          "With `Accept: text/event-stream` the same events come as server-sent events, until the run is over: those stored after `Last-Event-ID` or `after_seq`, then those to come.",
        params: schemas.StringIdParams,
        querystring: schemas.EventsQuery,
        response: {
          200: {
            description:
              "One event a line, in order, up to the newest; or server-sent events with their `seq` as id.",
            content: {
              "application/x-ndjson": { schema: RunEvent },
              "text/event-stream": { schema: RunEvent },
            },
          },
          204: {
            description: "As server-sent events: the run is over, and the client has all its events.",
            content: { "text/event-stream": { schema: z.null() } },
          },
          "4xx": schemas.ErrorAnswer,
          "5xx": schemas.ErrorAnswer,
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { after_seq: afterSeq } = request.query;
      const run = await runWithId(runs, id);
      if (wantsEventStream(request))
        return await sendRunEvents(request, reply, { run, afterSeq, runs, feed });
      return sendStream(reply.type("application/x-ndjson"), Readable.from(jsonLines(runs, id, afterSeq)));
    },
  );

  app.get(
    "/api/runs/:id/artifacts",
    {
      schema: {
        tags,
        summary: "List what is kept of a run, oldest first",
        params: schemas.StringIdParams,
        response: answers(200, schemas.Artifacts),
      },
    },
    async ({ params: { id } }) => {
      const run = await runWithId(runs, id);
      return { items: (await artifacts.listArtifacts(run.id)).map(artifactToWire) };
    },
  );

  app.get(
    "/api/runs/:id/trace",
    {
      schema: {
        tags,
        summary: "Download everything that is stored of a run that has ended, as a zip",
        description:
          "The zip holds `index.html` for people, `run.json` with the run, its steps and artifacts, `events.jsonl`, `test-case.json` and `scripts` as they are now, and `artifacts` under names that say their step and command, such as `artifacts/step-2-place-the-order/03-click-screenshot.jpg`.",
        params: schemas.StringIdParams,
        response: {
          200: {
            description: "The zip.",
            content: { "application/zip": { schema: z.string().meta({ format: "binary" }) } },
          },
          "4xx": schemas.ErrorAnswer,
          "5xx": schemas.ErrorAnswer,
        },
      },
    },
    async ({ params: { id } }, reply) => {
      const run = await runWithId(runs, id);
      if (run.finishedAt === null) {
        throw new AppError("conflict", `The run ${id} is still under way. Ask again when it has ended.`);
      }
      reply
        .type("application/zip")
        .header("Content-Disposition", `attachment; filename="run-${run.id}.zip"`)
        .header("X-Content-Type-Options", "nosniff");
      const known = await knownRun(run);
      const { traceOf } = await import("../trace.js");
      const trace = traceOf({ known, events: eventBatches(runs, id, 0), artifacts });
      return sendStream(reply, Readable.from(trace));
    },
  );

  async function knownRun(run: StoredRun): Promise<KnownRun> {
    const kept = await artifacts.listArtifacts(run.id);
    const report = await reportOn(run);
    return { run, report, places: report?.places ?? new ArtifactPlaces(), artifacts: kept };
  }

  async function reportOn(run: StoredRun): Promise<RunReport | undefined> {
    // Only a generation has runs without a case.
    if (run.testCaseId === null || run.kind === "generation") return undefined;
    return await reportOf(run, await cases.read(run.testCaseId), eventBatches(runs, run.id, 0));
  }
}

async function* jsonLines(runs: RunReader, runId: string, afterSeq: number): AsyncGenerator<string> {
  for await (const events of eventBatches(runs, runId, afterSeq)) {
    yield events.map((event) => `${JSON.stringify(event)}\n`).join("");
  }
}
