import { setImmediate as otherWork } from "node:timers/promises";
import type { Command, Script } from "../../protocol/commands.js";
import type { IncomingStep, PlacedText, TestData } from "../../formats/ports.js";
import { requireSelectorsOf } from "../../formats/selectors.js";
import { stepLines } from "../../formats/step-lines.js";
import { AppError } from "../../protocol/errors.js";
import { parseScript } from "../../protocol/script.js";
import { readSentence, type Clause } from "./clauses.js";
import { Marking } from "./marking.js";
import type { ClauseContext, Problem } from "./meaning.js";
import type { ToldCase } from "../ports.js";
import { joinLines, splitSentences } from "./sentences.js";
import type { ReadClause } from "./steps.js";
import { withData } from "./test-data.js";
import { beginsDoing, capitalised, shortened } from "./words.js";

/** Longest part of a sentence that a warning repeats, and longest description of a command, in characters. */
const MAX_SHOWN_LENGTH = 300;

/** Sentences to read before other connections have their turn. */
const SENTENCES_AT_A_TIME = 20;

/**
 * Reads every sentence of a case. Each of its words is in one of the clauses, or in a warning.
 *
 * @param startUrl the page that paths are on where the description names none
 */
export async function readCase(
  told: ToldCase,
  signal: AbortSignal,
  startUrl?: string,
): Promise<{ clauses: ReadClause[]; warnings: string[] }> {
  // Its details can be comments, which are for nobody who carries it out.
  const texts = [...told.preconditions, ...told.steps.flatMap(textsOf)];
  const baseUrl = firstUrl(texts) ?? startUrl;
  const reader = new SentenceReader({ baseUrl, caseData: told.data, signal });
  const clauses: ReadClause[] = [];
  for (const step of told.steps) clauses.push(...(await reader.readStep(step)));
  const unused = reader.unusedData().map((value) => ({ place: value.place, warnings: [unusedData(value)] }));
  // One line or list is seen at a glance; in a larger document a warning has to say where its sentence stands.
  const isShort = told.format === "text" || told.format === "list";
  const named = <T extends Pick<ReadClause, "place" | "warnings">>(one: T): T =>
    isShort ? one : withPlace(one);
  return {
    clauses: clauses.map(named),
    warnings: [...told.warnings, ...unused.map(named).flatMap((one) => one.warnings)],
  };
}

function withPlace<T extends Pick<ReadClause, "place" | "warnings">>(one: T): T {
  const { line, cell = "" } = one.place;
  const where = cell === "" ? `Line ${line}` : `Line ${line}, ${cell}`;
  return { ...one, warnings: one.warnings.map((warning) => `${where}: ${warning}`) };
}

function unusedData({ label, text }: TestData): string {
  return `No step asks for the test data ${inQuotes(label === undefined ? text : `${label}: ${text}`)}.`;
}

/**
 * Reads the texts of one existing step: what is done and perhaps checked, and what is then expected.
 *
 * @param startUrl the page that paths are on where the texts name none
 */
export async function readTexts(
  { description, expectedResult }: { description: string; expectedResult: string },
  signal: AbortSignal,
  startUrl?: string,
): Promise<ReadClause[]> {
  const sentences = stepLines(description);
  const expected = stepLines(expectedResult);
  const baseUrl = firstUrl([...sentences, ...expected]) ?? startUrl;
  const reader = new SentenceReader({ baseUrl, caseData: [], signal });
  return await reader.readStep({ sentences, expected, data: [], isWhole: true });
}

function textsOf({ sentences, expected, data }: IncomingStep): PlacedText[] {
  return [...sentences, ...data, ...expected];
}

function firstUrl(texts: PlacedText[]): string | undefined {
  for (const { text } of texts) {
    const marking = new Marking(text);
    const url = marking.url(marking.text);
    if (url !== undefined) return url;
  }
  return undefined;
}

interface ReaderOptions {
  /** Relative addresses belong to it. */
  baseUrl: string | undefined;
  /** Values that any step may ask for. */
  caseData: TestData[];
  signal: AbortSignal;
}

/** Reads the sentences of steps, one after the other. */
class SentenceReader {
  readonly #options: ReaderOptions;
  readonly #usedData = new Set<TestData>();
  #sentences = 0;
  #passages = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  async readStep(step: IncomingStep): Promise<ReadClause[]> {
    this.#passages += 1;
    const below = await this.#readTexts(joinLines(step.sentences, step), step, "done");
    const heading = await this.#readHeading(step, below);
    const own = withData([...heading, ...below], step.data, this.#usedData);
    const done = withData(own, this.#options.caseData, this.#usedData);
    const unused = step.data.filter((value) => !this.#usedData.has(value));
    const expected = await this.#readTexts(joinLines(step.expected, step), step, "expected");
    return [...done, ...unused.map((value) => this.#unusedClause(value, step)), ...expected];
  }

  /** Values of the case that no step has used. */
  unusedData(): TestData[] {
    return this.#options.caseData.filter((value) => !this.#usedData.has(value));
  }

  #unusedClause({ label, text, place }: TestData, step: IncomingStep): ReadClause {
    const told = label === undefined ? text : `${label}: ${text}`;
    const reason = "no sentence of the step asks for this value, or more than one may";
    return { ...notUnderstood(told, { reason }), ...this.#origin(step, "done"), text: told, place };
  }

  #origin(
    step: IncomingStep,
    role: ReadClause["role"],
  ): Pick<ReadClause, "passage" | "isListItem" | "step" | "role"> {
    return { passage: this.#passages, isListItem: step.isWhole, step, role };
  }

  /** A heading names its step; only where it says what is done, and nothing below it does, is it a sentence too. */
  async #readHeading({ heading, ...step }: IncomingStep, done: ReadClause[]): Promise<ReadClause[]> {
    if (heading === undefined || done.some(({ meaning }) => meaning.kind !== "check")) return [];
    const clauses = await this.#readTexts([heading], { ...step, heading }, "done");
    return clauses.every(({ meaning }) => meaning.kind === "action") ? clauses : [];
  }

  async #readTexts(texts: PlacedText[], step: IncomingStep, role: ReadClause["role"]): Promise<ReadClause[]> {
    const clauses: ReadClause[] = [];
    for (const text of texts) clauses.push(...(await this.#readText(text, step, role)));
    return clauses;
  }

  async #readText(told: PlacedText, step: IncomingStep, role: ReadClause["role"]): Promise<ReadClause[]> {
    const clauses = await this.#readMarked(told, step, role);
    const plain = withoutEmphasis(told.text);
    if (plain === told.text || clauses.every(({ meaning }) => meaning.kind !== "unknown")) return clauses;
    // "**Click** Save" stresses the verb, where "**Save** is shown" names something.
    const others = await this.#readMarked({ ...told, text: plain }, step, role);
    return others.every(({ meaning }) => meaning.kind !== "unknown") ? others : clauses;
  }

  async #readMarked(told: PlacedText, step: IncomingStep, role: ReadClause["role"]): Promise<ReadClause[]> {
    const marking = new Marking(told.text, told);
    const context: ClauseContext = { marking, baseUrl: this.#options.baseUrl };
    const clauses: ReadClause[] = [];
    for (const sentence of splitSentences(marking.text.replace(/\s+/g, " "))) {
      if (this.#sentences % SENTENCES_AT_A_TIME === 0)
        await otherWork(undefined, { signal: this.#options.signal });
      this.#sentences += 1;
      if (!step.isWhole) this.#passages += 1;
      for (const clause of readSentence(sentence, context)) {
        const meaning = read(role === "expected" ? seenOnly(clause) : clause);
        clauses.push({ ...meaning, ...this.#origin(step, role), text: clause.text, place: told.place });
      }
    }
    return clauses;
  }
}

/** An expected result is checked, and never done. */
function seenOnly(clause: Clause): Clause {
  if (clause.meaning.kind !== "action") return clause;
  const reason = "it stands where an expected result is told, and says what is done; write it as a step";
  return { ...clause, meaning: { kind: "problem", reason } };
}

function withoutEmphasis(text: string): string {
  return text.replace(/(\*\*|__)(?=\S)((?:(?!\1).)+?)\1/g, (whole, _marks, words: string) =>
    beginsDoing(words) ? words : whole,
  );
}

function read({ text, meaning }: Clause): Pick<ReadClause, "meaning" | "warnings"> {
  if (meaning.kind === "problem") return notUnderstood(text, meaning);
  try {
    const commands = checked(text, meaning.commands);
    return {
      meaning: { ...meaning, commands },
      warnings: (meaning.asks ?? []).map((name) => asking(text, name)),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // The sentence is clear, but no script may hold its command, such as one with Python as its value or a bad URL.
    return notUnderstood(text, { reason: error.message });
  }
}

function asking(text: string, variable: string): string {
  return `${inQuotes(text)} does not tell the value: give \${${variable}} one, or put the value in quotation marks.`;
}

/**
 * The commands as a script may hold them, each with a description.
 *
 * @throws AppError where no script may hold one of them
 */
export function checked(text: string, commands: Script): Script {
  const described = commands.map((command) => ({
    ...command,
    description: shortened(command.description ?? capitalised(text), MAX_SHOWN_LENGTH),
  }));
  const script = parseScript(described);
  requireSelectorsOf(script);
  return script;
}

/** The command that stands where the sentence stood, and never passes. */
export function notUnderstood(
  text: string,
  { reason, readings }: Pick<Problem, "reason" | "readings">,
): Pick<ReadClause, "meaning" | "warnings"> {
  const told = reason === undefined ? "" : `: ${reason}${/[.!?]$/.test(reason) ? "" : "."}`;
  const command: Command = {
    action: "not_understood",
    text: asWritten(shortened(text, MAX_SHOWN_LENGTH)),
    reason: asWritten(shortened(reason ?? "no command says this", MAX_REASON_LENGTH)),
    ...(readings && { readings: readings.map((one) => asWritten(shortened(one, MAX_SHOWN_LENGTH))) }),
  };
  return {
    meaning: { kind: "unknown", commands: [command] },
    warnings: [`Not understood: ${inQuotes(text)}${told === "" ? "." : told}`],
  };
}

/** Words that are shown to people have no places to fill in. */
function asWritten(text: string): string {
  return text.replaceAll("${", "$${");
}

const MAX_REASON_LENGTH = 2_000;

function inQuotes(text: string): string {
  return `“${shortened(text, MAX_SHOWN_LENGTH)}”`;
}
