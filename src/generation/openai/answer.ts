import { jsonrepair } from "jsonrepair";
import { z } from "zod";
import type { Script } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import { parseScript } from "../../protocol/script.js";
import type { GeneratedCase } from "../ports.js";

/** What an answer's text turned out to be. `problems` are written for the model, which may try again. */
export type Reading<T> = { ok: true; value: T } | { ok: false; problems: string[] };

const Warnings = z.array(z.string()).nullish();
const Line = z.string().trim().min(1).max(5_000);

/** Commands stay unknown here: `parseScript` checks them and names what is wrong in words. */
const CaseAnswer = z.object({
  steps: z
    .array(z.object({ description: Line, expected_result: Line, commands: z.array(z.unknown()) }))
    .min(1)
    .max(500),
  warnings: Warnings,
});

const StepAnswer = z.object({ commands: z.array(z.unknown()), warnings: Warnings });

/** Reads a whole test case out of an answer: JSON, fenced JSON, JSON amid prose, or JSON that can be repaired. */
export function readCase(text: string): Reading<GeneratedCase> {
  return readAnswer(text, (json) => {
    const answer = CaseAnswer.safeParse(Array.isArray(json) ? { steps: json } : json);
    if (!answer.success) return { ok: false, problems: issuesOf(answer.error) };
    const problems: string[] = [];
    const steps = answer.data.steps.map((step, index) => ({
      description: step.description,
      expectedResult: step.expected_result,
      commands: readScript(step.commands, problems, `Step ${index + 1}: `),
    }));
    if (problems.length > 0) return { ok: false, problems };
    return { ok: true, value: { steps, warnings: answer.data.warnings ?? [] } };
  });
}

/** Reads the commands of one step out of an answer. */
export function readStep(text: string): Reading<{ commands: Script; warnings: string[] }> {
  return readAnswer(text, (json) => {
    const answer = StepAnswer.safeParse(Array.isArray(json) ? { commands: json } : json);
    if (!answer.success) return { ok: false, problems: issuesOf(answer.error) };
    const problems: string[] = [];
    const commands = readScript(answer.data.commands, problems);
    if (problems.length > 0) return { ok: false, problems };
    return { ok: true, value: { commands, warnings: answer.data.warnings ?? [] } };
  });
}

function readAnswer<T>(text: string, read: (json: unknown) => Reading<T>): Reading<T> {
  let first: Reading<T> | undefined;
  for (const json of jsonIn(text)) {
    const reading = read(json);
    if (reading.ok) return reading;
    first ??= reading;
  }
  return first ?? { ok: false, problems: ["The answer holds no JSON object."] };
}

/** The JSON values that a text may be meant as, the most literal first. */
function* jsonIn(text: string): Generator {
  const answer = text.replace(/^\s*<think>[\s\S]*?<\/think>/, "").trim();
  const fenced = /```[a-z]*[ \t]*\r?\n([\s\S]*?)```/i.exec(answer)?.[1];
  // Whole values first; what begins and never ends is only good for repair.
  const sources = [answer, fenced, ...bracketed(answer), unended(answer)];
  const candidates = [...new Set(sources.filter((source) => source !== undefined))];
  for (const candidate of candidates) yield* parsed(candidate, JSON.parse);
  for (const candidate of candidates) {
    // jsonrepair makes a string of any prose; only what begins like an object or an array is worth repairing.
    if (/^\s*[[{]/.test(candidate)) yield* parsed(candidate, (source) => JSON.parse(jsonrepair(source)));
  }
}

function* parsed(source: string, parse: (source: string) => unknown): Generator {
  let value: unknown;
  try {
    value = parse(source);
  } catch {
    return;
  }
  if (typeof value === "object" && value !== null) yield value;
}

/** What stands between a bracket and the one that closes it, the longest first; no bracket inside a string counts. */
function bracketed(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]/gs)) {
    if (token.startsWith('"')) continue;
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

const MAX_CANDIDATES = 5;

/** From the first bracket to the last closing one, or to the end. */
function unended(text: string): string | undefined {
  const start = text.search(/[[{]/);
  if (start === -1) return undefined;
  const end = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
  return end > start ? text.slice(start, end + 1) : text.slice(start);
}

function readScript(commands: unknown[], problems: string[], where = ""): Script {
  try {
    return parseScript(commands.map(withoutNulls));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    problems.push(where + error.message);
    return [];
  }
}

/** Strict mode requires every field, so that one which does not apply comes as null, also inside a locator. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field)]));
}

function issuesOf(error: z.ZodError): string[] {
  return error.issues.slice(0, 20).map(({ path, message }) => `${path.join(".") || "answer"}: ${message}`);
}
