import type { z } from "zod";
import { concrete, nameOf, reasonOf, valueAt } from "../../protocol/command-issues.js";
import type { Command } from "../../protocol/commands.js";
import { didYouMean } from "../../protocol/did-you-mean.js";
import type { NewEnvironment } from "../../protocol/environments.js";
import { parseCommand, ScriptError } from "../../protocol/script.js";
import { requireSelectors } from "../selectors.js";
import { isContainer, SourceDocument, type Fault, type Path, type Place } from "./document.js";
import { faultOfJson } from "./json.js";
import { MAX_CASE_FILE_BYTES, refusalOfSize } from "./limits.js";
import { KEY_ORDER, ManyCases, OneCase, type FileCase } from "./schema.js";

/** A fault of a case file. Its message says what is wrong and what to do. */
export interface CaseFileError extends Fault {
  /** The file's name, as its reader gave it. */
  file: string;
}

/** A case of a file, and where in the file it and its parts are. */
export interface ReadCase {
  testCase: FileCase;
  file: string;
  place: Place;
  /** Of each step, with those of its commands. */
  steps: { place: Place; commands: Place[] }[];
}

/** An environment of a file, and where it is. */
export interface ReadEnvironment {
  environment: NewEnvironment;
  file: string;
  place: Place;
}

export interface CaseFileContent {
  cases: ReadCase[];
  environments: ReadEnvironment[];
}

export type CaseFileReading = CaseFileContent | { errors: CaseFileError[] };

/**
 * Reads a case file: YAML, or JSON, which is YAML too. It holds one case, or several under `cases`.
 *
 * @param options.file its name, for messages; one that ends in `.json` has to be JSON
 * @returns the cases in their order, or every fault that was found, up to 20; never a part of the cases
 */
export function readCaseFile(text: string, { file }: { file: string }): CaseFileReading {
  const size = Buffer.byteLength(text);
  if (size > MAX_CASE_FILE_BYTES)
    return { errors: [{ file, line: 1, column: 1, message: refusalOfSize(size) }] };
  const plain = text.replace(/^\uFEFF/, "");
  const notJson = file.endsWith(".json") ? faultOfJson(plain) : undefined;
  if (notJson !== undefined) return { errors: [{ file, ...notJson }] };
  const source = new SourceDocument(plain);
  const content = source.faults.length === 0 ? readDocument(source, file) : undefined;
  if (content !== undefined) return content;
  const inOrder = source.faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { errors: inOrder.map((fault) => ({ file, ...fault })) };
}

function readDocument(source: SourceDocument, file: string): CaseFileContent | undefined {
  const isList = isContainer(source.value) && ("cases" in source.value || "environments" in source.value);
  const parsed = (isList ? ManyCases : OneCase).safeParse(source.value);
  for (const issue of parsed.error?.issues ?? []) source.add(explain(issue, source), placeOf(issue, source));
  // Commands are looked at whatever else is wrong: all faults of a file are told at once.
  const paths = listAt(source, ["cases"]).map((_, index): Path => ["cases", index]);
  const read = (isList ? paths : [[]]).map((at) => readCommands(source, at));
  if (!parsed.success || source.faults.length > 0) return undefined;
  const { environments = [], cases = [] } = isList
    ? (parsed.data as z.infer<typeof ManyCases>)
    : { cases: [parsed.data as z.infer<typeof OneCase>] };
  return {
    cases: cases.map((testCase, index) => ({
      testCase: withCommands(testCase, read[index] ?? []),
      file,
      place: source.placeOf(isList ? ["cases", index] : []),
      steps: (read[index] ?? []).map(({ place, commands }) => ({
        place,
        commands: commands.map((command) => command.place),
      })),
    })),
    environments: environments.map((environment, index) => ({
      environment,
      file,
      place: source.placeOf(["environments", index]),
    })),
  };
}

interface ReadStep {
  place: Place;
  commands: { command: Command; place: Place }[];
}

function readCommands(source: SourceDocument, at: Path): ReadStep[] {
  return listAt(source, [...at, "steps"]).map((_, number) => {
    const step = [...at, "steps", number];
    const commands = listAt(source, [...step, "script"]).flatMap((command, index) => {
      const path = [...step, "script", index];
      try {
        const read = parseCommand(command, index + 1);
        requireSelectors(read, index + 1);
        return [{ command: read, place: source.placeOf(path) }];
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        const field = [...path, ...error.path];
        source.add(`${error.message}${quoted(error.message, field, source)}`, source.placeOf(field));
        return [];
      }
    });
    return { place: source.placeOf(step), commands };
  });
}

function withCommands({ steps = [], ...fields }: z.infer<typeof OneCase>, read: ReadStep[]): FileCase {
  delete fields.$schema;
  const script = (index: number) => (read[index]?.commands ?? []).map(({ command }) => command);
  return { ...fields, steps: steps.map((step, index) => ({ ...step, script: script(index) })) };
}

function listAt(source: SourceDocument, path: Path): unknown[] {
  const value = valueAt(source.value, path);
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The fault of a field that is none of a command. */
function explain(whole: z.core.$ZodIssue, source: SourceDocument): string {
  const value = valueAt(source.value, whole.path);
  const issue = concrete(whole, value);
  if (issue.code === "unrecognized_keys") return explainUnknown(issue);
  // A name that no variable can have.
  if (issue.code === "invalid_key")
    return `The name '${String(issue.path.at(-1)).slice(0, 60)}' ${issue.issues[0]?.message ?? "is not valid"}.`;
  const field = nameOf(issue.path);
  if (issue.path.includes("secrets"))
    return `The field '${field}' must be the name of a secret that the server has: ${issue.message}.`;
  if (field === "") return `The file must hold a case or a list 'cases': ${reasonOf(issue, value)}.`;
  const parent = valueAt(source.value, issue.path.slice(0, -1));
  if (value === undefined && isContainer(parent)) return `The field '${field}' is missing; write it here.`;
  const fault = issue.code === "custom" && isContainer(value) ? issue.message : reasonOf(issue, value);
  return `The field '${field}' ${fault}.${quoted(fault, issue.path, source)}`;
}

function placeOf(issue: z.core.$ZodIssue, source: SourceDocument): Place {
  const [key] = issue.code === "unrecognized_keys" ? issue.keys : [];
  return source.placeOf(key === undefined ? issue.path : [...issue.path, key]);
}

/** Names that another way into Stepwire has for what a file calls otherwise. */
const NAMES_ELSEWHERE: Readonly<Record<string, string>> = {
  id: "slug",
  selenium_script_json: "script",
  commands: "script",
  title: "name",
  env: "environment",
};

function explainUnknown({ keys: [key = ""], path }: z.core.$ZodIssueUnrecognizedKeys): string {
  const known = knownKeys(path);
  const elsewhere = Object.hasOwn(NAMES_ELSEWHERE, key) ? NAMES_ELSEWHERE[key] : undefined;
  const whole = known.find((name) => name === elsewhere || name.startsWith(`${key}_`));
  const meant = whole === undefined ? didYouMean(key, known) : ` Did you mean '${whole}'?`;
  return `There is no field '${key.slice(0, 60)}' here.${meant} Valid fields: ${known.join(", ")}`;
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  if (path.includes("environments")) return KEY_ORDER.environment;
  if (path.includes("steps")) return KEY_ORDER.step;
  return path.length === 0 ? KEY_ORDER.file : KEY_ORDER.testCase;
}

/** The remedy for a text that YAML takes for a number, a truth value or nothing. */
function quoted(fault: string, path: Path, source: SourceDocument): string {
  const text = source.sourceOf(path);
  const value = valueAt(source.value, path);
  if (typeof value === "string" || text === undefined || !/\bmust be (?:a string|one of)\b/.test(fault))
    return "";
  return text.length > 60 ? " Put it in quotes." : ` Put it in quotes: "${text}".`;
}
