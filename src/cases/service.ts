import { AppError } from "../protocol/errors.js";
import type { KeyedRequest, RequestKey } from "../protocol/idempotency.js";
import { numberSteps } from "./numbering.js";
import type {
  KeyedTestCases,
  NewTestCase,
  NewTestStep,
  StepKey,
  StoredTestCase,
  StoredTestStep,
  TestCaseChanges,
  TestCaseQuery,
  TestCaseStore,
  TestCaseSummary,
  TestStepChanges,
} from "./ports.js";

export interface TestCasePage {
  /** Newest first. */
  items: TestCaseSummary[];
  /** The id after which the next page goes on; undefined on the last one. */
  next: number | undefined;
}

/**
 * Test cases and their steps, for everyone who reads or changes them: the REST routes, generation, the demo.
 * Every way in ends here, so that a rule about cases stands in one place.
 *
 * Methods throw an AppError `test_case_not_found` or `step_not_found` when it does not exist, and `conflict` when
 * something that a run under way needs would go.
 */
export class CaseService {
  readonly #store: TestCaseStore;

  constructor(store: TestCaseStore) {
    this.#store = store;
  }

  async list({ limit, ...query }: TestCaseQuery): Promise<TestCasePage> {
    // One more than asked for tells whether there is another page.
    const found = await this.#store.listTestCases({ ...query, limit: limit + 1 });
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? items.at(-1)?.id : undefined };
  }

  async read(id: number): Promise<StoredTestCase> {
    const testCase = await this.#store.findTestCase(id);
    if (testCase !== undefined) return testCase;
    throw new AppError("test_case_not_found", `There is no test case with id ${id}.`);
  }

  /**
   * Saves a case with all its steps, or nothing.
   *
   * @throws AppError `conflict` when two steps have the same number.
   */
  async create(testCase: NewTestCase): Promise<StoredTestCase> {
    return this.#store.createTestCase({ ...testCase, steps: numberSteps(testCase.steps) });
  }

  /**
   * Saves several cases with all their steps, or nothing.
   *
   * @param once the request that makes them, if it has an idempotency key
   * @returns undefined when a request with this key has made cases already: {@link findMadeBy} has them
   * @throws AppError `conflict` when two steps of a case have the same number.
   */
  async createAll(
    testCases: NewTestCase[],
    once: KeyedRequest | undefined,
  ): Promise<StoredTestCase[] | undefined> {
    const numbered = testCases.map((testCase) => ({ ...testCase, steps: numberSteps(testCase.steps) }));
    return this.#store.createTestCases(numbered, once);
  }

  /** The cases that a request with a key made in the last 24 hours. */
  findMadeBy(request: RequestKey): Promise<KeyedTestCases | undefined> {
    return this.#store.findTestCasesOfRequest(request);
  }

  /** Fields that are undefined stay as they are. */
  update(id: number, changes: TestCaseChanges): Promise<StoredTestCase> {
    return this.#store.updateTestCase(id, changes);
  }

  approve(id: number): Promise<StoredTestCase> {
    return this.update(id, { status: "approved" });
  }

  /** Deletes the case, its steps, its runs and their artifacts. */
  delete(id: number): Promise<void> {
    return this.#store.deleteTestCase(id);
  }

  async readStep(stepId: number): Promise<StoredTestStep> {
    const step = await this.#store.findStep(stepId);
    if (step !== undefined) return step;
    throw new AppError("step_not_found", `There is no test step with id ${stepId}.`);
  }

  /** A step without a number becomes the last one. On a number that is taken, the steps from there on move up. */
  addStep(testCaseId: number, step: NewTestStep): Promise<StoredTestStep> {
    return this.#store.addStep(testCaseId, step);
  }

  /** Fields that are undefined stay as they are; another number moves the step. */
  updateStep(key: StepKey, changes: TestStepChanges): Promise<StoredTestStep> {
    return this.#store.updateStep(key, changes);
  }

  /** The steps after it move down by one. */
  deleteStep(key: StepKey): Promise<void> {
    return this.#store.deleteStep(key);
  }
}
