import { setTimeout as delay } from "node:timers/promises";
import type { Script } from "../../protocol/commands.js";
import type { Page, TakeSnapshot, Variables } from "../../runner/ports.js";
import { ground, type GroundedClause } from "../grounding/ground.js";
import { checked } from "../plain-english/description.js";
import type { ReadClause } from "../plain-english/steps.js";

/** Longest wait for an element that the page does not show yet, and the time between two looks, in milliseconds. */
const LATE_MS = 5_000;
const LOOK_INTERVAL_MS = 250;

/** The meaning of a clause on the page that is open. */
export type Grounded =
  | { kind: "commands"; commands: Script }
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

export interface Sighting {
  page: Page;
  takeSnapshot: TakeSnapshot;
  variables: Pick<Variables, "mask">;
  signal: AbortSignal;
}

/** Finds the elements that a clause names on the page as it is now, and waits for those that come late. */
export async function groundClause(clause: ReadClause, sighting: Sighting): Promise<Grounded> {
  const until = performance.now() + LATE_MS;
  for (;;) {
    const grounded = await look(clause, sighting);
    if (grounded.kind !== "missing" || performance.now() > until) return grounded;
    await delay(LOOK_INTERVAL_MS, undefined, { signal: sighting.signal });
  }
}

async function look(
  clause: ReadClause,
  { page, takeSnapshot, variables, signal }: Sighting,
): Promise<Grounded> {
  // Nothing can be seen of a page that a dialog blocks; the command is about the dialog, or says that it is there.
  if (page.openDialog) return asWritten(clause);
  const snapshot = await takeSnapshot(page, { signal, mask: (text) => variables.mask(text) });
  const read = ground(clause.text, snapshot);
  const lost = read.find((one) => one.kind === "unresolved");
  if (lost !== undefined) return lostIn(clause, lost);
  const commands = read.flatMap((one) => (one.kind === "unresolved" ? [] : one.commands));
  return { kind: "commands", commands: checked(clause.text, commands) };
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
