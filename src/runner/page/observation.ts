import type { PageActivity } from "./activity.ts";
import { actionOf, type PageAction } from "./actions.ts";
import { controlOf, describe, isDisabled, isVisible } from "./element.ts";
import { isEmpty, ViewOf, type Area } from "./frames.ts";
import { forgetLabels, labelsOf } from "./labels.ts";
import { check, locate } from "./locate.ts";
import { aimAt, outOfView, outsideOf, placeOf, scrollTo, type Aim } from "./point.ts";
import { readElement, readPage } from "./reading.ts";
import { ALTERNATIVES_AFTER_MS, UNCHANGED, WHEEL_AFTER_MS } from "./requests.ts";
import type { Offset, PageRequest, PageResult, PageTarget } from "./requests.ts";
import { satisfied, unsatisfied } from "./results.ts";
import { isStill, whyStill } from "./scrolling.ts";
import { lookForState } from "./states.ts";
import { refuseEdits, refuseProbes, typeable, typedInto } from "./typed-secrets.ts";

/** Frames after scrolling in which an element cannot be at rest yet. */
const FRAMES_TO_REST = 4;

type ScrollRequest = Extract<PageRequest, { until: "scrolled" }>;

/** The place of an element at an earlier look, to tell whether it has come to rest. */
interface Sighting {
  element: Element;
  place: string;
  frame: number;
}

interface Found {
  element: Element;
  /** Number of the alternative that found it, from 1. */
  alternative?: number;
}

/** The last reading of this document that was given a number. */
let lastReading: { number: number; value: string | null } | undefined;

/** Looks once whether a request's condition holds, remembering between looks what it needs to. */
export class Observation {
  readonly #request: PageRequest;
  readonly #activity: PageActivity;
  /** The element of the last look. */
  element: Element | undefined;
  /** The action that is left to do once the condition holds. */
  action: PageAction | undefined;
  /** Time since which this target has been waited for, in earlier documents too. */
  readonly #begun: number;
  /** Time since which the first locator has found nothing. */
  #missingSince: number;
  #earlier: Sighting | undefined;
  #attempts = 0;
  readonly #view = new ViewOf();
  /** The frame in which the element was last scrolled, and the reason. */
  #scrolled: { frame: number; problem: string } | undefined;

  /** @throws InvalidLocator when one of the request's locators can never be understood */
  constructor(request: PageRequest, activity: PageActivity) {
    this.#request = request;
    this.#activity = activity;
    this.#begun = performance.now() - (request.waitedMs ?? 0);
    this.#missingSince = this.#begun;
    if (request.target === undefined) return;
    for (const locator of [request.target.locator, ...(request.target.alternatives ?? [])]) {
      check(locator);
      refuseProbes(locator);
    }
  }

  /** @param isLast whether there is no time for another look */
  look(isLast: boolean): PageResult {
    forgetLabels();
    const { target } = this.#request;
    const page = this.#lookAtPage(target);
    if (page !== undefined) return page;
    if (target === undefined) throw new Error("the request names no element");
    if (this.#wantsNothing()) return this.#lookForNothing(target);
    const found = this.#find(target, isLast);
    this.element = found?.element;
    if (found === undefined) return unsatisfied("there is no such element");
    this.#activity.include(found.element);
    const result = this.#lookAt(found.element);
    if (result.outcome !== "satisfied" || found.alternative === undefined) return result;
    return { ...result, alternative: found.alternative };
  }

  /** @returns the element as of now, whatever it was at the last look */
  locate(): Element | undefined {
    forgetLabels();
    return this.#request.target && this.#find(this.#request.target, true)?.element;
  }

  /** The first locator's element, or the first that an alternative finds when that has been missing for long. */
  #find(target: PageTarget, isLast: boolean): Found | undefined {
    const element = locate(target.locator);
    if (element !== null) {
      this.#missingSince = performance.now();
      return { element };
    }
    if (!isLast && performance.now() - this.#missingSince < ALTERNATIVES_AFTER_MS) return undefined;
    for (const [index, locator] of (target.alternatives ?? []).entries()) {
      const other = locate(locator);
      if (other !== null) return { element: other, alternative: index + 1 };
    }
    return undefined;
  }

  #wantsNothing(): boolean {
    const request = this.#request;
    return request.until === "state" && (request.state === "absent" || request.state === "hidden");
  }

  /** Nothing is there only when no alternative finds anything either, so none of them has to wait. */
  #lookForNothing({ locator, alternatives = [] }: PageTarget): PageResult {
    const isWrong = (this.#request as { state: string }).state === "absent" ? () => true : isVisible;
    for (const [index, each] of [locator, ...alternatives].entries()) {
      const element = locate(each);
      if (element === null || !isWrong(element)) continue;
      const how = index === 0 ? "" : `, found by alternative ${index}`;
      return unsatisfied(`${describe(element)} is ${isWrong === isVisible ? "visible" : "there"}${how}`);
    }
    return satisfied();
  }

  #lookAtPage(target: PageTarget | undefined): PageResult | undefined {
    const request = this.#request;
    if (request.until === "scrolled" && target === undefined) {
      const root = document.documentElement;
      return request.orWheel && isStill(root, request)
        ? { ...satisfied(), isStill: true, point: { x: innerWidth / 2, y: innerHeight / 2 } }
        : this.#ready(root);
    }
    if (request.until !== "read") return undefined;
    const value = readPage(request.reading, target);
    return value === undefined ? undefined : this.#isNews(value);
  }

  #lookAt(element: Element): PageResult {
    const request = this.#request;
    switch (request.until) {
      case "state":
        return lookForState(element, request.state);
      case "pointable":
        return this.#lookForPoint(element, request.offset, request.disabledToo);
      case "typeable":
        // Keys go to whatever has the focus, wherever that is; only a pointer needs an element at rest.
        return typeable(element, request);
      case "held":
        return satisfied();
      case "scrolled":
        return this.#lookForScroll(element, request);
      case "read":
        return this.#isNews(readElement(request.reading, element), typedInto(element, request.reading));
      case "focused":
        if (request.edits === true) refuseEdits(element);
        return this.#ready(element);
      default:
        return this.#ready(element);
    }
  }

  #isNews(value: string | null, from: readonly string[] = []): PageResult {
    const { as, unlike } = this.#request as Extract<PageRequest, { until: "read" }>;
    if (lastReading !== undefined && lastReading.number === unlike && lastReading.value === value)
      return unsatisfied(UNCHANGED);
    lastReading = as === undefined ? undefined : { number: as, value };
    return { ...satisfied(), value, ...(from.length > 0 && { from }) };
  }

  /** What could be scrolled may come late; a wheel turned over the element tells whether the page itself answers. */
  #lookForScroll(element: Element, request: ScrollRequest): PageResult {
    if (!isStill(element, request)) return this.#ready(element);
    const isEarly = performance.now() - this.#begun < WHEEL_AFTER_MS;
    if (request.orWheel !== true || isEarly) return unsatisfied(whyStill(element));
    return { ...satisfied(), isStill: true };
  }

  #ready(element: Element): PageResult {
    const action = actionOf(this.#request, element);
    if (typeof action === "string") return unsatisfied(action);
    this.action = action;
    return satisfied();
  }

  #lookForPoint(element: Element, offset: Offset | undefined, disabledToo = false): PageResult {
    const surfaces = surfacesOf(element, offset);
    const [surface] = surfaces;
    if (surface === undefined) return unsatisfied(`${describe(element)} is not visible`);
    const area = this.#view.look(surface);
    // A disabled element is watched for rest too: it can then be pressed as soon as it is enabled.
    const isAtRest = area !== undefined && this.#isAtRest(surface, area);
    const control = controlOf(element);
    if (!disabledToo && isDisabled(control)) return unsatisfied(`${describe(control)} is disabled`);
    const outside = offset && outsideOf(element, offset);
    if (outside !== undefined) return unsatisfied(outside);
    // The browser draws no frames for a document of another origin that is out of view.
    if (area !== undefined && isEmpty(area)) return this.#scrollTo(surface, offset, outOfView(element));
    if (area === undefined || !isAtRest) return unsatisfied(this.#whyNotAtRest(element));
    let firstAim: Aim | undefined;
    for (const each of surfaces) {
      const aim = aimAt(element, { surface: each, offset, area });
      if ("point" in aim) return { ...satisfied(), point: aim.point };
      firstAim ??= aim;
    }
    const { problem } = firstAim as { problem: string }; // There is a surface, and no aim at it succeeded.
    return this.#scrollTo(surface, offset, problem);
  }

  #scrollTo(surface: Element, offset: Offset | undefined, problem: string): PageResult {
    scrollTo(surface, offset, this.#attempts++);
    this.#view.forget();
    this.#scrolled = { frame: this.#activity.frame, problem };
    return unsatisfied(problem);
  }

  /** Just after it was scrolled, the element's moving tells nothing new. */
  #whyNotAtRest(element: Element): string {
    const { frame, problem } = this.#scrolled ?? { frame: -Infinity, problem: "" };
    return this.#activity.frame - frame <= FRAMES_TO_REST ? problem : `${describe(element)} keeps moving`;
  }

  /** True when the element was seen in the same place for as many frames as it takes to tell that it rests. */
  #isAtRest(element: Element, area: Area): boolean {
    const { frame } = this.#activity;
    const place = placeOf(element, area);
    const earlier = this.#earlier;
    if (earlier?.element !== element || earlier.place !== place) {
      this.#earlier = { element, place, frame };
      return false;
    }
    return frame - earlier.frame >= this.#framesToTell(earlier.frame);
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

/**
 * Surfaces that can be pressed to press the element: the element itself, and for a checkbox or radio button that a
 * style has hidden to draw another in its place, its labels and what they are made of.
 */
function surfacesOf(element: Element, offset: Offset | undefined): Element[] {
  const own = isVisible(element) ? [element] : [];
  const isBox = element instanceof HTMLInputElement && /^(checkbox|radio)$/.test(element.type);
  if (!isBox || offset !== undefined) return own;
  const labels = labelsOf(element).filter(isVisible);
  return [...own, ...labels.flatMap((label) => [label, ...label.children]).filter(isVisible)];
}

function isAnimated(): boolean {
  return document.getAnimations().some(({ playState }) => playState === "running");
}
