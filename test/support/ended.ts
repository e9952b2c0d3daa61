import { atMost } from "../../src/async/at-most.js";

/** Longest end of something that a test has started, in milliseconds. */
const END_MS = 25_000;

/**
 * Waits for the end of something that a test has started. Vitest itself waits for the clean-up of a fixture without a
 * limit, and a run of all tests would never end.
 *
 * @param what names it, such as `the server`
 * @throws Error when it does not end within 25 s; as the promise does
 */
export async function ended(what: string, ending: Promise<unknown>): Promise<void> {
  const end = await atMost(
    END_MS,
    ending.then(() => "ended" as const),
    "late",
  );
  if (end === "late") throw new Error(`${what} has not ended within ${END_MS / 1_000} s`);
}
