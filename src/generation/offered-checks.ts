import type { StoredTestStep } from "../cases/ports.js";
import type { Script } from "../protocol/commands.js";
import { AppError } from "../protocol/errors.js";
import { parseScript } from "../protocol/script.js";
import type { SentenceEvidence, Verification } from "../protocol/verification.js";
import { scriptFields } from "./generated-case.js";
import { notUnderstood } from "./plain-english/description.js";
import type { CheckAcceptance, StepKeeper } from "./ports.js";

/** The message of a sentence whose check was not written by its author, and was not run yet. */
const ACCEPTED = "A check of what was seen was accepted for it, and has not been run since.";

interface OfferedChecksOptions {
  steps: Pick<StepKeeper, "readStep" | "updateStep">;
  now: () => Date;
}

/** Takes checks over into scripts that a generation has only offered: nobody but a person decides about them. */
export class OfferedChecks implements CheckAcceptance {
  readonly #options: OfferedChecksOptions;

  constructor(options: OfferedChecksOptions) {
    this.#options = options;
  }

  async accept(stepId: number, index: number, by: string): Promise<StoredTestStep> {
    const { steps, now } = this.#options;
    const step = await steps.readStep(stepId);
    const { verification } = step;
    const found = verification === null ? undefined : offeredAt(verification, index);
    if (verification === null || found === undefined)
      throw new AppError("check_not_found", `Step ${stepId} offers no check with the index ${index}.`);
    const { sentence, check } = found;
    const accepted = sentence.accepted_checks ?? [];
    if (accepted.some((one) => one.index === index))
      throw new AppError("conflict", `The check ${index} of step ${stepId} is accepted already.`);
    const taken = parseScript([{ ...check, description: noteOf(by) }]);
    const before = accepted.flatMap((one) => offeredAt(verification, one.index)?.check ?? []);
    const commands = withCheck(parseScript(step.seleniumScriptJson ?? "[]"), { sentence, taken, before });
    const changed: SentenceEvidence = {
      ...sentence,
      outcome: "not_verified",
      message: ACCEPTED,
      accepted_checks: [...accepted, { index, by, at: now().toISOString() }],
    };
    const sentences = verification.sentences.map((one) => (one === sentence ? changed : one));
    const text = textOfStandIn(sentence);
    return await steps.updateStep(
      { testCaseId: step.testCaseId, stepId },
      {
        ...scriptFields(commands),
        warnings: step.warnings.filter((warning) => !warning.includes(`“${text}”`)),
        verification: { ...verification, sentences },
      },
    );
  }
}

interface Offered {
  sentence: SentenceEvidence;
  check: object;
}

function offeredAt({ sentences }: Verification, index: number): Offered | undefined {
  return sentences.flatMap((sentence) =>
    (sentence.offered_checks ?? []).map((check) => ({ sentence, check })),
  )[index];
}

function noteOf(by: string): string {
  return `Seen afterwards, and accepted as a check by ${by.slice(0, 100).replaceAll("${", "$${")}`;
}

/** The text of the command that stands for a sentence which does not say what is seen. */
function textOfStandIn({ text, message }: SentenceEvidence): string {
  const [command] = notUnderstood(text, { reason: message ?? undefined }).meaning.commands;
  return command?.action === "not_understood" ? command.text : text;
}

/** @throws AppError `conflict` */
function withCheck(
  script: Script,
  { sentence, taken, before }: { sentence: SentenceEvidence; taken: Script; before: object[] },
): Script {
  const text = textOfStandIn(sentence);
  const at = script.findIndex((command) => command.action === "not_understood" && command.text === text);
  if (at !== -1) return [...script.slice(0, at), ...taken, ...script.slice(at + 1)];
  const known = new Set(before.map(keyOf));
  const last = script.findLastIndex((command) => known.has(keyOf(command)));
  if (last === -1)
    throw new AppError("conflict", "The script of the step has been changed since the check was offered.");
  return [...script.slice(0, last + 1), ...taken, ...script.slice(last + 1)];
}

function keyOf(command: object): string {
  return JSON.stringify(Object.entries({ ...command, description: undefined }).sort());
}
