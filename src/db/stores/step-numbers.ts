import type { Prisma } from "../generated/client.js";

type Transaction = Prisma.TransactionClient;

/** Far above any number a step can have (see the schema of `step_number`). */
const ASIDE = 1_000_000;

/**
 * Makes room at a number: if a step has it, that step and all after it move up by one.
 * The first free number has room already and moves nothing.
 */
export async function makeRoom(
  transaction: Transaction,
  testCaseId: number,
  stepNumber: number,
): Promise<void> {
  const taken = await transaction.testStep.count({ where: { testCaseId, stepNumber } });
  if (taken > 0) await shift(transaction, { testCaseId, from: stepNumber, by: 1 });
}

/** Moves the steps after a number, which no step has any more, down by one. */
export async function closeGap(
  transaction: Transaction,
  testCaseId: number,
  stepNumber: number,
): Promise<void> {
  await shift(transaction, { testCaseId, from: stepNumber + 1, by: -1 });
}

/** Takes a step out of the order, to be numbered again in the same transaction. */
export async function takeOut(
  transaction: Transaction,
  step: { id: number; testCaseId: number; stepNumber: number },
): Promise<void> {
  await transaction.testStep.update({
    where: { id: step.id },
    data: { stepNumber: 0 },
    select: { id: true },
  });
  await closeGap(transaction, step.testCaseId, step.stepNumber);
}

/**
 * Moves steps in two statements, for SQLite and PostgreSQL check a unique index row by row: adding one to 1, 2, 3 in
 * place would make two twos on the way.
 */
async function shift(
  transaction: Transaction,
  { testCaseId, from, by }: { testCaseId: number; from: number; by: number },
): Promise<void> {
  await transaction.testStep.updateMany({
    where: { testCaseId, stepNumber: { gte: from } },
    data: { stepNumber: { increment: ASIDE } },
  });
  await transaction.testStep.updateMany({
    where: { testCaseId, stepNumber: { gte: ASIDE } },
    data: { stepNumber: { decrement: ASIDE - by } },
  });
}
