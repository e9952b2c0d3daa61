import type { GeneratedCaseStore, KeyedCase, NewGeneratedCase } from "../../generation/ports.js";
import type { KeyedRequest } from "../../protocol/idempotency.js";
import { GeneratorName } from "../../protocol/messages.js";
import type { PrismaClient } from "../generated/client.js";
import { FORGOTTEN, isNotUnique, isRemembered, toColumns, whereAsked } from "./idempotency.js";

/** Saves what a generator wrote, in the database. */
export class PrismaGeneratedCaseStore implements GeneratedCaseStore {
  readonly #client: PrismaClient;

  constructor(client: PrismaClient) {
    this.#client = client;
  }

  async findGeneratedCase(request: Pick<KeyedRequest, "principal" | "key">): Promise<KeyedCase | undefined> {
    const found = await this.#client.testCase.findUnique({
      where: whereAsked(request),
      select: {
        id: true,
        name: true,
        generator: true,
        createdAt: true,
        idempotencyRequest: true,
        _count: { select: { steps: true } },
      },
    });
    if (found === null) return undefined;
    if (!isRemembered(found.createdAt)) {
      await this.#client.testCase.updateMany({ where: { id: found.id }, data: FORGOTTEN });
      return undefined;
    }
    return {
      testCaseId: found.id,
      testCaseName: found.name,
      stepsCount: found._count.steps,
      generator: GeneratorName.parse(found.generator),
      asked: found.idempotencyRequest ?? "{}",
    };
  }

  async saveGeneratedCase(testCase: NewGeneratedCase): Promise<number | undefined> {
    try {
      return await this.#save(testCase);
    } catch (error) {
      if (testCase.once !== undefined && isNotUnique(error)) return undefined;
      throw error;
    }
  }

  async #save({ name, description, generator, once, steps }: NewGeneratedCase): Promise<number> {
    // A nested create is one transaction: the case with all its steps, or nothing.
    const testCase = await this.#client.testCase.create({
      data: {
        name,
        description,
        generator,
        ...toColumns(once),
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
