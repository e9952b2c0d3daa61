import { PrismaPg } from "@prisma/adapter-pg";
import type { Pool } from "pg";
import type { ConnectionGate } from "./connection-gate.js";
import { withStorableValues } from "./values.js";

type Adapter = Awaited<ReturnType<PrismaPg["connect"]>>;
type Transaction = Awaited<ReturnType<Adapter["startTransaction"]>>;

/** Statements that only read may be made again, whatever became of the first time. */
const READS = /^\s*SELECT\b/i;

/** Prisma's adapter on a pool of connections, through a gate that knows when the database is not there. */
export class GuardedAdapter extends PrismaPg {
  readonly #gate: ConnectionGate;

  constructor({ pool, gate }: { pool: Pool; gate: ConnectionGate }) {
    super(pool);
    this.#gate = gate;
  }

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const gate = this.#gate;
    const queryRaw = adapter.queryRaw.bind(adapter);
    const executeRaw = adapter.executeRaw.bind(adapter);
    const startTransaction = adapter.startTransaction.bind(adapter);
    return Object.assign(adapter, {
      queryRaw: (statement: Parameters<Adapter["queryRaw"]>[0]) =>
        gate.pass(() => queryRaw(withStorableValues(statement)), { mayRepeat: READS.test(statement.sql) }),
      executeRaw: (statement: Parameters<Adapter["executeRaw"]>[0]) =>
        gate.pass(() => executeRaw(withStorableValues(statement)), { mayRepeat: false }),
      startTransaction: async (...args: Parameters<Adapter["startTransaction"]>) =>
        guarded(await gate.pass(() => startTransaction(...args), { mayRepeat: true }), gate),
    });
  }
}

function guarded(transaction: Transaction, gate: ConnectionGate): Transaction {
  const queryRaw = transaction.queryRaw.bind(transaction);
  const executeRaw = transaction.executeRaw.bind(transaction);
  return Object.assign(transaction, {
    queryRaw: (statement: Parameters<Transaction["queryRaw"]>[0]) =>
      gate.passInside(() => queryRaw(withStorableValues(statement))),
    executeRaw: (statement: Parameters<Transaction["executeRaw"]>[0]) =>
      gate.passInside(() => executeRaw(withStorableValues(statement))),
  });
}
