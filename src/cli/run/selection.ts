import type { RunOptions } from "./options.js";

/** The tests that `--grep` and `--shard` leave, in their order. Shards take turns, so that they come out alike. */
export function select<T extends { name: string }>(
  tests: readonly T[],
  { grep, shard }: Pick<RunOptions, "grep" | "shard">,
): T[] {
  const matching = grep === undefined ? tests : tests.filter(({ name }) => grep.test(name));
  if (shard === undefined) return [...matching];
  return matching.filter((_test, index) => index % shard.count === shard.index - 1);
}
