import type { z } from "zod";
import { COMMANDS, Locator, LOCATOR_TYPES, type Action, type Command } from "./commands.js";
import { didYouMean } from "./did-you-mean.js";

/** Most containers around a locator: `within` inside `within`. */
const MAX_WITHIN = 5;

/**
 * Reads an object as the command of its action.
 *
 * @returns the command, or what is wrong with it, to stand after its name (`missing 'url' field.`), and the path of the
 * field that is meant
 */
export function readCommand(
  action: Action,
  fields: Readonly<Record<string, unknown>>,
): { command: Command } | { wrong: string; path: readonly PropertyKey[] } {
  // A schema follows the locators inside locators however deep they go, until there is no stack left.
  if (hasTooManyContainers(fields)) return { wrong: `uses 'within' more than ${MAX_WITHIN} deep.`, path: [] };
  const parsed = COMMANDS[action].schema.safeParse(fields);
  return parsed.success ? { command: parsed.data } : explain(parsed.error.issues, fields, action);
}

function hasTooManyContainers(fields: Readonly<Record<string, unknown>>): boolean {
  const { alternatives, to } = fields;
  const others: unknown[] = Array.isArray(alternatives) ? alternatives : [];
  const locators = [fields, to, ...others];
  return locators.some((locator) => {
    let inner = locator;
    for (let containers = 0; containers <= MAX_WITHIN; containers++) {
      inner = isObject(inner) && Object.hasOwn(inner, "within") ? inner["within"] : undefined;
      if (inner === undefined) return false;
    }
    return true;
  });
}

function explain(
  issues: z.core.$ZodIssue[],
  fields: object,
  action: Action,
): { wrong: string; path: readonly PropertyKey[] } {
  // One issue is enough to act on; a list of ten hides the one that matters. Of a field with a slip in its name, the
  // name is at fault, and not that the field is missing.
  const slip = issues.find((issue) => issue.code === "unrecognized_keys" && meantBy(issue, action) !== "");
  const first = slip ?? issues[0];
  if (first === undefined) return { wrong: "is not valid.", path: [] };
  const issue = concrete(first, valueAt(fields, first.path));
  const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
  return { wrong: inWords(issue, fields, action), path };
}

function inWords(issue: z.core.$ZodIssue, fields: object, action: Action): string {
  const { path } = issue;
  const field = nameOf(path);
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys.slice(0, 3).map((key) => `'${shorten(key)}'`);
    const place = path.length === 0 ? "" : ` in '${field}'`;
    const valid = `Valid fields: ${knownFields(issue, action).join(", ")}`;
    return `has unknown field ${unknown.join(", ")}${place}.${meantBy(issue, action)} ${valid}`;
  }
  if (path.length === 0) return `${issue.message}.`;
  const parent = valueAt(fields, path.slice(0, -1));
  const key = path[path.length - 1];
  if (key !== undefined && isObject(parent) && !Object.hasOwn(parent, key))
    return `missing '${field}' field.`;
  const value = valueAt(fields, path);
  if (key === "locator_type") {
    const meant = typeof value === "string" ? didYouMean(value, LOCATOR_TYPES) : "";
    return `has unknown ${field} ${show(value)}.${meant} Valid types: ${LOCATOR_TYPES.join(", ")}`;
  }
  return `field '${field}' ${reasonOf(issue, value)}.`;
}

function knownFields({ path }: z.core.$ZodIssue, action: Action): string[] {
  return path.length === 0 ? Object.keys(COMMANDS[action].schema.shape) : LOCATOR_FIELDS;
}

function meantBy(issue: z.core.$ZodIssueUnrecognizedKeys, action: Action): string {
  const [key = ""] = issue.keys;
  return didYouMean(key, knownFields(issue, action));
}

/** Picks the issue that fits the value's kind, where a field takes values of two kinds. */
export function concrete(issue: z.core.$ZodIssue, value: unknown): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const branches = issue.errors.flatMap(([first]) => first ?? []);
  const isOtherKind = (branch: z.core.$ZodIssue) =>
    branch.code === "invalid_type" && branch.path.length === 0 && !isFraction(branch, value);
  const branch = branches.find((candidate) => !isOtherKind(candidate));
  return branch ? { ...branch, path: [...issue.path, ...branch.path] } : issue;
}

/** The fault of a value, to stand after the field's name. */
export function reasonOf(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${kindNamed(issue.expected)}, not ${isFraction(issue, value) ? show(value) : kindOf(value)}`;
    case "invalid_union": {
      const kinds = issue.errors.flatMap(([first]) =>
        first?.code === "invalid_type" ? [first.expected] : [],
      );
      return `must be ${kinds.map(kindNamed).join(" or ")}, not ${kindOf(value)}`;
    }
    case "invalid_value":
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.join(", ")}, not ${show(value)}`;
    case "too_small":
      return issue.origin === "string" || issue.origin === "array"
        ? "must not be empty"
        : `must be at least ${issue.minimum}, not ${show(value)}`;
    case "too_big":
      if (issue.origin === "string") return `must not be longer than ${issue.maximum} characters`;
      if (issue.origin === "array") return `must not have more than ${issue.maximum} entries`;
      return `must be at most ${issue.maximum}, not ${show(value)}`;
    default:
      return `${issue.message}, not ${show(value)}`;
  }
}

const LOCATOR_FIELDS = Object.keys((Locator as unknown as z.ZodObject).shape);

/** True when a number that is not whole stands where only a whole one may. */
function isFraction(issue: z.core.$ZodIssue, value: unknown): boolean {
  return issue.code === "invalid_type" && issue.expected === "int" && typeof value === "number";
}

/** A path as people read it: `alternatives[2].locator_type`. */
export function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === "number") return `${name}[${key}]`;
    return name === "" ? String(key) : `${name}.${String(key)}`;
  }, "");
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (isContainer(inner) ? inner[key] : undefined), value);
}

function isContainer(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return isContainer(value) && !Array.isArray(value);
}

function kindNamed(expected: string): string {
  if (expected === "int") return "a whole number";
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

/** The kind of a value, as words for a message. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A value as JSON, short enough for a message. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shorten(value));
  return typeof value === "number" || typeof value === "boolean" ? String(value) : kindOf(value);
}

export function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
