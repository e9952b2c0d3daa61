import type { NewTestCase, NewTestStep, TestCaseSummary } from "../cases/ports.js";
import type { Script } from "../protocol/commands.js";
import { AppError } from "../protocol/errors.js";
import { MAX_DESCRIPTION_LENGTH } from "../protocol/limits.js";
import type { AiUsage, GeneratorName } from "../protocol/messages.js";
import { scriptTextOf } from "../protocol/script-text.js";
import type { GeneratedStep, GeneratedTestCase, ToldCase } from "./ports.js";
import { renderPython } from "./python-rendering.js";

/** A stage of a generation that begins; the fields of a `generation_progress` message. */
export interface GenerationStage {
  step: number;
  total: number;
  message: string;
  /** Per cent. */
  progress: number;
  generator: GeneratorName;
  /** Of the calls of a language model since the last one. */
  ai_usage?: AiUsage | undefined;
}

const STAGES = {
  creating: { step: 1, progress: 10 },
  generating: { step: 2, progress: 30 },
  saving: { step: 3, progress: 70 },
  complete: { step: 4, progress: 100 },
} as const;

const GENERATING: Record<GeneratorName, string> = {
  openai: "Generating test steps with AI...",
  "plain-english": "Generating test steps from plain English...",
};

export function stage(name: keyof typeof STAGES, generator: GeneratorName): GenerationStage {
  const messages = {
    creating: "Creating test case...",
    generating: GENERATING[generator],
    saving: "Saving test steps...",
    complete: "Test case complete",
  };
  return { ...STAGES[name], total: 4, message: messages[name], generator };
}

/** @throws AppError `invalid_description` when nothing can be generated from it */
export function checkDescription(description: string): void {
  if (description.trim() === "") {
    throw new AppError(
      "invalid_description",
      "The description is empty. Write what the test does, in sentences.",
    );
  }
  if (description.length > MAX_DESCRIPTION_LENGTH) {
    throw new AppError(
      "invalid_description",
      `The description has ${description.length} characters; at most ${MAX_DESCRIPTION_LENGTH} are allowed.`,
    );
  }
}

/** Longest name of a case, in characters: that of REST. */
const MAX_NAME_LENGTH = 500;

/** The fields of a case that are told and not generated; `index` is its place among several, from 0. */
export function toldFields(
  { name, description, preconditions }: ToldCase,
  { now, index }: { now: Date; index: number },
): Pick<NewTestCase, "name" | "description" | "requirements"> {
  const texts = preconditions.map(({ text }) => text);
  return {
    name: shortened(name ?? caseName(now, index)),
    description,
    ...(texts.length > 0 && { requirements: texts.join("\n") }),
  };
}

function shortened(name: string): string {
  return name.length <= MAX_NAME_LENGTH ? name : `${name.slice(0, MAX_NAME_LENGTH - 1).trimEnd()}…`;
}

/** The name of a case that its description does not name. */
function caseName(date: Date, index: number): string {
  const name = `Generated Test Case - ${date.toISOString().slice(0, 16).replace("T", " ")}`;
  return index === 0 ? name : `${name} (${index + 1})`;
}

/** The fields of a stored step that hold its script. */
export function scriptFields(commands: Script): Pick<NewTestStep, "seleniumScript" | "seleniumScriptJson"> {
  return { seleniumScript: renderPython(commands), seleniumScriptJson: scriptTextOf(commands) };
}

/** The steps of a case, as they are stored. */
export function toStoredSteps(
  steps: readonly (GeneratedStep & Pick<NewTestStep, "verification">)[],
): NewTestStep[] {
  return steps.map(({ commands, ...step }) => ({ ...step, ...scriptFields(commands) }));
}

/** A case that is stored, with the address at which the frontend shows it. */
export function generatedCaseOf(
  saved: Pick<TestCaseSummary, "id" | "name" | "stepsCount">,
): GeneratedTestCase {
  const { id, name, stepsCount } = saved;
  return { testCaseId: id, testCaseName: name, stepsCount, redirectUrl: `/test-case/${id}` };
}

/** Most warnings of an answer; each case has all of its own. */
const MAX_WARNINGS = 200;

export function limited(warnings: string[]): string[] {
  if (warnings.length <= MAX_WARNINGS) return warnings;
  const more = warnings.length - MAX_WARNINGS;
  return [...warnings.slice(0, MAX_WARNINGS), `There are ${more} more warnings: each test case has its own.`];
}
