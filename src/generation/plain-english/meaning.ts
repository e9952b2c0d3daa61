import type { Action as CommandAction, Command, CommandOf, Script, Target } from "../../protocol/commands.js";
import type { Pattern } from "./grammar/pattern.js";
import type { Phrase } from "./grammar/phrase.js";

export type { ClauseContext } from "./grammar/phrase.js";

/** The meaning of a clause, as far as it is understood. */
export type Meaning = Action | Check | Problem;

export interface Action {
  kind: "action";
  commands: Script;
  /** Its part in a login: it enters a password, is the click that may send it, or does all of it at once. */
  login?: "password" | "click" | "whole";
  /** Variables that stand for data which the clause describes and does not tell. */
  asks?: string[];
}

export interface Check {
  kind: "check";
  commands: Script;
  /** The expected result, in words for people. */
  expected: string[];
  asks?: string[];
}

/** The clause has no meaning as a command; `reason` says what is missing where that is known. */
export interface Problem {
  kind: "problem";
  reason: string | undefined;
  /** No other rule may understand the clause in another way. */
  isFinal?: boolean;
  /** The two or more ways in which the clause can be understood. */
  readings?: string[];
  /** The words that no rule could account for. */
  unread?: string;
}

/** Reads one form of clause; `undefined` where the clause has another form. */
export interface Rule {
  (clause: Phrase): Meaning | undefined;
  /** The form that it reads, in words for people; none where it has no one template. */
  form?: string;
}

/**
 * The rule for clauses of a form. Where `build` finds a fault in what the slots have read, the other ways to read the
 * clause in this form are tried first.
 */
export function rule<S extends readonly unknown[]>(
  pattern: Pattern<S>,
  build: (...slots: S) => Meaning | undefined,
): Rule {
  const read: Rule = (clause) => {
    let fault: Problem | undefined;
    const meaning = pattern.match(clause, (...slots) => {
      const built = build(...slots);
      if (built?.kind !== "problem" || built.isFinal === true) return built;
      if (fault?.reason === undefined) fault = built;
      return undefined;
    });
    return meaning ?? fault;
  };
  read.form = pattern.words;
  return read;
}

export function action(...commands: Command[]): Action {
  return { kind: "action", commands };
}

/** Actions that need a target and nothing else. */
type TargetedAction = {
  [A in CommandAction]: Target extends Omit<CommandOf<A>, "action"> ? A : never;
}[CommandAction];

/** A command that does something to a target, for an action that is known only when this runs. */
export function commandOn(action: TargetedAction, target: Target): Command {
  // True of every one of these actions; the compiler does not see that through their union.
  return { action, ...target } as Command;
}

export function problem(reason?: string): Problem {
  return { kind: "problem", reason };
}

/** A problem with a clause that another rule could only misunderstand. */
export function refusal(reason: string | undefined): Problem {
  return { kind: "problem", reason, isFinal: true };
}

/** The first rule that understands the clause decides, else the first that says what is wrong with it. */
export function firstMeaning(rules: readonly Rule[], clause: Phrase): Meaning {
  let found: Problem | undefined;
  for (const rule of rules) {
    const meaning = rule(clause);
    if (meaning !== undefined && (meaning.kind !== "problem" || meaning.isFinal === true)) return meaning;
    if (found?.reason === undefined) found = meaning ?? found;
  }
  return found ?? problem();
}
