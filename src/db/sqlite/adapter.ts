import { PrismaLibSql } from "@prisma/adapter-libsql";
import { urlOf, type Connection } from "./connection.js";
import type { SharedConnection } from "./shared-connection.js";
import type { WriteGate } from "./write-gate.js";

type Adapter = Awaited<ReturnType<PrismaLibSql["connect"]>>;

/** Statements that change something; Prisma sends some of them as queries, for their results. */
const WRITES = /^\s*(INSERT|UPDATE|DELETE|REPLACE)\b/i;

/** Prisma's adapter on one shared connection, through a gate that all writes pass. */
export class GatedAdapter extends PrismaLibSql {
  readonly #connection: SharedConnection;
  readonly #gate: WriteGate;

  constructor(options: { file: string; connection: SharedConnection; gate: WriteGate }) {
    super({ url: urlOf(options.file) });
    this.#connection = options.connection;
    this.#gate = options.gate;
  }

  override createClient(): Connection {
    // The adapter calls no method of a client that the shared connection lacks.
    return this.#connection as unknown as Connection;
  }

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const gate = this.#gate;
    // The gate is around the adapter, which queues its calls: reads go on while a write waits for another process.
    const queryRaw = adapter.queryRaw.bind(adapter);
    const executeRaw = adapter.executeRaw.bind(adapter);
    const startTransaction = adapter.startTransaction.bind(adapter);
    return Object.assign(adapter, {
      queryRaw: (...args: Parameters<Adapter["queryRaw"]>) =>
        WRITES.test(args[0].sql) ? gate.pass(() => queryRaw(...args)) : queryRaw(...args),
      executeRaw: (...args: Parameters<Adapter["executeRaw"]>) => gate.pass(() => executeRaw(...args)),
      startTransaction: async (...args: Parameters<Adapter["startTransaction"]>) => {
        const transaction = await gate.pass(() => startTransaction(...args));
        const commit = transaction.commit.bind(transaction);
        const executeInside = transaction.executeRaw.bind(transaction);
        const queryInside = transaction.queryRaw.bind(transaction);
        // The lock is theirs already; only a disk that fails may still stop them.
        return Object.assign(transaction, {
          commit: () => gate.passInside(commit),
          executeRaw: (...inside: Parameters<typeof executeInside>) =>
            gate.passInside(() => executeInside(...inside)),
          queryRaw: (...inside: Parameters<typeof queryInside>) =>
            gate.passInside(() => queryInside(...inside)),
        });
      },
    });
  }
}
