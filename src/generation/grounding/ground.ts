import { stepLines } from "../../formats/step-lines.js";
import type { Script } from "../../protocol/commands.js";
import type { PageSnapshot, SeenNode } from "../../runner/ports.js";
import { readSentence, type Clause } from "../plain-english/clauses.js";
import { Marking } from "../plain-english/marking.js";
import type { ClauseContext } from "../plain-english/meaning.js";
import { joinLines, splitSentences } from "../plain-english/sentences.js";
import { expectOnPage } from "./expectations.js";
import { PageSight, type Unresolved } from "./page-sight.js";
import { doVerb } from "./verbs.js";

/** A clause on an open page: commands with locators of that page's elements, or why it is not understood. */
export type GroundedClause = { text: string } & (
  | {
      kind: "action" | "check";
      commands: Script;
      /** The expected results of a check, in words for people. */
      expected: readonly string[];
      /** Variables that stand for data which the clause describes and does not tell. */
      asks: readonly string[];
      /** The elements that it is about. */
      elements: readonly SeenNode[];
    }
  | (Unresolved & {
      /** The two or more ways in which it can be understood. */
      readings?: readonly string[];
    })
);

export interface GroundingOptions {
  /** The address to which relative ones belong. @defaultValue the page's own */
  baseUrl?: string;
}

/**
 * Reads sentences about the page that is open. Of several clauses, those after the first are about the same page: where
 * the first changes it, the others have to be read again once it has.
 */
export function ground(
  text: string,
  snapshot: PageSnapshot,
  { baseUrl = snapshot.url }: GroundingOptions = {},
): GroundedClause[] {
  const sight = new PageSight(snapshot);
  return joinLines(stepLines(text), { isWhole: false }).flatMap((line) => {
    const marking = new Marking(line.text, line);
    const context: ClauseContext = { marking, baseUrl, sight };
    return splitSentences(marking.text.replace(/\s+/g, " ")).flatMap((sentence) =>
      readSentence(sentence, context).map((clause) => groundClause(clause, sight)),
    );
  });
}

const LOG_OUT = /^(?:log|sign)(?:s|g?ing)? ?(?:out|off)\b/i;

function groundClause({ text, meaning }: Clause, sight: PageSight): GroundedClause {
  if (meaning.kind === "problem") {
    const { reason = "no command says this", readings } = meaning;
    const expectation = readings === undefined ? expectOnPage(text, sight.index) : undefined;
    if (expectation?.kind === "commands") {
      const { commands, elements, expected = [] } = expectation;
      return { text, kind: "check", commands, expected, asks: [], elements };
    }
    if (expectation !== undefined) return { text, ...expectation };
    const done = readings === undefined ? doVerb(text, sight.index) : undefined;
    if (done?.kind === "commands")
      return {
        text,
        kind: "action",
        commands: done.commands,
        expected: [],
        asks: [],
        elements: done.elements,
      };
    if (done !== undefined) return { text, ...done };
    return {
      text,
      kind: "unresolved",
      cause: "words",
      reason,
      candidates: [],
      ...(readings && { readings }),
    };
  }
  // Without a page, every usual name of the control is tried in turn.
  const grounded =
    (LOG_OUT.test(text) ? doVerb(text, sight.index) : undefined) ?? sight.ground(meaning.commands);
  if (grounded.kind === "unresolved") return { text, ...grounded };
  const { commands, elements } = grounded;
  const expected = meaning.kind === "check" ? meaning.expected : [];
  return { text, kind: meaning.kind, commands, expected, asks: meaning.asks ?? [], elements };
}
