import type {
  EnvironmentChanges,
  EnvironmentStore,
  NewEnvironment,
  StoredEnvironment,
} from "../../cases/ports.js";
import { AppError } from "../../protocol/errors.js";
import type { StoreEngine } from "../engine.js";
import type { Prisma } from "../generated/client.js";
import { unlessTaken } from "./unless-taken.js";

/** Environments in the database. */
export class PrismaEnvironmentStore implements EnvironmentStore {
  readonly #engine: StoreEngine;

  constructor(engine: StoreEngine) {
    this.#engine = engine;
  }

  async listEnvironments(): Promise<StoredEnvironment[]> {
    const found = await this.#engine.client.environment.findMany({ orderBy: { name: "asc" } });
    return found.map(toEnvironment);
  }

  async findEnvironment(name: string): Promise<StoredEnvironment | undefined> {
    const found = await this.#engine.client.environment.findUnique({ where: { name } });
    return found === null ? undefined : toEnvironment(found);
  }

  async createEnvironment(environment: NewEnvironment): Promise<StoredEnvironment> {
    return await unlessTaken(this.#engine, `an environment '${environment.name}'`, async () =>
      toEnvironment(await this.#engine.client.environment.create({ data: newEnvironment(environment) })),
    );
  }

  async updateEnvironment(name: string, changes: EnvironmentChanges): Promise<StoredEnvironment> {
    return await unlessTaken(this.#engine, `an environment '${changes.name ?? name}'`, () =>
      this.#engine.client.$transaction(async (transaction) => {
        await requireEnvironment(transaction, name);
        const changed = await transaction.environment.update({ where: { name }, data: changesOf(changes) });
        if (changed.name !== name) {
          const data = { environment: changed.name };
          await transaction.testCase.updateMany({ where: { environment: name }, data });
          await transaction.schedule.updateMany({ where: { environment: name }, data });
        }
        return toEnvironment(changed);
      }),
    );
  }

  async deleteEnvironment(name: string): Promise<void> {
    await this.#engine.client.$transaction(async (transaction) => {
      await requireEnvironment(transaction, name);
      const ofName = { where: { environment: name }, select: { name: true }, take: 3 };
      refuseWhileUsed(name, "Test cases", await transaction.testCase.findMany(ofName));
      refuseWhileUsed(name, "Schedules", await transaction.schedule.findMany(ofName));
      await transaction.environment.delete({ where: { name }, select: { id: true } });
    });
  }
}

/** @throws AppError `conflict` when there are any */
function refuseWhileUsed(environment: string, kind: string, users: readonly { name: string }[]): void {
  if (users.length === 0) return;
  const names = users.map(({ name }) => `'${name}'`).join(", ");
  throw new AppError(
    "conflict",
    `${kind} have the environment '${environment}' as their own, such as ${names}. Give them another, then delete it.`,
  );
}

/** @throws AppError `environment_not_found` */
export async function requireEnvironment(
  client: Pick<Prisma.TransactionClient, "environment">,
  name: string,
): Promise<void> {
  if ((await client.environment.count({ where: { name } })) > 0) return;
  throw new AppError(
    "environment_not_found",
    `There is no environment '${name}'. Make it with POST /api/environments or in a case file, or choose another.`,
  );
}

export function newEnvironment({ name, baseUrl = null, variables = {}, secrets = {} }: NewEnvironment) {
  return { name, baseUrl, variables, secrets };
}

/** Only the fields that were given: Prisma's input types know no `undefined`. */
function changesOf({ name, baseUrl, variables, secrets }: EnvironmentChanges) {
  return {
    ...(name !== undefined && { name }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(variables !== undefined && { variables }),
    ...(secrets !== undefined && { secrets }),
  };
}

type Row = Omit<StoredEnvironment, "variables" | "secrets"> & { variables: unknown; secrets: unknown };

/** Only {@link newEnvironment} and {@link changesOf} write the two: hence the casts. */
export function toEnvironment({ variables, secrets, ...rest }: Row): StoredEnvironment {
  return {
    ...rest,
    variables: variables as Record<string, string>,
    secrets: secrets as Record<string, string>,
  };
}
