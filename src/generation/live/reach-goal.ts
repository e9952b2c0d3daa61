import type { Script } from "../../protocol/commands.js";
import type { PageSnapshot } from "../../runner/ports.js";
import { findGoal, type FoundGoal } from "../grounding/goals.js";
import { messagesIn, seenAfterwards } from "../grounding/seen-afterwards.js";
import { checked, notUnderstood } from "../plain-english/description.js";
import { isOrder, SERVING, type Goal } from "../plain-english/goals.js";
import type { ReadClause } from "../plain-english/steps.js";
import { missingValues } from "./missing-values.js";
import { lookUntil, snapshotOf, type Sighting } from "./sighting.js";
import { strayedTo, ungrounded, untried, type Surroundings, type Tried } from "./try-sentence.js";

const UNCHECKED = "it does not say what is seen when it is reached; put a check in this place";

/**
 * Does on the page what a goal asks for, with variables in the place of data. Its step never passes by itself: the goal
 * does not say what is seen when it is reached, and checks of what was seen are only offered.
 */
export async function reachGoal(goal: Goal, clause: ReadClause, surroundings: Surroundings): Promise<Tried> {
  const { page, step, hosts, variables } = surroundings;
  const sighting: Sighting = { ...surroundings, signal: step.signal };
  const strayed = await strayedTo(page, hosts, step.signal);
  if (strayed !== undefined) return notVerified(clause, untried(strayed));

  let { way, before } = await lookFor(goal, ["found", "entry"], sighting);
  let entry: Script = [];
  if (way.kind === "entry") {
    entry = way.commands;
    const entered = await step.perform(entry, hosts);
    if (entered.verdict !== "passed") return notVerified(clause, entered.message);
    // The control that leads to the form may stay where it is.
    ({ way, before } = await lookFor(goal, ["found"], sighting));
  }
  if (way.kind !== "found" || before === undefined) return ungrounded(clause, lost(way, goal));

  const commands = checked(clause.text, [...entry, ...way.commands]);
  const asked = isOrder(clause.text) ? ordered(clause, commands) : unchecked(clause, commands);
  const missing = missingValues(way.commands, variables);
  if (missing.length > 0) return notVerified(asked, untried(missing.join("; ")));
  const outcome = await step.perform(way.commands, hosts);
  if (outcome.verdict !== "passed") return notVerified(asked, outcome.message);

  const after = await settledAfter(before, sighting);
  if (after !== undefined && goal !== "search" && findGoal(goal, after).kind === "found")
    return notVerified(asked, stillThere(goal, after));
  if (isOrder(clause.text)) return { clause: asked, outcome: "verified", message: null };
  const offered = after === undefined ? [] : seenAfterwards(before, after);
  return { clause: asked, outcome: "not_understood", message: UNCHECKED, offered };
}

interface Look {
  way: FoundGoal;
  /** The page as it was then; nothing where a dialog blocks it. */
  before: PageSnapshot | undefined;
}

/** Looks for the form of a goal, which may come late. */
async function lookFor(goal: Goal, kinds: readonly FoundGoal["kind"][], sighting: Sighting): Promise<Look> {
  const look = async (): Promise<Look> => {
    const before = await snapshotOf(sighting);
    const blocked: FoundGoal = { kind: "missing", reason: "a dialog is open", candidates: [] };
    return { before, way: before === undefined ? blocked : findGoal(goal, before) };
  };
  return await lookUntil(look, ({ way }) => kinds.includes(way.kind), sighting);
}

function lost(way: FoundGoal, goal: Goal): Parameters<typeof ungrounded>[1] {
  if (way.kind === "missing") return way;
  return { kind: "missing", reason: `no ${SERVING[goal]} has come after the click`, candidates: [] };
}

/** The page once something new is seen on it that stays; as it is where nothing comes. */
async function settledAfter(before: PageSnapshot, sighting: Sighting): Promise<PageSnapshot | undefined> {
  let last = "";
  const look = async () => {
    const after = await snapshotOf(sighting);
    const seen = after === undefined ? "" : JSON.stringify(seenAfterwards(before, after));
    const isSettled = after === undefined || (seen !== "[]" && seen === last);
    last = seen;
    return { after, isSettled };
  };
  return (await lookUntil(look, ({ isSettled }) => isSettled, sighting)).after;
}

function stillThere(goal: Goal, after: PageSnapshot): string {
  const said = messagesIn(after).map(({ name }) => `“${name}”`);
  const says = said.length === 0 ? "" : `, and the page says ${said.join(", ")}`;
  return `The ${SERVING[goal]} is still there after it was sent${says}.`;
}

function notVerified(clause: ReadClause, message: string): Tried {
  return { clause, outcome: "not_verified", message };
}

function ordered(clause: ReadClause, commands: Script): ReadClause {
  return { ...clause, warnings: [], meaning: { kind: "action", commands, login: "whole" } };
}

/** The commands, and behind them a part that does not pass. */
function unchecked(clause: ReadClause, commands: Script): ReadClause {
  const { meaning, warnings } = notUnderstood(clause.text, { reason: UNCHECKED });
  return { ...clause, warnings, meaning: { kind: "unknown", commands: [...commands, ...meaning.commands] } };
}
