import { coveredBy, describe, isDisabled, isVisible, visiblePoint } from "./element.ts";
import { chooseOption, prepareField } from "./fields.ts";
import { locate, normalize } from "./locate.ts";
import type { PageRequest, PageResult, Satisfied } from "./requests.ts";

/** What the page has done up to now. */
export interface Activity {
  /** Frames drawn since the wait began. */
  frame: number;
  /** What `frame` was when the document last changed; -1 when it has not. */
  lastChange: number;
}

/** Where an element was at an earlier look, to tell whether it has come to rest. */
interface Sighting {
  element: Element;
  rect: DOMRect;
  frame: number;
}

/** Looks once whether a request's condition holds, remembering between looks what it needs to. */
export class Observation {
  readonly #request: PageRequest;
  /** The element of the last look. */
  element: Element | undefined;
  #earlier: Sighting | undefined;
  #alignments = 0;

  constructor(request: PageRequest) {
    this.#request = request;
  }

  look(activity: Activity): PageResult {
    const { locator, until, expected = "" } = this.#request;
    const element = locate(locator);
    this.element = element ?? undefined;
    if (element === null) return unsatisfied("there is no such element");
    if (until === "present") return satisfied();
    if (until === "text") return lookForText(element, expected);
    if (!isVisible(element)) return unsatisfied(`${describe(element)} is not visible`);
    if (isDisabled(element)) return unsatisfied(`${describe(element)} is disabled`);
    // Keys go to whatever has the focus, wherever that is; only a pointer needs an element at rest.
    if (until === "option") return chooseOption(element, expected);
    if (until === "editable") return prepareField(element, expected);
    if (!this.#isAtRest(element, activity)) return unsatisfied(`${describe(element)} keeps moving`);
    return this.#lookForClick(element);
  }

  /**
   * At rest: in the same place for two frames. Where the document does not change and nothing in it is
   * animated, the place between two frames and the one at the next tell as much, a frame earlier.
   */
  #isAtRest(element: Element, { frame, lastChange }: Activity): boolean {
    const rect = element.getBoundingClientRect();
    const earlier = this.#earlier;
    if (earlier?.element !== element || !sameRect(earlier.rect, rect)) {
      this.#earlier = { element, rect, frame };
      return false;
    }
    // A change seen at the same frame number may belong to the frame that is just being drawn.
    const isQuiet = lastChange < earlier.frame && !isAnimated();
    return frame - earlier.frame >= (isQuiet ? 1 : 2);
  }

  #lookForClick(element: Element): PageResult {
    const point = visiblePoint(element);
    const cover = point && coveredBy(element, point);
    if (point && !cover) return { ...satisfied(), point };
    this.#scrollTo(element);
    return unsatisfied(
      cover
        ? `${describe(element)} is covered by ${describe(cover)}`
        : `${describe(element)} is outside the viewport`,
    );
  }

  /** A sticky header or footer may cover the element where it is, so each look tries another alignment. */
  #scrollTo(element: Element): void {
    const block = (["center", "end", "start", "nearest"] as const)[this.#alignments++ % 4] ?? "center";
    element.scrollIntoView({ block, inline: "center", behavior: "instant" });
  }
}

function isAnimated(): boolean {
  return document.getAnimations().some(({ playState }) => playState === "running");
}

function lookForText(element: Element, expected: string): PageResult {
  const text = element instanceof HTMLElement ? element.innerText : element.textContent;
  if (text.includes(expected) || normalize(text).includes(normalize(expected))) return satisfied();
  const seen = normalize(text);
  if (seen === "") return unsatisfied("its text is empty");
  return unsatisfied(`its text is ${JSON.stringify(seen.length > 300 ? `${seen.slice(0, 299)}…` : seen)}`);
}

function sameRect(a: DOMRect, b: DOMRect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

export function satisfied(): Satisfied {
  return { outcome: "satisfied" };
}

export function unsatisfied(seen: string): PageResult {
  return { outcome: "unsatisfied", seen };
}
