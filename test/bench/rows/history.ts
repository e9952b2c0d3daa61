import { restServer, type RestServer } from "../../support/rest-server.js";
import { connectionTo } from "../../support/raw-database.js";
import type { Bench } from "../bench.js";
import { progress } from "../progress.js";
import { median } from "../statistics.js";
import { atMost, type Row } from "../table.js";

const LIMIT_MS = 100;
const LIMIT_RATIO = 1.3;

const RUNS = 100_000;
/** As many as fill a page of either kind: an answer without runs would be compared with one that has fifty. */
const FEW = 102;
/** Requests of each kind to each server; the median counts. */
const REQUESTS = 40;

/** The requests of a person who looks for runs, and of a page that shows them. */
const QUERIES: Record<string, string> = {
  list: "/api/runs",
  "list from the middle": "/api/runs?until=2026-01-01T00:00:20.000Z",
  "of one case": "/api/runs?test_case_id=1",
  "of one step": "/api/runs?test_step_id=1",
  failed: "/api/runs?status=failed",
  flaky: "/api/runs?flaky=true",
  "of one person": "/api/runs?principal=ada",
  "of one person, failed": "/api/runs?principal=ada&status=failed",
  "of a person who has none": "/api/runs?principal=nobody",
  "none of two filters": "/api/runs?status=error&kind=generation",
  "history of a case": "/api/test-cases/1/history",
  "history of a step": "/api/test-cases/1/history?test_step_id=1",
  "page of a case": "/test-case/1",
};

/** Cost of 100,000 stored runs to those who list, filter and look back, against a database with a page of them. */
export async function measureHistory({ teardown }: Bench): Promise<Row[]> {
  const [many, few] = [await restServer(), await restServer()];
  teardown.defer(() => many.close());
  teardown.defer(() => few.close());
  progress(`history: storing ${RUNS} runs`);
  await seed(many, RUNS, MIXED);
  await seed(few, FEW, ALIKE);
  const rows: Row[] = [];
  for (const [what, url] of Object.entries(QUERIES)) {
    progress(`history: ${what}`);
    const { ours, base } = await timesOf(url, { ours: many, base: few });
    const row = { name: "history" as const, unit: "", digits: 1 };
    const note = `${median(ours).toFixed(1)} ms, ${median(base).toFixed(1)} ms with ${FEW} runs`;
    rows.push(
      atMost(LIMIT_MS, { ...row, what: `${what}, ${RUNS} runs stored`, value: median(ours), unit: " ms" }),
      atMost(LIMIT_RATIO, {
        ...row,
        what: `${what}, ratio`,
        value: median(ours) / median(base),
        digits: 2,
        note,
      }),
    );
  }
  return rows;
}

type Sides<T> = Record<"ours" | "base", T>;

/** The times of requests to both servers by turns, in milliseconds. */
async function timesOf(url: string, servers: Sides<RestServer>): Promise<Sides<number[]>> {
  const times: Sides<number[]> = { ours: [], base: [] };
  for (let request = 0; request <= REQUESTS; request++) {
    for (const side of ["ours", "base"] as const) {
      const began = performance.now();
      const { status, text } = await servers[side].request("GET", url);
      if (status !== 200) throw new Error(`${url} was answered with ${status}: ${text}`);
      // The first request of each kind warms up.
      if (request > 0) times[side].push(performance.now() - began);
    }
  }
  return times;
}

/** The columns of the runs that a database is filled with, as SQL over their number `i`. */
interface Columns {
  kind: string;
  status: string;
  principal: string;
  flaky: string;
}

/** Every second run one of a step, every seventh failed, every hundredth flaky, of two people. */
const MIXED: Columns = {
  kind: "CASE WHEN i % 2 = 0 THEN 'step' ELSE 'case' END",
  status: "CASE WHEN i % 7 = 0 THEN 'failed' ELSE 'passed' END",
  principal: "CASE WHEN i % 3 = 0 THEN 'ada' ELSE 'ben' END",
  flaky: "i % 100 = 0",
};

/** Runs that every filter finds. */
const ALIKE: Columns = { kind: MIXED.kind, status: "'failed'", principal: "'ada'", flaky: "1" };

/** Stores runs of one case, a millisecond apart. */
async function seed({ request, scratch }: RestServer, count: number, columns: Columns): Promise<void> {
  const { kind, status, principal, flaky } = columns;
  const steps = [{ description: "A" }, { description: "B" }];
  await request("POST", "/api/test-cases", { name: "Case", steps });
  await connectionTo(scratch.url.slice("file:".length), (connection) =>
    connection.execute(`
      INSERT INTO runs (id, kind, test_case_id, test_step_id, status, on_failure, principal, attempts, flaky,
        created_at, started_at, finished_at)
      WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1}),
        times (i, at) AS (SELECT i, strftime('%Y-%m-%dT%H:%M:%f+00:00', 1767225600 + i / 1000.0, 'unixepoch') FROM n)
      SELECT printf('run-%06d', i), ${kind}, 1, CASE WHEN ${kind} = 'step' THEN 1 END, ${status}, 'stop',
        ${principal}, 1, ${flaky}, at, at, at
      FROM times`),
  );
}
