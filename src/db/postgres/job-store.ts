import type {
  Enqueued,
  JobStore,
  NewRun,
  RequestedBrowser,
  RunJob,
  TakenRun,
  TakeOptions,
  WaitingRun,
} from "../../execution/ports.js";
import type { ServerRuns, StoreEngine } from "../engine.js";
import type { Prisma } from "../generated/client.js";
import { toColumns } from "../stores/idempotency.js";
import { FIRST_LEASE, leaseFrom } from "../stores/leases.js";
import { goBeforeLower, takeTurn } from "./turns.js";

type Transaction = Prisma.TransactionClient;

/** A number of runs that nobody has. */
const NO_LIMIT = 2_147_483_647;

/** A run as its row has it, with the job that it waited by. */
interface TakenRow {
  id: string;
  kind: NewRun["kind"];
  test_case_id: number | null;
  test_step_id: number | null;
  on_failure: NewRun["onFailure"];
  request_id: string | null;
  principal: string | null;
  environment: string | null;
  browser: NonNullable<NewRun["browser"]> | null;
  browser_version: string | null;
  created_at: Date;
  lease_number: number;
  content: unknown;
}

/**
 * The queue of runs in PostgreSQL. A principal has one turn a round; a job that comes brings one of the round of the first
 * one that waits, or of the round after its principal's last one, and priorities decide which of its principal's turns a job
 * has. Taking is one statement, in which a row that another server is just taking is passed over, and which gives the run its
 * new owner.
 */
export class PostgresJobStore implements JobStore {
  readonly #engine: StoreEngine;
  readonly #server: ServerRuns;

  constructor(engine: StoreEngine, server: ServerRuns) {
    this.#engine = engine;
    this.#server = server;
  }

  async createRun({ once, ...run }: NewRun, job: RunJob): Promise<Enqueued> {
    const { owner, leases } = this.#server;
    const lease = { owner, leaseNumber: FIRST_LEASE, leaseUntil: leaseFrom(run.createdAt) };
    const runId = run.id;
    const principal = run.principal ?? "";
    try {
      await this.#engine.client.$transaction(async (transaction) => {
        const round = await takeTurn(transaction, principal);
        const { lower } = await requireRoom(transaction, { owner, principal }, job);
        await transaction.run.createMany({ data: [{ ...run, ...toColumns(once), ...lease }] });
        await insertJob(transaction, { runId, principal, job, round, owner });
        if (lower > 0) await goBeforeLower(transaction, { runId, principal, priority: job.priority });
      });
    } catch (error) {
      if (error instanceof NoRoomError) return error.fate;
      if (once !== undefined && this.#engine.isUnique(error)) return "asked_before";
      throw error;
    }
    leases.set(runId, FIRST_LEASE);
    return "queued";
  }

  async take(
    now: Date,
    { runningPerPrincipal = NO_LIMIT, onlyOwn, browsers }: TakeOptions,
  ): Promise<TakenRun | undefined> {
    const { client } = this.#engine;
    const { owner, leases } = this.#server;
    const { free = [], later = [], laterMs = 0 } = browsers ?? {};
    const [row] = await client.$queryRaw<TakenRow[]>`
      WITH busy AS (
        SELECT COALESCE(principal, '') AS principal FROM runs
        WHERE status IN ('queued', 'running') AND NOT EXISTS (SELECT 1 FROM run_jobs WHERE run_id = runs.id)
        GROUP BY 1 HAVING COUNT(*) >= ${runningPerPrincipal}::int
      ), next AS (
        SELECT run_id FROM run_jobs, LATERAL (
          SELECT COALESCE(browser::text, '') || '@' || COALESCE(browser_version, '') AS browser FROM runs WHERE id = run_id
        ) AS asked
        WHERE (only_for = ${owner} OR (only_for IS NULL AND NOT ${onlyOwn}::boolean))
          AND principal NOT IN (SELECT principal FROM busy)
          AND (${browsers === undefined}::boolean OR asked.browser = ANY (${free.map(keyOf)}::text[])
            OR (asked.browser = ANY (${later.map(keyOf)}::text[])
              AND (only_for IS NOT NULL OR queued_at <= clock_timestamp()::timestamp - ${laterMs}::int * INTERVAL '1 ms')))
        ORDER BY round, queued_at, run_id LIMIT 1
        FOR UPDATE OF run_jobs SKIP LOCKED
      ), taken AS (
        DELETE FROM run_jobs USING next WHERE run_jobs.run_id = next.run_id
        RETURNING run_jobs.run_id, run_jobs.content
      )
      UPDATE runs SET owner = ${owner}, lease_number = lease_number + 1, lease_until = ${leaseFrom(now).toISOString()}::timestamp
      FROM taken WHERE runs.id = taken.run_id AND runs.status = 'queued'
      RETURNING id, kind, test_case_id, test_step_id, on_failure, request_id, principal, environment, browser,
        browser_version, created_at, lease_number, taken.content`;
    if (row === undefined) return undefined;
    leases.set(row.id, row.lease_number);
    // After the statement above its former owner writes no event any more.
    const last = await client.runEvent.aggregate({ where: { runId: row.id }, _max: { seq: true } });
    return { run: toRun(row), content: row.content, lastSeq: last._max.seq ?? 0 };
  }

  async listBrowsers(): Promise<(RequestedBrowser | undefined)[]> {
    const rows = await this.#engine.client.$queryRaw<
      { browser: RequestedBrowser["browser"] | null; version: string | null }[]
    >`
      SELECT DISTINCT browser::text, browser_version AS version FROM runs JOIN run_jobs ON run_id = runs.id`;
    return rows.map(({ browser, version }) =>
      browser === null && version === null
        ? undefined
        : { browser: browser ?? undefined, version: version ?? undefined },
    );
  }

  async remove(runId: string): Promise<boolean> {
    const { count } = await this.#engine.client.runJob.deleteMany({ where: { runId } });
    return count > 0;
  }

  async putFirst(runId: string): Promise<void> {
    await this.#engine.client.$executeRaw`
      UPDATE run_jobs SET round = (SELECT MIN(round) FROM run_jobs), queued_at = (SELECT MIN(queued_at) FROM run_jobs) - INTERVAL '1 ms'
      WHERE run_id = ${runId}`;
  }

  async listWaiting({
    runningPerPrincipal = NO_LIMIT,
  }: {
    runningPerPrincipal?: number | undefined;
  }): Promise<WaitingRun[]> {
    const rows = await this.#engine.client.$queryRaw<
      { run_id: string; principal: string; queued_at: Date; may_start: boolean }[]
    >`
      WITH busy AS (
        SELECT COALESCE(principal, '') AS principal FROM runs
        WHERE status IN ('queued', 'running') AND NOT EXISTS (SELECT 1 FROM run_jobs WHERE run_id = runs.id)
        GROUP BY 1 HAVING COUNT(*) >= ${runningPerPrincipal}::int
      )
      SELECT run_id, principal, queued_at, principal NOT IN (SELECT principal FROM busy) AS may_start
      FROM run_jobs ORDER BY round, queued_at, run_id`;
    return rows.map(({ run_id, principal, queued_at, may_start }) => {
      return { runId: run_id, principal, queuedAt: queued_at, mayStart: may_start };
    });
  }

  forget(runId: string): void {
    this.#server.leases.delete(runId);
  }
}

/** A browser that is asked for, as the statement that takes a run compares it. */
function keyOf({ browser, version = "" }: RequestedBrowser = {}): string {
  return `${browser ?? ""}@${version}`;
}

/** The line has no room for one more; undoes the transaction, the turn of the principal among it. */
class NoRoomError extends Error {
  override readonly name = "NoRoomError";
  readonly fate: "full" | "full_for_principal";

  constructor(fate: "full" | "full_for_principal") {
    super(fate);
    this.fate = fate;
  }
}

/**
 * @returns the number of the principal's waiting runs that have a lower priority
 * @throws NoRoomError
 */
async function requireRoom(
  transaction: Transaction,
  { owner, principal }: { owner: string; principal: string },
  { places, mostWaiting, mostWaitingOfPrincipal, priority }: RunJob,
): Promise<{ lower: number }> {
  const [count] = await transaction.$queryRaw<
    { all: number; own: number; lower: number; under_way: number }[]
  >`
    SELECT COUNT(*)::int AS "all", (COUNT(*) FILTER (WHERE principal = ${principal}))::int AS own,
      (COUNT(*) FILTER (WHERE principal = ${principal} AND priority < ${priority}::int))::int AS lower,
      (SELECT COUNT(*) FROM runs WHERE owner = ${owner} AND status IN ('queued', 'running')
        AND NOT EXISTS (SELECT 1 FROM run_jobs WHERE run_id = runs.id))::int AS under_way
    FROM run_jobs`;
  const { all = 0, own = 0, lower = 0, under_way: underWay = 0 } = count ?? {};
  const free = Math.max(0, places - underWay);
  if (all >= mostWaiting + free) throw new NoRoomError("full");
  if (own >= mostWaitingOfPrincipal + free) throw new NoRoomError("full_for_principal");
  return { lower };
}

async function insertJob(
  transaction: Transaction,
  {
    runId,
    principal,
    job,
    round,
    owner,
  }: { runId: string; principal: string; job: RunJob; round: number; owner: string },
): Promise<void> {
  // By one clock, that of the database.
  await transaction.$executeRaw`
    INSERT INTO run_jobs (run_id, principal, round, queued_at, priority, only_for, content)
    VALUES (${runId}, ${principal}, ${round}::int, clock_timestamp()::timestamp, ${job.priority}::int,
      ${job.isOwn ? owner : null}, ${JSON.stringify(job.content)}::json)`;
}

function toRun(row: TakenRow): NewRun {
  return {
    id: row.id,
    kind: row.kind,
    testCaseId: row.test_case_id,
    testStepId: row.test_step_id,
    onFailure: row.on_failure,
    requestId: row.request_id,
    principal: row.principal,
    environment: row.environment,
    browser: row.browser,
    browserVersion: row.browser_version,
    createdAt: row.created_at,
  };
}
