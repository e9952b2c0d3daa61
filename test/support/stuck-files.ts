import type { Reporter, TestModule } from "vitest/node";

/** Longest time of a file of tests, in minutes: the slowest take two on a quiet machine. */
const LONGEST_MINUTES = 15;

/** Ends a run of tests with a file that does not end, and names it: nothing else would. */
export class StuckFiles implements Reporter {
  readonly #timers = new Map<string, NodeJS.Timeout>();

  onTestModuleStart({ moduleId, relativeModuleId, children }: TestModule): void {
    const giveUp = () => {
      const begun = [...children.allTests()].filter((test) => test.result().state !== "pending");
      console.error(
        `${relativeModuleId} has not ended within ${LONGEST_MINUTES} minutes; the last test that did is '${begun.at(-1)?.fullName}'.`,
      );
      process.exit(1);
    };
    this.#timers.set(moduleId, setTimeout(giveUp, LONGEST_MINUTES * 60_000));
  }

  onTestModuleEnd({ moduleId }: TestModule): void {
    clearTimeout(this.#timers.get(moduleId));
    this.#timers.delete(moduleId);
  }

  onTestRunEnd(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }
}
