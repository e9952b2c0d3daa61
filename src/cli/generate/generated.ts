import { slugsOf } from "../../cases/import-plan.js";
import type { StoredTestCase } from "../../cases/ports.js";
import type { FileCase } from "../../formats/yaml/schema.js";
import { toFile } from "../../formats/yaml/stored.js";
import type { CommandContext } from "../command-context.js";

export interface GenerateRequest {
  description: string;
  /** The page on which each sentence is tried; undefined for none. */
  url: string | undefined;
  signal: AbortSignal;
}

export interface Generated {
  cases: FileCase[];
  /** Everything that was not understood or not verified, in words for the author. */
  warnings: readonly string[];
}

/** @throws AppError or CommandError when nothing was made, or the signal's reason. */
export type Generate = (request: GenerateRequest, context: CommandContext) => Promise<Generated>;

/** Generated cases as files have them, each with a slug, by which it is found again. */
export function toFiles(cases: readonly StoredTestCase[]): FileCase[] {
  const slugs = slugsOf(cases);
  return cases.map((testCase) => toFile({ ...testCase, slug: slugs.get(testCase.id) ?? null }));
}
