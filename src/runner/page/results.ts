import type { PageResult, Satisfied } from "./requests.ts";

/** Does to the page what a request asks for, once. @returns what kept it from being done, if anything did */
export type PageAction = () => string | undefined;

/** The request cannot become true by waiting. */
export class Impossible extends Error {}

export function satisfied(): Satisfied {
  return { outcome: "satisfied" };
}

/** @param seen what keeps it from being true, as a clause */
export function unsatisfied(seen: string): PageResult {
  return { outcome: "unsatisfied", seen };
}

/** @param seen as for {@link unsatisfied}; nothing when it is true */
export function unsatisfiedBy(seen: string | undefined): PageResult {
  return seen === undefined ? satisfied() : unsatisfied(seen);
}
