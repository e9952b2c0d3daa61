import type { Prisma } from "../generated/client.js";

type Transaction = Prisma.TransactionClient;

/** Gives a principal its next turn, and keeps others of its requests waiting until the transaction is over. */
export async function takeTurn(transaction: Transaction, principal: string): Promise<number> {
  // Once nothing waits, nobody has had a turn that others have not had.
  const [turn] = await transaction.$queryRaw<{ round: number }[]>`
    WITH present AS (
      SELECT COALESCE((SELECT MIN(round) FROM run_jobs), (SELECT MAX(next_round) FROM queue_turns), 0) AS round
    )
    INSERT INTO queue_turns AS turn (principal, next_round) SELECT ${principal}, present.round + 1 FROM present
    ON CONFLICT (principal) DO UPDATE SET next_round = GREATEST(turn.next_round, EXCLUDED.next_round - 1) + 1
    RETURNING next_round - 1 AS round`;
  return turn?.round ?? 0;
}

/**
 * Gives a run that has just been put in line the first turn of its principal's runs with lower priorities, each of which
 * gets the one behind. A run that is being taken meanwhile has had its turn. To be called once the principal has its turn.
 */
export async function goBeforeLower(
  transaction: Transaction,
  { runId, principal, priority }: { runId: string; principal: string; priority: number },
): Promise<void> {
  await transaction.$executeRaw`
    WITH behind AS (
      SELECT run_id, round, queued_at FROM run_jobs
      WHERE principal = ${principal} AND (priority < ${priority}::int OR run_id = ${runId})
      ORDER BY round, queued_at, run_id FOR UPDATE
    ), turns AS (
      SELECT round, queued_at, ROW_NUMBER() OVER (ORDER BY round, queued_at, run_id) AS place FROM behind
    ), jobs AS (
      SELECT run_id, ROW_NUMBER() OVER (ORDER BY run_id <> ${runId}, round, queued_at, run_id) AS place FROM behind
    )
    UPDATE run_jobs SET round = turns.round, queued_at = turns.queued_at
    FROM jobs JOIN turns USING (place) WHERE run_jobs.run_id = jobs.run_id`;
}
