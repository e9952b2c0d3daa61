import { connectionTo } from "../../support/raw-database.js";
import { withConnection } from "./scale-bench.js";

/** Events of each stored run. */
export const EVENTS_A_RUN = 50;

/** The time of the first run, in seconds since 1970; each further one began a second later. */
const FIRST = 1_767_225_600;

/** The columns that both kinds of database fill in the same way, over the number `i` of a run. */
const KIND = "CASE WHEN i % 2 = 0 THEN 'step' ELSE 'case' END";
const STEP = "CASE WHEN i % 2 = 0 THEN 1 END";
const STATUS = "CASE WHEN i % 7 = 0 THEN 'failed' ELSE 'passed' END";
const PRINCIPAL = "CASE WHEN i % 3 = 0 THEN 'ada' ELSE 'ben' END";

/** Stores runs of the first case, and of its step, with their events as a server writes them. @param count of the runs */
export async function storeHistory(databaseUrl: string, count: number): Promise<void> {
  if (databaseUrl.startsWith("file:")) await storeEmbedded(databaseUrl.slice("file:".length), count);
  else await storeInPostgres(databaseUrl, count);
}

/** The id of the newest of so many runs. */
export function lastRun(count: number): string {
  return `run-${String(count - 1).padStart(6, "0")}`;
}

async function storeEmbedded(file: string, count: number): Promise<void> {
  await connectionTo(file, async (connection) => {
    await connection.execute(`
      INSERT INTO runs (id, kind, test_case_id, test_step_id, status, on_failure, principal, attempts, flaky,
        created_at, started_at, finished_at)
      WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1}),
        times (i, at) AS (SELECT i, strftime('%Y-%m-%dT%H:%M:%f+00:00', ${FIRST} + i, 'unixepoch') FROM n)
      SELECT printf('run-%06d', i), ${KIND}, 1, ${STEP}, ${STATUS}, 'stop', ${PRINCIPAL}, 1, i % 100 = 0, at, at, at
      FROM times`);
    await connection.execute(`
      INSERT INTO run_events (run_id, seq, ts, type, payload)
      WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < ${EVENTS_A_RUN})
      SELECT id, seq, created_at, 'progress', json_object('type', 'progress', 'step_id', 1, 'step', seq,
        'total', ${EVENTS_A_RUN}, 'action', 'click', 'message', 'Click button ' || seq || ' of the order',
        'run_id', id, 'seq', seq, 'ts', replace(created_at, '+00:00', 'Z'))
      FROM runs, n`);
  });
}

async function storeInPostgres(databaseUrl: string, count: number): Promise<void> {
  await withConnection(databaseUrl, async (client) => {
    await client.query(`
      INSERT INTO runs (id, kind, test_case_id, test_step_id, status, on_failure, principal, attempts, flaky,
        created_at, started_at, finished_at)
      SELECT 'run-' || lpad(i::text, 6, '0'), (${KIND})::"RunKind", 1, ${STEP}, (${STATUS})::"RunStatus", 'stop',
        ${PRINCIPAL}, 1, i % 100 = 0, at, at, at
      FROM generate_series(0, ${count - 1}) AS n (i),
        LATERAL (SELECT to_timestamp(${FIRST} + i) AT TIME ZONE 'UTC' AS at) AS times`);
    await client.query(`
      INSERT INTO run_events (run_id, seq, ts, type, payload)
      SELECT id, seq, created_at, 'progress', json_build_object('type', 'progress', 'step_id', 1, 'step', seq,
        'total', ${EVENTS_A_RUN}, 'action', 'click', 'message', 'Click button ' || seq || ' of the order',
        'run_id', id, 'seq', seq, 'ts', to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      FROM runs, generate_series(1, ${EVENTS_A_RUN}) AS n (seq)`);
    // As a database has it that grew little by little.
    await client.query("VACUUM (ANALYZE)");
  });
}
