import type { GeneratedCaseStore, NewGeneratedCase } from "../generation/ports.js";
import type { PrismaClient } from "./generated/client.js";

/** Saves what a generator wrote, in the database. */
export class PrismaGeneratedCaseStore implements GeneratedCaseStore {
  readonly #client: PrismaClient;

  constructor(client: PrismaClient) {
    this.#client = client;
  }

  async saveGeneratedCase({ name, description, generator, steps }: NewGeneratedCase): Promise<number> {
    // A nested create is one transaction: the case with all its steps, or nothing.
    const testCase = await this.#client.testCase.create({
      data: {
        name,
        description,
        generator,
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
