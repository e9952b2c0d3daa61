import type { TestData } from "../../formats/ports.js";
import type { Command, Script } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import { parseScript } from "../../protocol/script.js";
import type { ReadClause } from "./steps.js";

/**
 * Gives the values that a document tells apart from its sentences to the clauses that ask for them: by name, or the only
 * value without a name to the only question.
 *
 * @param used - collects the values that were given, or that a sentence says itself
 */
export function withData(clauses: ReadClause[], data: TestData[], used: Set<TestData>): ReadClause[] {
  for (const value of data) if (clauses.some(({ text }) => text.includes(value.text))) used.add(value);
  const questions = clauses.flatMap(({ meaning }) => asksOf(meaning));
  const answers = new Map<string, TestData>();
  for (const name of questions) {
    const answer = answerTo(name, questions, data);
    if (answer !== undefined) answers.set(name, answer);
  }
  return clauses.map((clause) => filled(clause, answers, used));
}

function asksOf(meaning: ReadClause["meaning"]): string[] {
  return meaning.kind === "unknown" ? [] : (meaning.asks ?? []);
}

function answerTo(name: string, questions: string[], data: TestData[]): TestData | undefined {
  const named = data.filter(({ label }) => label !== undefined && isNameOf(label, name));
  if (named.length > 0) return named.length === 1 ? named[0] : undefined;
  const [only] = data;
  return data.length === 1 && questions.length === 1 && only?.label === undefined ? only : undefined;
}

/** "User name" is the name of the variable `valid_username`. */
function isNameOf(label: string, variable: string): boolean {
  const words = label.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return words !== "" && variable.replaceAll("_", "").includes(words);
}

function filled(clause: ReadClause, answers: Map<string, TestData>, used: Set<TestData>): ReadClause {
  const { meaning } = clause;
  const given = asksOf(meaning).filter((name) => answers.has(name));
  if (meaning.kind === "unknown" || given.length === 0) return clause;
  const commands = fillIn(meaning.commands, answers);
  if (commands === undefined) return clause;
  for (const name of given) {
    const answer = answers.get(name);
    if (answer !== undefined) used.add(answer);
  }
  const asks = asksOf(meaning).filter((name) => !answers.has(name));
  const warnings = clause.warnings.filter(
    (warning) => !given.some((name) => warning.includes(`\${${name}}`)),
  );
  return { ...clause, warnings, meaning: { ...meaning, commands, asks } };
}

/** The commands with the values in place of their variables; `undefined` where no script may hold one of them. */
function fillIn(commands: Script, answers: Map<string, TestData>): Script | undefined {
  const fill = (text: string): string =>
    text.replace(
      /\$\{(\w+)\}/g,
      (variable, name: string) => answers.get(name)?.text.replaceAll("${", "$${") ?? variable,
    );
  const filledCommands = commands.map(
    (command) =>
      // Only texts of the command change, and each stays a text.
      Object.fromEntries(
        Object.entries(command).map(([field, value]: [string, unknown]) => [
          field,
          typeof value === "string" && field !== "description" ? fill(value) : value,
        ]),
      ) as Command,
  );
  try {
    return parseScript(filledCommands);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
