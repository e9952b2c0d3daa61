import { z } from "zod";
import { TestCaseStatus } from "../../protocol/statuses.js";
import { Slug, Tags, TypingDelay } from "../../protocol/case-fields.js";
import { Command } from "../../protocol/commands.js";
import { EnvironmentName, NewEnvironment } from "../../protocol/environments.js";

/** Most cases of one file. */
const MAX_CASES = 10_000;

const Text = z.string().max(100_000);

/** The fields of a step, in the order in which files have them. */
const stepFields = <C extends z.ZodType>(command: C) => ({
  step_number: z.int().min(1).max(10_000).optional().describe("Its place among the steps, unless given."),
  description: Text.min(1).describe("What is done, in words."),
  expected_result: Text.optional().describe("What is to be seen then, in words."),
  transaction_code: Text.optional(),
  script: z.array(command).max(500).optional().describe("The commands. Without any, the step is not run."),
});

const caseFields = <C extends z.ZodType>(command: C) => ({
  slug: Slug.optional(),
  name: Text.trim().min(1).max(500),
  description: Text.optional(),
  status: TestCaseStatus.optional().describe("The progress of people with the case; `draft` for a new one."),
  assigned_to: Text.optional(),
  requirements: Text.optional(),
  test_case_version: Text.optional(),
  tags: Tags.optional(),
  environment: EnvironmentName.optional().describe("The environment of its runs, where none is asked for."),
  typing_delay: TypingDelay.optional(),
  steps: z
    .array(z.strictObject(stepFields(command)))
    .max(1000)
    .optional(),
});

const $schema = z.string().optional().describe("The address of this schema, for editors.");

const oneCase = <C extends z.ZodType>(command: C) => z.strictObject({ $schema, ...caseFields(command) });

const manyCases = <C extends z.ZodType>(command: C) =>
  z.strictObject({
    $schema,
    environments: z.array(NewEnvironment).max(1000).optional(),
    cases: z
      .array(z.strictObject(caseFields(command)))
      .max(MAX_CASES)
      .optional(),
  });

// Commands are read one by one, with words of their own for each fault.
export const OneCase = oneCase(z.unknown());
export const ManyCases = manyCases(z.unknown());

/** A case file whole, for editors: the published JSON Schema is made of it. */
export const CaseFile = z
  .union([oneCase(Command), manyCases(Command)])
  .describe("Test cases of Stepwire: one, or several under `cases`, with the environments that they need.");

type FileFields = z.infer<typeof OneCase>;
type StepFields = NonNullable<FileFields["steps"]>[number];

/** The keys of a case, a step and an environment in the order in which `fmt` and `export` write them. */
export const KEY_ORDER = {
  file: Object.keys({ ...OneCase.shape, ...ManyCases.shape }),
  testCase: Object.keys(OneCase.shape),
  step: Object.keys(stepFields(Command)),
  environment: Object.keys(NewEnvironment.shape),
} as const;

/** A step as a file has it. */
export type FileStep = Omit<StepFields, "script"> & { script: Command[] };
/** A case as a file has it: its commands have passed their schemas. */
export type FileCase = Omit<FileFields, "$schema" | "steps"> & { steps: FileStep[] };
