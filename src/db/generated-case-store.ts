import type { GeneratedCaseStore, GeneratedTestCase, NewGeneratedCase } from "../generation/ports.js";
import { GeneratorName } from "../protocol/messages.js";
import type { PrismaClient } from "./generated/client.js";
import { isRemembered } from "./idempotency.js";

/** Saves what a generator wrote, in the database. */
export class PrismaGeneratedCaseStore implements GeneratedCaseStore {
  readonly #client: PrismaClient;

  constructor(client: PrismaClient) {
    this.#client = client;
  }

  async findGeneratedCase(
    idempotencyKey: string,
  ): Promise<Omit<GeneratedTestCase, "redirectUrl" | "warnings"> | undefined> {
    const found = await this.#client.testCase.findUnique({
      where: { idempotencyKey },
      select: { id: true, name: true, generator: true, createdAt: true, _count: { select: { steps: true } } },
    });
    if (found === null) return undefined;
    if (!isRemembered(found.createdAt)) {
      await this.#client.testCase.updateMany({ where: { id: found.id }, data: { idempotencyKey: null } });
      return undefined;
    }
    return {
      testCaseId: found.id,
      testCaseName: found.name,
      stepsCount: found._count.steps,
      generator: GeneratorName.parse(found.generator),
    };
  }

  async saveGeneratedCase(testCaseToSave: NewGeneratedCase): Promise<number> {
    const { name, description, generator, idempotencyKey, steps } = testCaseToSave;
    // A nested create is one transaction: the case with all its steps, or nothing.
    const testCase = await this.#client.testCase.create({
      data: {
        name,
        description,
        generator,
        idempotencyKey: idempotencyKey ?? null,
        status: "draft",
        steps: {
          createMany: {
            data: steps.map((step, index) => ({
              stepNumber: index + 1,
              description: step.description,
              expectedResult: step.expectedResult,
              seleniumScript: step.seleniumScript,
              seleniumScriptJson: JSON.stringify(step.commands),
            })),
          },
        },
      },
      select: { id: true },
    });
    return testCase.id;
  }
}
