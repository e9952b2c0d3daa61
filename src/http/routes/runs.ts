import { Readable } from "node:stream";
import { AppError } from "../../protocol/errors.js";
import { RunEvent } from "../../protocol/messages.js";
import type { HttpDependencies, RunReader, StoredRun } from "../ports.js";
import * as schemas from "../schemas.js";
import { runToWire } from "../wire.js";
import { answers, sendStream, type Routes } from "./routes.js";

const tags = ["Runs"];

/** Events read at once: a screenshot may be in each, and a large read blocks the event loop. */
const BATCH = 50;

export function runRoutes(app: Routes, { runs }: HttpDependencies): void {
  app.get(
    "/api/runs/:id",
    {
      schema: {
        tags,
        summary: "Read a run",
        params: schemas.StringIdParams,
        response: answers(200, schemas.Run),
      },
    },
    async ({ params: { id } }) => runToWire(await runWithId(id)),
  );

  app.get(
    "/api/runs/:id/events",
    {
      schema: {
        tags,
        summary: "Read the events of a run, one JSON object a line",
        params: schemas.StringIdParams,
        querystring: schemas.EventsQuery,
        response: {
          200: {
            description: "One event a line, in order, up to the newest.",
            content: { "application/x-ndjson": { schema: RunEvent } },
          },
          "4xx": schemas.ErrorAnswer,
          "5xx": schemas.ErrorAnswer,
        },
      },
    },
    async ({ params: { id }, query: { after_seq: afterSeq } }, reply) => {
      await runWithId(id);
      return sendStream(reply.type("application/x-ndjson"), Readable.from(jsonLines(runs, id, afterSeq)));
    },
  );

  async function runWithId(id: string): Promise<StoredRun> {
    const run = await runs.findRun(id);
    if (run !== undefined) return run;
    throw new AppError("run_not_found", `There is no run with id ${id}.`);
  }
}

async function* jsonLines(runs: RunReader, runId: string, afterSeq: number): AsyncGenerator<string> {
  for (let seq = afterSeq; ;) {
    const events = await runs.findEvents(runId, { afterSeq: seq, limit: BATCH });
    yield events.map((event) => `${JSON.stringify(event)}\n`).join("");
    const last = events.at(-1);
    if (last === undefined || events.length < BATCH) return;
    seq = last.seq;
  }
}
