import { PageActivity } from "./activity.ts";
import { ClickGuard } from "./click-guard.ts";
import { DropGuard } from "./drop-guard.ts";
import { FileWatch } from "./file-fields.ts";
import { FrameFocus } from "./frame-focus.ts";
import type { Point } from "./frames.ts";
import { KeyGuard } from "./key-guard.ts";
import { InvalidLocator, rolesOf } from "./locate.ts";
import { wasKept, watchKey } from "./key-watch.ts";
import { MoveGuard } from "./move-guard.ts";
import { Observation } from "./observation.ts";
import { PressGuard } from "./press-guard.ts";
import { isReady } from "./readiness.ts";
import {
  needsRoles,
  type PageRequest,
  type PageResult,
  type PointerGuard,
  type Satisfied,
} from "./requests.ts";
import { Impossible, type PageAction } from "./results.ts";
import { whyNoEdits } from "./typed-secrets.ts";
import { WheelGuard } from "./wheel-guard.ts";

type Guard = PressGuard | MoveGuard | WheelGuard | DropGuard;

/** The outermost document has the focus by itself. */
const focus = window === top ? undefined : new FrameFocus();

/** State that an earlier request has left for the next call. */
let guard: Guard | undefined;
let keyGuard: KeyGuard | undefined;
/** The last turn of the wheel that hit. */
let turn: WheelGuard | undefined;
let action: { element: Element; run: PageAction } | undefined;
let held: Element | undefined;
let fileWatch: FileWatch | undefined;

/** Waits inside the page until the request's condition holds or its time is up. */
async function find(request: PageRequest): Promise<PageResult> {
  forget();
  const deadline = performance.now() + request.timeoutMs;
  const activity = new PageActivity();
  try {
    const observation = new Observation(request, activity);
    await ready(request, activity, deadline, observation);
    if (request.until === "refocused") return refocus();
    if (request.until === "ready") return { outcome: "satisfied" };
    for (;;) {
      const isLast = performance.now() >= deadline;
      const result = observation.look(isLast);
      if (result.outcome === "satisfied") return keep(request, observation, result);
      if (result.outcome !== "unsatisfied" || result.leaveTo || isLast) return result;
      await activity.next(deadline - performance.now());
    }
  } catch (error) {
    if (error instanceof InvalidLocator) return { outcome: "invalid-locator", reason: error.message };
    if (error instanceof Impossible) return { outcome: "impossible", reason: error.message };
    throw error;
  } finally {
    activity.stop();
  }
}

/** Waits for what makes the document answer input; what is pointed at comes to rest meanwhile. */
async function ready(
  { until, readyMs }: PageRequest,
  activity: PageActivity,
  deadline: number,
  observation: Observation,
): Promise<void> {
  if (readyMs === undefined || isReady(readyMs)) return;
  for (let isDone = false; !isDone && performance.now() < deadline;) {
    if (until === "pointable") observation.look(false);
    // The changes of a script that has just come are drawn with the next frame.
    isDone = isReady(readyMs);
    await activity.next(deadline - performance.now());
  }
}

function forget(): void {
  guard?.release();
  keyGuard?.release();
  fileWatch?.release();
  guard = keyGuard = action = held = fileWatch = undefined;
}

/** @returns the result, as it is answered */
function keep(request: PageRequest, observation: Observation, result: Satisfied): Satisfied {
  const { element = document.documentElement, action: run } = observation;
  const { point } = result;
  if (request.until === "pointable" && request.guard && point && !result.reveals)
    guard = guardOf(request.guard, { element, point, observation });
  if (request.until === "held") {
    held = element;
    if (request.files !== undefined) fileWatch = new FileWatch(element);
  }
  if (run !== undefined) action = { element, run };
  return isForKeys(request) ? watchKeys(result) : result;
}

function refocus(): Satisfied {
  const run = () => {
    focus?.restore();
    return undefined;
  };
  action = { element: document.documentElement, run };
  return watchKeys({ outcome: "satisfied" });
}

function watchKeys(result: Satisfied): Satisfied {
  if (focus === undefined) return result;
  focus.note();
  keyGuard = new KeyGuard(focus);
  return { ...result, watchesKeys: true };
}

function isForKeys(request: PageRequest): boolean {
  return request.until === "typeable" || (request.until === "focused" && request.forKeys === true);
}

function guardOf(
  kind: PointerGuard,
  { element, point, observation }: { element: Element; point: Point; observation: Observation },
): Guard {
  if (kind === "click") return new ClickGuard(element, point, () => observation.locate());
  if (kind === "wheel") return new WheelGuard(element, point);
  if (kind === "drop") return new DropGuard();
  return kind === "press" ? new PressGuard(element, point) : new MoveGuard(element, point);
}

/** @returns what kept it from being done; nothing when it is done */
function act(): string {
  const { element, run } = action ?? {};
  action = undefined;
  if (element === undefined || run === undefined) return "the page has forgotten what to do";
  if (!element.isConnected) return "it was taken out of the page";
  const undone = run() ?? "";
  focus?.note();
  return undone;
}

/**
 * A press that missed is watched until the button is up, so that nothing that comes of it reaches what it hit.
 *
 * @returns what the pointer hit instead of the element it was meant for; nothing when it hit that
 */
function confirmHit(): string {
  const missedBy = guard?.confirm() ?? "";
  if (missedBy === "" && guard instanceof WheelGuard) turn = guard;
  if (missedBy === "" || guard?.isOver) forget();
  return missedBy;
}

/** @returns whether keys that were pressed were lost, and have to be pressed again */
function confirmKeys(pressed: number): boolean {
  const haveMissed = keyGuard?.haveMissed(pressed) ?? false;
  forget();
  return haveMissed;
}

/** @returns whether the field that was given files has held any */
function confirmFiles(): boolean {
  const hasHeld = fileWatch?.hasHeld() ?? true;
  forget();
  return hasHeld;
}

declare global {
  var stepwirePage:
    | {
        /** @returns a {@link PageResult} as JSON; empty when the script for roles has to be put here first */
        find: (request: string) => string | Promise<string>;
        /** Does what the last request has made ready. */
        act: () => string;
        confirmHit: () => string;
        confirmKeys: (pressed: number) => boolean;
        confirmFiles: () => boolean;
        /** True when the page has answered the last turn of the wheel, as far as can be told. */
        wheelAnswered: () => Promise<boolean>;
        heldElement: () => Element | undefined;
        /** @returns why the element with the focus takes no keys that change it; nothing when it does */
        whyNoEdits: () => string;
        /** Watches the next key, which may belong to the browser. */
        watchKey: () => void;
        /** @returns whether the page has kept that key for itself */
        wasKept: () => boolean;
      }
    | undefined;
}

globalThis.stepwirePage = {
  find: (json) => {
    const request = JSON.parse(json) as PageRequest;
    const lacksRoles = rolesOf() === undefined && needsRoles(request.target);
    return lacksRoles ? "" : find(request).then((result) => JSON.stringify(result));
  },
  act,
  confirmHit,
  confirmKeys,
  confirmFiles,
  wheelAnswered: () => turn?.wasAnswered() ?? Promise.resolve(true),
  heldElement: () => held,
  whyNoEdits,
  watchKey,
  wasKept,
};
