import type { EventInsert, StoreEngine } from "../engine.js";
import type { Prisma as SqlitePrisma } from "../generated/client.js";
import { asPrismaSaysIt } from "../prisma-errors.js";

type Executor = StoreEngine["client"] | SqlitePrisma.TransactionClient;

/**
 * Inserts events in one statement, if all leases are held. Values go as one array for each column, so that the statement
 * is the same for any number of events. The rows of the runs are locked against a new owner until it is over: a takeover
 * that is under way is waited for and then seen, a later one waits. They are locked in the order of their ids, so that no
 * two statements wait for each other.
 *
 * @returns whether the leases are held; nothing was inserted otherwise
 * @throws Prisma's own error P2002 when a run has one of the numbers already
 */
export async function insertEvents(
  executor: Executor,
  { events, owner, leases }: EventInsert,
): Promise<boolean> {
  const columns = {
    runIds: events.map(({ runId }) => runId),
    seqs: events.map(({ seq }) => seq),
    times: events.map(({ ts }) => ts.toISOString()),
    types: events.map(({ type }) => type),
    payloads: events.map(({ payload }) => JSON.stringify(payload)),
  };
  const held = { ids: leases.map(({ runId }) => runId), numbers: leases.map(({ number }) => number) };
  try {
    const inserted = await executor.$executeRaw`
      WITH held AS (
        SELECT 1 FROM runs
        WHERE owner = ${owner}
          AND (id, lease_number) IN (SELECT * FROM unnest(${held.ids}::text[], ${held.numbers}::int[]))
        ORDER BY id
        FOR SHARE OF runs
      )
      INSERT INTO run_events (run_id, seq, ts, type, payload)
      SELECT run_id, seq, ts::timestamp, type, payload::json
      FROM unnest(
        ${columns.runIds}::text[], ${columns.seqs}::int[], ${columns.times}::text[], ${columns.types}::text[],
        ${columns.payloads}::text[]
      ) AS event (run_id, seq, ts, type, payload)
      WHERE ${leases.length} = (SELECT COUNT(*) FROM held)`;
    return inserted === events.length;
  } catch (error) {
    throw asPrismaSaysIt(error);
  }
}
