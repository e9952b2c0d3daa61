import type { EventInsert } from "../engine.js";
import { Prisma, type PrismaClient } from "../generated/client.js";
import { asPrismaSaysIt } from "../prisma-errors.js";

/** Events that one statement takes: five values each, and SQLite takes 32,766 of them. */
export const MOST_AT_ONCE = 1_000;

type Executor = PrismaClient | Prisma.TransactionClient;

/**
 * Inserts events in one statement, if all leases are held; more than {@link MOST_AT_ONCE} go into several, which need a
 * transaction around them. The SQL is written out because Prisma's own `createMany` has no condition, and took half of
 * a batch's time to put its statement together.
 *
 * @returns whether the leases are held; nothing was inserted otherwise
 * @throws Prisma's own error P2002 when a run has one of the numbers already
 */
export async function insertEvents(executor: Executor, insert: EventInsert): Promise<boolean> {
  const { events } = insert;
  for (let from = 0; from < events.length; from += MOST_AT_ONCE) {
    const part = { ...insert, events: events.slice(from, from + MOST_AT_ONCE) };
    // The transaction has the write lock, so a lease that was held for the first part is held for all.
    if (!(await insertAtOnce(executor, part))) return false;
  }
  return true;
}

async function insertAtOnce(executor: Executor, { events, owner, leases }: EventInsert): Promise<boolean> {
  const rows = events.map(
    ({ runId, seq, ts, type, payload }) =>
      Prisma.sql`(${runId}, ${seq}, ${ts}, ${type}, ${JSON.stringify(payload)})`,
  );
  const held = leases.map(({ runId, number }) => Prisma.sql`(${runId}, ${number})`);
  try {
    const inserted = await executor.$executeRaw`
      INSERT INTO run_events (run_id, seq, ts, type, payload)
      SELECT * FROM (VALUES ${Prisma.join(rows)})
      WHERE ${leases.length} = (
        SELECT COUNT(*) FROM runs WHERE owner = ${owner} AND (id, lease_number) IN (VALUES ${Prisma.join(held)})
      )`;
    return inserted === events.length;
  } catch (error) {
    throw asPrismaSaysIt(error);
  }
}
