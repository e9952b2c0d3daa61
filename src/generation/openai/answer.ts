import { z } from "zod";
import type { Script } from "../../protocol/commands.js";
import { requireSelectorsOf } from "../../formats/selectors.js";
import type { IncomingStep } from "../../formats/ports.js";
import { AppError } from "../../protocol/errors.js";
import { findPythonSource } from "../../protocol/python.js";
import { parseScript } from "../../protocol/script.js";
import type { GeneratedCase } from "../ports.js";
import { repaired } from "./repair.js";
import { problemsWithRows, withExpected } from "./rows.js";
import type { SentenceReader } from "./written-sentences.js";

/** The result of reading an answer. `problems` are written for the model, which may try again. */
export type ReadAnswer<T> = { ok: true; value: T } | { ok: false; problems: string[] };

/** An answer that comes to its end has this field, which is the last. */
const Warnings = z.array(z.string()).nullable();
const Line = z.string().trim().min(1).max(5_000);

/** Commands stay unknown here: rules or `parseScript` read them and name what is wrong in words. */
const CaseAnswer = z.object({
  steps: z
    .array(
      z.object({
        description: Line,
        expected_result: Line,
        commands: z.array(z.unknown()),
        rows: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(500),
  warnings: Warnings,
});

const Rows = z.array(z.int());

const StepAnswer = z.object({ commands: z.array(z.unknown()), warnings: Warnings });

/** Reads a whole test case out of an answer: JSON, fenced JSON, JSON amid prose, or JSON that can be repaired. */
export async function readCase(text: string, sentences: SentenceReader): Promise<ReadAnswer<GeneratedCase>> {
  return await readAnswer(text, async (json) => {
    const reading = await toCase(json, sentences);
    if (!reading.ok) return reading;
    const { steps, warnings } = reading.value;
    return { ok: true, value: { steps, warnings } };
  });
}

async function toCase(
  json: unknown,
  sentences: SentenceReader,
): Promise<ReadAnswer<GeneratedCase & { rows: unknown[] }>> {
  const answer = CaseAnswer.safeParse(json);
  if (!answer.success) return { ok: false, problems: issuesOf(answer.error) };
  const problems: string[] = [];
  const steps: GeneratedCase["steps"] = [];
  for (const [
    index,
    { description, expected_result: expectedResult, commands },
  ] of answer.data.steps.entries()) {
    const script = await readScript(commands, { sentences, where: `Step ${index + 1}: ` });
    problems.push(...script.problems);
    const { warnings } = script;
    steps.push({
      ...{ description, expectedResult, commands: script.commands },
      ...(warnings.length > 0 && { warnings }),
    });
  }
  if (problems.length > 0) return { ok: false, problems };
  const rows = answer.data.steps.map((step) => step.rows);
  const told = steps.flatMap(({ warnings = [] }) => warnings);
  return { ok: true, value: { steps, rows, warnings: [...(answer.data.warnings ?? []), ...told] } };
}

/** Reads a test case of which every step says which rows of the document it carries out. */
export async function readRows(
  text: string,
  told: IncomingStep[],
  sentences: SentenceReader,
): Promise<ReadAnswer<GeneratedCase>> {
  return await readAnswer(text, async (json) => {
    const reading = await toCase(json, sentences);
    if (!reading.ok) return reading;
    const { steps, rows, warnings } = reading.value;
    const ofRows = steps.map((step, index) => ({ ...step, rows: Rows.safeParse(rows[index]).data ?? [] }));
    const problems = problemsWithRows(ofRows, told);
    if (problems.length > 0) return { ok: false, problems };
    return { ok: true, value: { steps: withExpected(ofRows, told), warnings } };
  });
}

/** Reads the commands of one step out of an answer. */
export async function readStep(
  text: string,
  sentences: SentenceReader,
): Promise<ReadAnswer<{ commands: Script; warnings: string[] }>> {
  return await readAnswer(text, async (json) => {
    const answer = StepAnswer.safeParse(json);
    if (!answer.success) return { ok: false, problems: issuesOf(answer.error) };
    const { commands, problems, warnings } = await readScript(answer.data.commands, { sentences });
    if (problems.length > 0) return { ok: false, problems };
    return { ok: true, value: { commands, warnings: [...(answer.data.warnings ?? []), ...warnings] } };
  });
}

/** Reads what a text may be meant as, until something of it can be used. */
export async function readAnswer<T>(
  text: string,
  read: (json: unknown) => ReadAnswer<T> | Promise<ReadAnswer<T>>,
): Promise<ReadAnswer<T>> {
  let first: ReadAnswer<T> | undefined;
  for await (const json of jsonIn(text)) {
    const reading = await read(json);
    if (reading.ok) return reading;
    first ??= reading;
  }
  if (isClosed(text)) return first ?? { ok: false, problems: ["The answer holds no JSON object."] };
  return { ok: false, problems: ["The answer stops before its JSON object ends. Write less."] };
}

/**
 * The JSON values that a text may be meant as, the most literal first. A text that stops before its end is none of
 * them: what is missing of it nobody knows.
 */
async function* jsonIn(text: string): AsyncGenerator {
  const answer = text.replace(/^\s*<think>[\s\S]*?<\/think>/, "").trim();
  const fenced = /```[a-z]*[ \t]*\r?\n([\s\S]*?)```/i.exec(answer)?.[1];
  const sources = [answer, fenced, ...bracketed(answer), outermost(answer)];
  const candidates = [...new Set(sources.filter((source) => source !== undefined))];
  for (const candidate of candidates) yield* parsed(candidate);
  for (const candidate of candidates) {
    // jsonrepair makes a string of any prose; only a text that begins like an object or an array is worth repairing.
    const json = /^\s*[[{]/.test(candidate) && isClosed(candidate) ? await repaired(candidate) : undefined;
    if (json !== undefined) yield* parsed(json);
  }
}

function* parsed(source: string): Generator {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return;
  }
  if (typeof value === "object" && value !== null) yield value;
}

/** The texts between brackets that match, the longest first; brackets inside strings do not count. */
function bracketed(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [token, index] of tokensOf(text)) {
    if (token === "{" || token === "[") {
      if (depth === 0) start = index;
      depth += 1;
    } else if (depth > 0) {
      depth -= 1;
      if (depth === 0) found.push(text.slice(start, index + 1));
    }
  }
  return found.sort((one, other) => other.length - one.length).slice(0, MAX_CANDIDATES);
}

/** The brackets outside strings. A quotation mark that nothing closes begins none, and neither does any after it. */
function* tokensOf(text: string): Generator<[token: string, index: number]> {
  let areStringsClosed = true;
  const tokens = /["[\]{}]/g;
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    if (match[0] !== '"') yield [match[0], match.index];
    else if (areStringsClosed) {
      const end = endOfString(text, match.index);
      if (end === undefined) areStringsClosed = false;
      else tokens.lastIndex = end;
    }
  }
}

function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}

const MAX_CANDIDATES = 5;

/** The text from the first bracket to the last, which quotation marks around it cannot confuse. */
function outermost(text: string): string | undefined {
  const start = text.search(/[[{]/);
  const end = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
  return start !== -1 && end > start ? text.slice(start, end + 1) : undefined;
}

/** Tells if every bracket that a text opens is closed. */
function isClosed(text: string): boolean {
  let depth = 0;
  for (const [token] of tokensOf(text)) {
    if (token === "{" || token === "[") depth += 1;
    else if (depth > 0) depth -= 1;
  }
  return depth === 0;
}

interface ReadScript {
  commands: Script;
  warnings: string[];
  problems: string[];
}

/** Reads commands, each of which is a sentence, an object, or the text of one. */
async function readScript(
  written: readonly unknown[],
  { sentences, where = "" }: { sentences: SentenceReader; where?: string },
): Promise<ReadScript> {
  const commands: unknown[] = [];
  const read: ReadScript = { commands: [], warnings: [], problems: [] };
  for (const one of written.map(asObject)) {
    // Code is refused as in any script, and not kept as a sentence that nobody reads.
    if (typeof one !== "string" || findPythonSource(one) !== undefined) {
      commands.push(withoutNulls(one));
      continue;
    }
    const sentence = await sentences.read(one);
    commands.push(...sentence.commands);
    read.warnings.push(...sentence.warnings);
    if (sentence.problem !== undefined) read.problems.push(where + sentence.problem);
  }
  try {
    read.commands = parseScript(commands);
    requireSelectorsOf(read.commands);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    read.problems.push(where + error.message);
  }
  return read;
}

/** `{"action": …}` in a text is the command itself. */
function asObject(written: unknown): unknown {
  if (typeof written !== "string" || !/^\s*\{/.test(written)) return written;
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}

/** A depth that no field of a command reaches; deeper values are refused anyway. */
const MAX_DEPTH = 100;

/** Strict mode requires every field, so that one which does not apply comes as null, also inside a locator. */
function withoutNulls(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth + 1));
  const kept = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field, depth + 1)]));
}

function issuesOf(error: z.ZodError): string[] {
  return error.issues.slice(0, 20).map(({ path, message }) => `${path.join(".") || "answer"}: ${message}`);
}
