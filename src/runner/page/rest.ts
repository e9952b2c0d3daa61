import type { PageActivity } from "./activity.ts";
import { parentElementOf } from "./tree.ts";

/**
 * Time for which an element is given the chance to come to rest that moves by no animation with an end in sight, such as
 * one that a script moves. In milliseconds.
 */
const RESTLESS_MS = 1_000;

/** Longest time between two sightings of a movement that count as one, in milliseconds. */
const SAME_MOVEMENT_MS = 500;

/** An element that was seen to move, whichever request has seen it. */
interface Movement {
  since: number;
  last: number;
  /** Animations with an end that began soon enough to be waited for: a movement made of many would have no end. */
  waitedFor: Set<Animation>;
}

const movements = new WeakMap<Element, Movement>();

/** The place of an element at an earlier look. */
interface Sighting {
  element: Element;
  place: string;
  frame: number;
}

/**
 * Tells when an element has come to rest, or that it will not as long as it is waited for. A person clicks a button that
 * pulses for ever, or a headline that wanders past, where it is.
 */
export class Rest {
  readonly #activity: PageActivity;
  /** The end of the wait, as `performance.now()` has it. */
  readonly #deadline: number;
  #earlier: Sighting | undefined;

  constructor(activity: PageActivity, deadline: number) {
    this.#activity = activity;
    this.#deadline = deadline;
  }

  /**
   * @param place where the element is now
   * @returns `endless` for a movement that has no end in sight
   */
  look(element: Element, place: string): "resting" | "moving" | "endless" {
    const { frame } = this.#activity;
    const earlier = this.#earlier;
    const isKnown = earlier?.element === element;
    if (isKnown && earlier.place === place)
      return frame - earlier.frame >= this.#framesToTell(earlier.frame) ? "resting" : "moving";
    this.#earlier = { element, place, frame };
    return isKnown && this.#isEndless(element) ? "endless" : "moving";
  }

  #isEndless(element: Element): boolean {
    const now = performance.now();
    const known = movements.get(element);
    const isSame = known !== undefined && now - known.last < SAME_MOVEMENT_MS;
    const movement = isSame ? known : { since: now, last: now, waitedFor: new Set<Animation>() };
    movements.set(element, movement);
    movement.last = now;
    const isOld = now - movement.since >= RESTLESS_MS;
    let isForEver = false;
    for (const animation of animationsAround(element)) {
      if (timeLeft(animation) > this.#deadline - now) isForEver = true;
      else if (!isOld) movement.waitedFor.add(animation);
    }
    for (const animation of movement.waitedFor) if (animation.playState === "running") return false;
    return isForEver || isOld;
  }

  /**
   * Number of frames that it takes to tell. It is two, as an element that turns back is in the same place in one frame
   * and the next. A document that keeps changing may change before one look and after the next, which takes a third
   * frame. Where it does not change and nothing in it is animated, one is enough: the place between two frames and the
   * one at the next tell as much.
   */
  #framesToTell(since: number): number {
    const { lastChange } = this.#activity;
    if (lastChange > since) return 3;
    // A change seen at the same frame number may belong to the frame that is just being drawn.
    return lastChange === since || isAnimated() ? 2 : 1;
  }
}

function isAnimated(): boolean {
  return document.getAnimations().some(({ playState }) => playState === "running");
}

/** The running animations of an element and of everything that holds it, frames of the same origin included. */
function* animationsAround(element: Element): Generator<Animation> {
  for (let box: Element | null = element; box !== null; box = parentElementOf(box) ?? frameOf(box)) {
    yield* box.getAnimations().filter(({ playState }) => playState === "running");
  }
}

function frameOf({ ownerDocument }: Element): Element | null {
  return (ownerDocument.defaultView as Window | null)?.frameElement ?? null;
}

/** Time until an animation ends, in milliseconds; `Infinity` for one that never does. */
function timeLeft({ effect, currentTime, playbackRate }: Animation): number {
  const end = Number(effect?.getComputedTiming().endTime ?? 0);
  return playbackRate > 0 ? (end - Number(currentTime ?? 0)) / playbackRate : Infinity;
}
