import type { ModifierKey, MouseButton } from "../protocol/commands.js";
import { callAfterInput } from "./ask-page.js";
import { hit, NotSatisfied, Search, type FindContext } from "./find.js";
import { isPaced, typeInPace, type Pace } from "./pace.js";
import { CONFIRM_KEYS, WHEEL_ANSWER } from "./page-script.generated.js";
import type { Goal, Offset, PageTarget, PointerGuard, Satisfied } from "./page/requests.js";
import type { Key, Point, PointerAction } from "./ports.js";

/** An element for the pointer to go to. */
export interface Aim {
  target: PageTarget;
  offset?: Offset | undefined;
  /** Keys that are held while the pointer acts. */
  modifiers?: readonly ModifierKey[] | undefined;
  timeoutMs: number;
}

export interface Press extends Aim {
  button: MouseButton;
  /** Number of presses in quick succession. */
  clicks: number;
}

/**
 * Presses on an element as soon as that would hit it, and again when the page moved or covered it in the very
 * moment of the press; what was hit instead never learns of it.
 *
 * @throws as {@link find}
 */
export async function findAndPress({ button, clicks, ...aim }: Press, context: FindContext): Promise<void> {
  const actionsAt = (point: Point) => holding(aim, pressesAt(point, button, clicks));
  await findAndHit(aim, { guard: "click", actionsAt }, context);
}

/**
 * Presses the left button on an element, disabled or not, as {@link findAndPress} does, and begins to drag it. Keys
 * that are held stay so until {@link endOfDrag}.
 *
 * @param to where the first movement goes from where it was pressed
 * @returns where it was pressed
 * @throws as {@link find}
 */
export async function findAndDrag(
  { to, ...aim }: Aim & { to: (from: Point) => Point },
  context: FindContext,
): Promise<Point> {
  const button = "left";
  // In one go: chromedriver begins no HTML drag by a movement of another call.
  const actionsAt = (from: Point): PointerAction[] => [
    ...hold(aim),
    { type: "move", to: from },
    { type: "down", button },
    { type: "move", to: to(from) },
  ];
  const undo = endOfDrag(aim);
  return await findAndHit(aim, { guard: "press", disabledToo: true, actionsAt, undo }, context);
}

/** Lets go of what {@link findAndDrag} has begun to drag, and of the keys. */
export function endOfDrag(aim: Pick<Aim, "modifiers">): PointerAction[] {
  return [{ type: "up", button: "left" }, ...release(aim)];
}

/**
 * Turns the wheel over an element, disabled or not, as soon as that would reach it.
 *
 * @param turns distances in CSS pixels, each for an event of its own
 * @throws as {@link find}
 */
export async function findAndTurn(
  { turns, ...aim }: Aim & { turns: readonly Point[] },
  context: FindContext,
): Promise<void> {
  const actionsAt = (to: Point) => holding(aim, [{ type: "move", to }, ...turnsOf(turns)]);
  await findAndHit(aim, { guard: "wheel", disabledToo: true, actionsAt }, context);
}

/**
 * Turns the wheel as {@link findAndTurn} does.
 *
 * @returns whether the page has answered, as far as can be told
 */
export async function findAndAskByWheel(
  turn: Aim & { turns: readonly Point[] },
  context: FindContext,
): Promise<boolean> {
  await findAndTurn(turn, context);
  return (await callAfterInput(context, WHEEL_ANSWER)) === "";
}

export function turnsOf(turns: readonly Point[]): PointerAction[] {
  return turns.map((by) => ({ type: "wheel", by }));
}

/** The actions with the keys held that are to be held. */
export function holding(
  aim: Pick<Aim, "modifiers">,
  actions: readonly PointerAction[],
): readonly PointerAction[] {
  return aim.modifiers === undefined ? actions : [...hold(aim), ...actions, ...release(aim)];
}

function hold({ modifiers: keys }: Pick<Aim, "modifiers">): PointerAction[] {
  return keys === undefined ? [] : [{ type: "hold", keys }];
}

function release({ modifiers: keys }: Pick<Aim, "modifiers">): PointerAction[] {
  return keys === undefined ? [] : [{ type: "release", keys }];
}

/**
 * Moves the pointer over an element as soon as it can be reached, disabled or not, and again when the page moved or
 * covered it in the very moment.
 *
 * @throws as {@link find}
 */
export async function findAndMoveTo(aim: Aim, context: FindContext): Promise<void> {
  const actionsAt = (to: Point) => holding(aim, [{ type: "move", to }]);
  await findAndHit(aim, { guard: "move", disabledToo: true, actionsAt }, context);
}

/** A text to type, or keys to press together. */
export type Strokes = string | readonly Key[];

/**
 * Gives an element the focus and presses keys there, and again where the browser took the focus away in that moment.
 *
 * @param strokesFor what is pressed; nothing when no key is needed
 * @param options.delayMs time between the keys of a text, in milliseconds
 * @throws as {@link find}
 */
export async function findAndStrike(
  {
    target,
    timeoutMs,
    goal,
    delayMs,
  }: { target?: PageTarget; timeoutMs: number; goal: KeysGoal; delayMs?: number | undefined },
  strokesFor: (found: Satisfied) => Strokes | undefined,
  context: FindContext,
): Promise<void> {
  const search = new Search(target, timeoutMs, context);
  for (;;) {
    const found = await search.until(goal);
    const strokes = strokesFor(found);
    if (strokes === undefined) return;
    await context.beforeKeys?.();
    const confirm = found.watchesKeys ? `() => (${CONFIRM_KEYS})(${countOf(strokes)})` : undefined;
    const pace = { delayMs, byPage: found.keyByKey };
    if ((await strike(strokes, { ...pace, confirm }, context)) === "") return;
    if (search.isOver) throw new NotSatisfied("its frame lost the focus to the page around it at each try");
  }
}

/** The number of keys that a frame is to hear of; Shift comes along with capitals. */
function countOf(strokes: Strokes): number {
  return Array.from(strokes).filter((key) => key !== "Shift").length;
}

/** Presses keys where the focus is. @returns what `confirm`, a function, has answered after the last */
export function strike(
  strokes: Strokes,
  { confirm, ...pace }: Pace & { confirm?: string | undefined },
  context: Pick<FindContext, "page" | "signal">,
): Promise<string> {
  const { page, signal } = context;
  if (typeof strokes === "string" && isPaced(pace)) return typeInPace(strokes, { ...pace, confirm }, context);
  if (typeof strokes === "string") return page.type(strokes, signal, confirm);
  return page.press(strokes, signal, confirm);
}

type KeysGoal =
  | Extract<Goal, { until: "typeable" }>
  | (Extract<Goal, { until: "focused" }> & { forKeys: true })
  | { until: "refocused" };

const NOWHERE: Point = { x: 0, y: 0 };

interface Hitting {
  guard: PointerGuard;
  disabledToo?: boolean;
  actionsAt: (point: Point) => readonly PointerAction[];
  /** Actions that have to follow when these have missed. */
  undo?: readonly PointerAction[];
}

async function findAndHit(
  { target, offset, timeoutMs }: Aim,
  { actionsAt, undo, ...goal }: Hitting,
  context: FindContext,
): Promise<Point> {
  const search = new Search(target, timeoutMs, context);
  let revealed = false;
  for (;;) {
    const found = await search.until({ until: "pointable", offset, revealed, ...goal });
    const { point = NOWHERE, reveals } = found;
    if (found.acts) return point;
    if (point === NOWHERE) throw new Error("the page named no point to go to");
    if (reveals) {
      revealed = true;
      await hit([{ type: "move", to: point }], context);
      continue;
    }
    const missedBy = await hit(actionsAt(point), context);
    if (missedBy === "") return point;
    if (undo !== undefined) await hit(undo, context);
    if (search.isOver) throw new NotSatisfied(`${missedBy} was in its place at each ${goal.guard}`);
  }
}

function pressesAt(to: Point, button: MouseButton, clicks: number): PointerAction[] {
  const actions: PointerAction[] = [{ type: "move", to }];
  for (let click = 1; click <= clicks; click++) {
    actions.push({ type: "down", button, clicks: click }, { type: "up", button, clicks: click });
  }
  return actions;
}
