import { AppError } from "../protocol/errors.js";
import type { EnvironmentChanges, EnvironmentStore, NewEnvironment, StoredEnvironment } from "./ports.js";

/**
 * Environments, for everyone who reads or changes them.
 *
 * Methods throw an AppError `environment_not_found` when there is none of the name, and `conflict` when the name is
 * taken, or when cases or schedules have the environment that is to go.
 */
export class EnvironmentService {
  readonly #store: EnvironmentStore;

  constructor(store: EnvironmentStore) {
    this.#store = store;
  }

  /** In the order of their names. */
  list(): Promise<StoredEnvironment[]> {
    return this.#store.listEnvironments();
  }

  async read(name: string): Promise<StoredEnvironment> {
    const environment = await this.#store.findEnvironment(name);
    if (environment !== undefined) return environment;
    throw new AppError("environment_not_found", `There is no environment '${name}'.`);
  }

  create(environment: NewEnvironment): Promise<StoredEnvironment> {
    return this.#store.createEnvironment(environment);
  }

  /** Fields that are undefined stay as they are. */
  update(name: string, changes: EnvironmentChanges): Promise<StoredEnvironment> {
    return this.#store.updateEnvironment(name, changes);
  }

  delete(name: string): Promise<void> {
    return this.#store.deleteEnvironment(name);
  }
}
