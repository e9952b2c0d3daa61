import { describe } from "./element.ts";
import { matchesOf } from "./locate.ts";
import type { PageLocator } from "./requests.ts";
import { Impossible } from "./results.ts";
import { isInSight } from "./sight.ts";
import { isInside, parentElementOf } from "./tree.ts";

/** The choice among several matches of a locator: the one that a person would act on. */

/** The distances of a match from being acted on as asked; a nearer one is chosen, of equals the first in the document. */
const LEVELS = ["fit", "covered", "unfit", "faint", "unseen"] as const;

/** The fitness of a match for a command. The levels say: nothing is in its way, something covers it that may go away, it
 * is cut off or of the wrong kind, it can be seen only once the pointer is over it, it cannot be seen. */
export interface Fitness {
  level: (typeof LEVELS)[number];
  /** The reason why it is not fit, as a clause. */
  problem?: string;
  cover?: Element;
}

export interface Chosen {
  element: Element;
  /** Number among the matches, from 1. */
  number: number;
  /** The reason why the first match was passed over; missing where this is the first. */
  passedOver?: string;
}

/** Time for which a match has to be covered before another is taken that is not, in milliseconds: most covers go away. */
const COVERED_MS = 1_000;

/** Most matches that are judged at a look: covered ones, and those with any other fault. */
const MAX_COVERED = 16;
const MAX_JUDGED = 2_000;

/** Most candidates that a message names. */
const SHOWN = 5;

interface Candidate extends Fitness {
  element: Element;
  number: number;
}

export class Choice {
  readonly #judge: (element: Element) => Fitness;
  /** The covered match of the last look, and the time since which it has been so. */
  #covered: { element: Element; since: number } | undefined;

  constructor(judge: (element: Element) => Fitness) {
    this.#judge = judge;
  }

  of(locator: PageLocator): Chosen | undefined {
    const best = new Map<Fitness["level"], Candidate>();
    let firstProblem: string | undefined;
    let number = 0;
    let covered = 0;
    for (const element of matchesOf(locator)) {
      number++;
      if (locator.nth !== undefined) return { element, number };
      const fitness = this.#judge(element);
      if (number === 1) firstProblem = fitness.problem;
      if (fitness.level === "covered") covered++;
      if (!best.has(fitness.level)) best.set(fitness.level, { ...fitness, element, number });
      if (fitness.level === "fit" || covered === MAX_COVERED || number === MAX_JUDGED) break;
    }
    const chosen = this.#nearest(best);
    if (chosen === undefined) return undefined;
    const passedOver = chosen.number === 1 || firstProblem === undefined ? {} : { passedOver: firstProblem };
    return { element: chosen.element, number: chosen.number, ...passedOver };
  }

  #nearest(best: ReadonlyMap<Fitness["level"], Candidate>): Candidate | undefined {
    const fit = best.get("fit");
    const covered = best.get("covered");
    if (fit && covered && !isOnTop(fit.element, covered) && !this.#isCoveredForLong(covered.element))
      return covered;
    for (const level of LEVELS) {
      const candidate = best.get(level);
      if (candidate !== undefined) return candidate;
    }
    return undefined;
  }

  #isCoveredForLong(element: Element): boolean {
    if (this.#covered?.element !== element) this.#covered = { element, since: performance.now() };
    return performance.now() - this.#covered.since >= COVERED_MS;
  }
}

/** True when an element is a part of what covers another one, or of what lies over the whole page with that. */
function isOnTop(element: Element, { element: other, cover }: Candidate): boolean {
  if (cover === undefined) return false;
  let layer = cover;
  for (let box = parentElementOf(layer); box !== null && !isInside(other, box); box = parentElementOf(box))
    layer = box;
  if (isInside(element, layer)) return true;
  const { left, top, right, bottom } = cover.getBoundingClientRect();
  return left <= 0 && top <= 0 && right >= innerWidth && bottom >= innerHeight && !isInside(other, cover);
}

/**
 * Makes sure that a person would see only one match.
 *
 * @throws Impossible naming the candidates
 */
export function refuseSeveral(locator: PageLocator): void {
  if (locator.nth !== undefined) return;
  const seen: Element[] = [];
  for (const match of matchesOf(locator)) if (isInSight(match)) seen.push(match);
  if (seen.length < 2) return;
  const names = seen.slice(0, SHOWN).map(describe).join(", ") + (seen.length > SHOWN ? ", …" : "");
  throw new Impossible(
    `the locator is strict and finds ${seen.length} elements that can be seen (${names}); name the one that is meant, such as with 'nth' or 'within'`,
  );
}
