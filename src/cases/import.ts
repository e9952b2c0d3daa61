import { AppError } from "../protocol/errors.js";
import {
  planImport,
  slugsOf,
  type ImportChange,
  type ImportContent,
  type ImportFault,
  type ImportOptions,
} from "./import-plan.js";
import type { ImportStore, StoredContent } from "./ports.js";

/** Faults of what was to be imported, each with its place. Nothing was imported. */
export class ImportError extends AppError {
  readonly faults: readonly ImportFault[];

  constructor(faults: readonly ImportFault[]) {
    const lines = faults.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
    super("invalid_file", lines.join("\n"));
    this.faults = faults;
  }
}

/** Brings cases and environments of files in, all of them or none, and gives them out. */
export class ImportService {
  readonly #store: ImportStore;

  constructor(store: ImportStore) {
    this.#store = store;
  }

  /**
   * @param options.dryRun says what would be done, and does nothing
   * @throws ImportError with every fault and its place; AppError `conflict` as the store does
   */
  async import(
    content: ImportContent,
    { dryRun = false, ...options }: ImportOptions & { dryRun?: boolean },
  ): Promise<ImportChange[]> {
    const planned = planImport(content, await this.#store.readContent(), options);
    if ("faults" in planned) throw new ImportError(planned.faults);
    if (!dryRun) await this.#store.applyPlan(planned.plan);
    return planned.changes;
  }

  /**
   * The cases that are asked for, oldest first and each with a slug, and the environments that they have.
   *
   * @param filter.ids all cases unless given
   * @param filter.tags cases with at least one of them; all unless given
   */
  async export(filter: {
    ids?: readonly number[] | undefined;
    tags?: readonly string[] | undefined;
  }): Promise<StoredContent> {
    const { cases, environments } = await this.#store.readContent();
    const chosen = cases.filter(
      ({ id, tags }) =>
        (filter.ids?.includes(id) ?? true) && (filter.tags?.some((tag) => tags.includes(tag)) ?? true),
    );
    const missing = filter.ids?.find((id) => !cases.some((testCase) => testCase.id === id));
    if (missing !== undefined)
      throw new AppError("test_case_not_found", `There is no test case with id ${missing}.`);
    const isAll = filter.ids === undefined && filter.tags === undefined;
    const used = new Set(chosen.map(({ environment }) => environment));
    const slugs = slugsOf(cases);
    const named = chosen.map((testCase) => ({ ...testCase, slug: slugs.get(testCase.id) ?? null }));
    return { cases: named, environments: environments.filter(({ name }) => isAll || used.has(name)) };
  }
}
