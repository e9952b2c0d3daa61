import { LEASE_MS } from "../../execution/ports.js";

/** The number of a run's first lease; every server that takes the run over adds one. */
export const FIRST_LEASE = 1;

/** The end of a lease that begins, or is renewed. */
export function leaseFrom(now: Date): Date {
  return new Date(now.getTime() + LEASE_MS);
}
