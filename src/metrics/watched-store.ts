import type { EventBatch } from "../execution/ports.js";

/**
 * A store whose calls of one method go through a function of ours, all others straight through.
 *
 * @param instead takes the method's place, and is given it
 */
export function withMethod<Store extends object, Name extends keyof Store>(
  store: Store,
  name: Name,
  instead: (method: Store[Name]) => Store[Name],
): Store {
  // The cast is true: the method is the store's own, with its receiver.
  const watched = instead(bound(store, name) as Store[Name]);
  return new Proxy(store, {
    get: (target, property) => (property === name ? watched : bound(target, property)),
  });
}

/** The store itself is the receiver: it has private fields, which a proxy has not. */
function bound(store: object, property: PropertyKey): unknown {
  const value: unknown = Reflect.get(store, property, store);
  return typeof value === "function" ? (value.bind(store) as unknown) : value;
}

/** Time since the oldest event of a batch was told, in seconds; nothing for a batch without any. */
export function lagOf({ events }: EventBatch, nowMs: number): number | undefined {
  const [oldest] = events;
  // A clock that was set back in between made it negative.
  return oldest && Math.max(0, (nowMs - Date.parse(oldest.ts)) / 1000);
}
