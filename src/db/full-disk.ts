import { isDiskFull } from "../disk/full.js";
import type { DiskRelief } from "../disk/ports.js";

/** The stores of everything but artifacts, which are not worth the space that is kept for verdicts. */
type Relieved = "executionStore" | "testCaseStore" | "credentialStore" | "auditStore";

/** Gives {@link withRelief} to the stores of a database that are worth more than artifacts. */
export function withReliefOf<Stores extends Record<Relieved, object>>(
  database: Stores,
  relief: DiskRelief,
): Stores {
  return {
    ...database,
    executionStore: withRelief(database.executionStore, relief),
    testCaseStore: withRelief(database.testCaseStore, relief),
    credentialStore: withRelief(database.credentialStore, relief),
    auditStore: withRelief(database.auditStore, relief),
  };
}

type Method = (...given: unknown[]) => unknown;

/**
 * A store whose methods are tried once more when the disk was full and something could be freed. Each is one statement
 * or one transaction: a failed one leaves nothing.
 */
export function withRelief<Store extends object>(store: Store, relief: DiskRelief): Store {
  return new Proxy(store, {
    get(target, property) {
      // The store itself is the receiver: it has private fields, which a proxy has not.
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      const method = value.bind(target) as Method;
      return (...given: unknown[]) => relieved(method(...given), () => method(...given), relief);
    },
  });
}

function relieved(result: unknown, again: () => unknown, relief: DiskRelief): unknown {
  if (!(result instanceof Promise)) return result;
  return result.catch(async (error: unknown) => {
    if (!isDiskFull(error) || !(await relief.relieve())) throw error;
    return await again();
  });
}
