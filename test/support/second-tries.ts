import type { Reporter, TestCase } from "vitest/node";

/** Names the tests that passed only when they were tried again, each with its first failure: they are faults, too. */
export class SecondTries implements Reporter {
  readonly #lines: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky !== true) return;
    const failures = (test.result().errors ?? []).map(({ message }) => `    ${message}`);
    this.#lines.push(`  ${test.module.relativeModuleId} > ${test.fullName}`, ...failures);
  }

  onTestRunEnd(): void {
    if (this.#lines.length === 0) return;
    console.log(["", "Passed only at the second try:", ...this.#lines].join("\n"));
  }
}
