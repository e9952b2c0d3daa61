import type { Action, Script } from "../../protocol/commands.js";
import type { IncomingStep, Place } from "../../formats/ports.js";
import { MAX_COMMANDS } from "../../protocol/limits.js";
import type { GeneratedStep } from "../ports.js";
import type { Action as DoneAction, Check } from "./meaning.js";
import { capitalised } from "./words.js";

/** A clause that was not understood, as the command that stands in its place and never passes. */
export interface Unknown {
  kind: "unknown";
  commands: Script;
}

/** A clause of a description, and where it stood. */
export interface ReadClause {
  /** The author's words for it. */
  text: string;
  meaning: DoneAction | Check | Unknown;
  /** For the author: the clause was not understood, or asks for data. */
  warnings: string[];
  /** Number of the list item or sentence that it is in. */
  passage: number;
  isListItem: boolean;
  /** The step of the document that it is in; prose is put together to other steps. */
  step: IncomingStep;
  /** An expected result is only checked. */
  role: "done" | "expected";
  place: Place;
}

/**
 * Makes steps of clauses. Every other step needs step 1, because each is also run alone after it: the login, or
 * without one the opening of the application. After it each list item is a step; in prose a step has some actions
 * and the checks that follow them.
 */
export function groupSteps(clauses: ReadClause[]): GeneratedStep[] {
  return groupClauses(clauses).flatMap(toSteps);
}

/** The clauses of each step. */
export function groupClauses(clauses: ReadClause[]): ReadClause[][] {
  const first = lengthOfLogin(clauses) ?? lengthOfOpening(clauses);
  const groups = first === 0 ? [] : [clauses.slice(0, first)];
  let current: ReadClause[] = [];
  for (const clause of clauses.slice(first)) {
    const previous = current.at(-1);
    if (previous !== undefined && beginsStep(previous, clause)) {
      groups.push(current);
      current = [];
    }
    current.push(clause);
  }
  if (current.length > 0) groups.push(current);
  return groups;
}

function beginsStep(previous: ReadClause, clause: ReadClause): boolean {
  if (previous.isListItem || clause.isListItem) return previous.passage !== clause.passage;
  // A sentence of prose that is not understood is a step of its own, so that what is around it can be judged.
  if ([previous, clause].some(({ meaning }) => meaning.kind === "unknown"))
    return previous.passage !== clause.passage;
  return previous.meaning.kind === "check" && clause.meaning.kind === "action";
}

/** Most clicks that lead to a login form: "Accept cookies", "Sign in". */
const MAX_CLICKS_BEFORE_LOGIN = 2;

/**
 * The number of clauses that the login takes: up to the click after the password, and the checks right after it.
 * `undefined` where the description does not begin with a login.
 */
function lengthOfLogin(clauses: ReadClause[]): number | undefined {
  let clicks = 0;
  let hasPassword = false;
  for (const [index, { meaning }] of clauses.entries()) {
    if (meaning.kind !== "action") continue;
    if (meaning.login === "whole") return withChecks(clauses, index + 1);
    if (meaning.login === "password") hasPassword = true;
    if (meaning.login !== "click") continue;
    if (hasPassword) return withChecks(clauses, index + 1);
    clicks += 1;
    if (clicks > MAX_CLICKS_BEFORE_LOGIN) return undefined;
  }
  return undefined;
}

function withChecks(clauses: ReadClause[], length: number): number {
  let end = length;
  const last = clauses[end - 1];
  const isSameItem = (clause: ReadClause | undefined): boolean =>
    clause !== undefined && clause.isListItem && clause.passage === last?.passage;
  while (clauses[end]?.meaning.kind === "check" || isSameItem(clauses[end])) end += 1;
  return end;
}

/** The number of clauses that only open the application; a whole list item where it goes on in the same item. */
function lengthOfOpening(clauses: ReadClause[]): number {
  let end = 0;
  while (clauses[end] !== undefined && opens(clauses[end])) end += 1;
  if (end === 0) return 0;
  const last = clauses[end - 1];
  const isSameItem = (clause: ReadClause | undefined): boolean =>
    clause !== undefined &&
    clause.passage === last?.passage &&
    (clause.isListItem || clause.meaning.kind === "check");
  while (isSameItem(clauses[end])) end += 1;
  return end;
}

/** Tells if a clause opens a page. */
export function opens(clause: ReadClause | undefined): boolean {
  return clause?.meaning.kind === "action" && clause.meaning.commands[0]?.action === "navigate";
}

/** The step that some clauses make; several where they have more commands than one may. */
export function toSteps(group: ReadClause[]): GeneratedStep[] {
  const commands = group.flatMap(({ meaning }) => meaning.commands);
  const description = describe(group);
  const expectedResult = expectation(group, commands);
  const parts: Script[] = [];
  for (let at = 0; at < commands.length; at += MAX_COMMANDS)
    parts.push(commands.slice(at, at + MAX_COMMANDS));
  const warnings = group.flatMap((clause) => clause.warnings);
  return parts.map((part, index) => ({
    description,
    expectedResult,
    commands: part,
    warnings: index === 0 ? warnings : [],
  }));
}

function describe(group: ReadClause[]): string {
  const done = group.filter(({ role }) => role === "done");
  const actions = done.filter(({ meaning }) => meaning.kind !== "check");
  const told = actions.length > 0 ? actions : done.length > 0 ? done : group;
  const parts: string[] = [];
  for (const [at, { step, text }] of told.entries()) {
    const heading = step === told[at - 1]?.step ? undefined : step.heading?.text;
    const sentence = capitalised(text);
    parts.push(heading === undefined || heading === sentence ? sentence : `${heading}: ${sentence}`);
  }
  return parts.join(". ");
}

function expectation(group: ReadClause[], commands: Script): string {
  const steps = new Set(group.map(({ step }) => step));
  const written = [...steps].flatMap(({ expected }) => expected.map(({ text }) => text));
  const checked = group.flatMap(({ meaning, role }) =>
    meaning.kind === "check" && role === "done" ? meaning.expected : [],
  );
  const expected = [...checked, ...written.map((text) => capitalised(text.replace(/[.;]+$/, "")))];
  if (expected.length > 0) return expected.join(". ");
  const isLogin = group.some(({ meaning }) => meaning.kind === "action" && meaning.login === "password");
  const isWholeLogin = group.some(({ meaning }) => meaning.kind === "action" && meaning.login === "whole");
  const last = commands.at(-1);
  if (isWholeLogin || (isLogin && last?.action === "click")) return "The login is sent";
  return last === undefined ? "" : (AFTER[last.action] ?? "It is done");
}

/** The state after each command, where the description checks nothing. */
export const AFTER: Partial<Record<Action, string>> = {
  navigate: "The page is open",
  back: "The page before is open",
  forward: "The next page is open",
  refresh: "The page is loaded again",
  new_window: "The window is open",
  switch_window: "The window is open",
  click: "The click succeeds",
  double_click: "The double click succeeds",
  right_click: "The click succeeds",
  hover: "The pointer is over it",
  input: "The values are filled in",
  clear: "The field is empty",
  press_key: "The key is pressed",
  select: "The option is selected",
  check: "The box is ticked",
  uncheck: "The box is not ticked",
  upload_file: "The file is chosen",
  handle_dialog: "The dialog is answered",
  drag_and_drop: "It is dropped",
  focus: "The field has the focus",
  scroll: "It is in view",
  not_understood: "It is understood",
  set_window_size: "The window has the size",
  switch_frame: "The frame is there",
  close_window: "The window is closed",
  screenshot: "The picture is kept",
  wait: "The wait is over",
};
