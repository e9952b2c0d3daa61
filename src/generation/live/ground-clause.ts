import type { Script } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import { ground, type GroundedClause } from "../grounding/ground.js";
import { checked } from "../plain-english/description.js";
import type { ReadClause } from "../plain-english/steps.js";
import { lookUntil, snapshotOf, type Sighting } from "./sighting.js";

/** The meaning of a clause on the page that is open. */
export type Grounded =
  | {
      kind: "commands";
      commands: Script;
      /** A language model has found the elements. @defaultValue rules have */
      isByModel?: true;
    }
  | {
      /**
       * `unread`: no rule reads it. `missing`: the page does not show what it names. `ambiguous`: several elements fit, and
       * nobody chooses.
       */
      kind: "unread" | "missing" | "ambiguous";
      reason: string;
      /** The elements that fit, or the likest, in words. */
      candidates: readonly string[];
    };

/** Finds the elements that a clause names on the page as it is now, and waits for those that come late. */
export async function groundClause(clause: ReadClause, sighting: Sighting): Promise<Grounded> {
  return await lookUntil(
    () => look(clause, sighting),
    ({ kind }) => kind !== "missing",
    sighting,
  );
}

async function look(clause: ReadClause, sighting: Sighting): Promise<Grounded> {
  const snapshot = await snapshotOf(sighting);
  // The command is about the dialog that is open, or says that it is there.
  if (snapshot === undefined) return asWritten(clause);
  const read = ground(clause.text, snapshot);
  const lost = read.find((one) => one.kind === "unresolved");
  if (lost !== undefined) return lostIn(clause, lost);
  const commands = read.flatMap((one) => (one.kind === "unresolved" ? [] : one.commands));
  try {
    return { kind: "commands", commands: checked(clause.text, commands) };
  } catch (error) {
    // No script may hold what the sentence clearly says, such as a selector that no browser reads.
    if (!(error instanceof AppError)) throw error;
    return { kind: "unread", reason: error.message, candidates: [] };
  }
}

function lostIn(clause: ReadClause, lost: Extract<GroundedClause, { kind: "unresolved" }>): Grounded {
  const { reason, candidates, cause } = lost;
  const kind = KINDS[cause];
  // Words that make sense in their sentence only, as "and tom into Name", are read there.
  if (kind === "unread" && clause.meaning.kind !== "unknown") return asWritten(clause);
  return { kind, reason, candidates };
}

const KINDS = { words: "unread", none: "missing", several: "ambiguous" } as const;

function asWritten({ meaning: { commands } }: ReadClause): Grounded {
  return { kind: "commands", commands };
}
