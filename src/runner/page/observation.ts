import type { PageActivity } from "./activity.ts";
import { actionOf } from "./actions.ts";
import { asideOf } from "./aside.ts";
import { controlOf, describe, isBarred, isDisabled } from "./element.ts";
import { whyTakesNoFiles } from "./file-fields.ts";
import { fitnessFor } from "./fitness.ts";
import { isEmpty, ViewOf, type Point } from "./frames.ts";
import { forgetLabels } from "./labels.ts";
import { isYetToLoad } from "./lazy-frames.ts";
import { check, matchesOf } from "./locate.ts";
import { Choice, refuseSeveral, type Chosen } from "./matches.ts";
import { lookForOption } from "./options.ts";
import { aimAt, isInView, outOfView, outsideOf, placeOf, scrollTo, type Aim } from "./point.ts";
import { whyShutOff } from "./reach.ts";
import { factsOf, readElement, readPage, type ReadingFacts } from "./reading.ts";
import { ALTERNATIVES_AFTER_MS, UNCHANGED, WHEEL_AFTER_MS } from "./requests.ts";
import type {
  Offset,
  OtherReading,
  PageLocator,
  PageRequest,
  PageResult,
  PageState,
  PageTarget,
} from "./requests.ts";
import { Rest } from "./rest.ts";
import { satisfied, unsatisfied, unsatisfiedBy, type PageAction } from "./results.ts";
import { isStill, whyStill } from "./scrolling.ts";
import { isInSight, isVisible, whyOutOfSight } from "./sight.ts";
import { closedListOf } from "./stand-ins.ts";
import { holdsForAll, lookForState } from "./states.ts";
import { surfacesOf } from "./surfaces.ts";
import { refuseEdits, refuseProbes, typeable } from "./typed-secrets.ts";

/** Frames after scrolling in which an element cannot be at rest yet. */
const FRAMES_TO_REST = 4;

type ScrollRequest = Extract<PageRequest, { until: "scrolled" }>;

/**
 * Time for which a click waits for an element that only says that it is disabled, by `aria-disabled`, and would take the
 * click all the same. In milliseconds.
 */
const SAYS_DISABLED_MS = 1_000;

interface Found extends Chosen {
  /** Number of the alternative that found it, from 1. */
  alternative?: number;
}

/** Time for which an element is covered before the pointer may be what keeps it so, in milliseconds. */
const COVERED_MS = 300;

type Pointing = Extract<PageRequest, { until: "pointable" }>;

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
  readonly #rest: Rest;
  /** Time since which something has covered the element. */
  #coveredSince: number | undefined;
  /** Time since which the element says that it is disabled. */
  #saysDisabledSince: number | undefined;
  #attempts = 0;
  readonly #view = new ViewOf();
  readonly #choice: Choice;
  /** The frame in which the element was last scrolled, and the reason. */
  #scrolled: { frame: number; problem: string } | undefined;

  /** @throws InvalidLocator when one of the request's locators can never be understood */
  constructor(request: PageRequest, activity: PageActivity) {
    this.#request = request;
    this.#activity = activity;
    this.#choice = new Choice(fitnessFor(request));
    this.#rest = new Rest(activity, performance.now() + request.timeoutMs);
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
    const { element, number, passedOver, alternative } = found;
    this.#activity.include(element);
    const result = this.#lookAt(element, locatorOf(target, alternative), isLast);
    if (result.outcome !== "satisfied") return result;
    if (alternative !== undefined) result.alternative = alternative;
    if (passedOver !== undefined) result.match = { number, passedOver };
    return result;
  }

  /** @returns the element as of now, whatever it was at the last look */
  locate(): Element | undefined {
    forgetLabels();
    return this.#request.target && this.#find(this.#request.target, true)?.element;
  }

  /** The element that the first locator finds, or that an alternative does when that has been missing for long. */
  #find(target: PageTarget, isLast: boolean): Found | undefined {
    const chosen = this.#choose(target, target.locator);
    if (chosen !== undefined) {
      this.#missingSince = performance.now();
      return chosen;
    }
    if (!isLast && performance.now() - this.#missingSince < ALTERNATIVES_AFTER_MS) return undefined;
    for (const [index, locator] of (target.alternatives ?? []).entries()) {
      const other = this.#choose(target, locator);
      if (other !== undefined) return { ...other, alternative: index + 1 };
    }
    return undefined;
  }

  #choose({ strict = false }: PageTarget, locator: PageLocator): Chosen | undefined {
    if (strict) refuseSeveral(locator);
    return this.#choice.of(locator);
  }

  #wantsNothing(): boolean {
    const request = this.#request;
    return request.until === "state" && (request.state === "absent" || request.state === "hidden");
  }

  /** Nothing is there only when no alternative finds anything either, so none of them has to wait. */
  #lookForNothing({ locator, alternatives = [] }: PageTarget): PageResult {
    const isAbsent = (this.#request as { state: string }).state === "absent";
    for (const [index, each] of [locator, ...alternatives].entries()) {
      const wrong = isAbsent ? firstOf(matchesOf(each)) : firstVisible(each);
      if (wrong === undefined) continue;
      const how = index === 0 ? "" : `, found by alternative ${index}`;
      return unsatisfied(`${describe(wrong)} is ${isAbsent ? "there" : "visible"}${how}`);
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

  #lookAt(element: Element, locator: PageLocator, isLast: boolean): PageResult {
    const request = this.#request;
    switch (request.until) {
      case "state":
        if (request.ofOne || locator.nth !== undefined) return lookForState(element, request.state);
        return lookForStates(matchesOf(locator), element, request.state);
      case "pointable":
        return this.#lookForPoint(element, request, isLast);
      case "typeable":
        // Keys go to whatever has the focus, wherever that is; only a pointer needs an element at rest.
        return typeable(element, request);
      case "held":
        if (!isLast && isYetToLoad(element))
          return unsatisfied(`the document of ${describe(element)} has not come yet`);
        return request.files === undefined
          ? satisfied()
          : unsatisfiedBy(whyTakesNoFiles(element, request.files));
      case "scrolled":
        return this.#lookForScroll(element, request);
      case "read":
        return this.#read(element, locator);
      case "focused":
        if (request.edits === true) refuseEdits(element);
        return this.#ready(element);
      default:
        return this.#ready(element);
    }
  }

  /** Reads the element; of texts, unless it is asked for alone, also those of all other matches that can be seen. */
  #read(element: Element, locator: PageLocator): PageResult {
    const { reading, alone = false } = this.#request as Extract<PageRequest, { until: "read" }>;
    const value = readElement(reading, element);
    const facts = factsOf(reading, element);
    if (alone || reading.what !== "text" || locator.nth !== undefined) return this.#isNews(value, facts);
    const others: OtherReading[] = [];
    let length = value?.length ?? 0;
    for (const match of matchesOf(locator)) {
      if (match === element || !isInSight(match)) continue;
      const other = { value: readElement(reading, match), from: [], ...factsOf(reading, match) };
      length += other.value?.length ?? 0;
      if (others.length === MAX_OTHERS || length > MAX_OTHERS_LENGTH) break;
      others.push(other);
    }
    return this.#isNews(value, facts, others);
  }

  #isNews(value: string | null, facts: ReadingFacts = {}, others: OtherReading[] = []): PageResult {
    const { as, unlike } = this.#request as Extract<PageRequest, { until: "read" }>;
    const whole =
      others.length === 0 ? value : JSON.stringify([value, ...others.map((other) => other.value)]);
    if (lastReading !== undefined && lastReading.number === unlike && lastReading.value === whole)
      return unsatisfied(UNCHANGED);
    lastReading = as === undefined ? undefined : { number: as, value: whole };
    return { ...satisfied(), value, ...facts, ...(others.length > 0 && { others }) };
  }

  /** Content to scroll may come late; a wheel turned over the element tells whether the page itself answers. */
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

  #lookForPoint(element: Element, request: Pointing, isLast: boolean): PageResult {
    const { offset, disabledToo = false, guard, revealed } = request;
    const list = closedListOf(element);
    if (list !== undefined && list !== element && guard === "click")
      return this.#lookForOption(element, list);
    const surfaces = surfacesOf(element, offset);
    const [surface] = surfaces;
    if (surface === undefined) return this.#lookForHidden(element, revealed);
    const area = this.#view.look(surface);
    // A disabled element is watched for rest too: it can then be pressed as soon as it is enabled.
    const rest = area === undefined ? "moving" : this.#rest.look(surface, placeOf(surface, area));
    const control = controlOf(element);
    const warning = disabledToo ? undefined : this.#saysDisabled(control);
    if (!disabledToo && (isBarred(control) || (warning !== undefined && !this.#isPatienceOver(isLast))))
      return unsatisfied(`${describe(control)} is disabled`);
    const outside = offset && outsideOf(element, offset);
    if (outside !== undefined) return unsatisfied(outside);
    // The browser draws no frames for a document of another origin that is out of view.
    if (area !== undefined && isEmpty(area)) return this.#scrollTo(surface, offset, outOfView(element));
    if (area === undefined || rest === "moving") return unsatisfied(this.#whyNotAtRest(element));
    // As long as it is not known that the middle cannot be brought into view, it is worth scrolling for.
    if (offset && this.#attempts === 0 && !isInView(surface, offset, area))
      return this.#scrollTo(surface, offset, outOfView(element));
    let firstAim: Aim | undefined;
    for (const each of surfaces) {
      const aim = aimAt(element, { surface: each, offset, area });
      if ("point" in aim) return { ...satisfied(), point: aim.point, ...(warning && { warning }) };
      firstAim ??= aim;
    }
    const { problem } = firstAim as { problem: string }; // There is a surface, and no aim at it succeeded.
    const leaveTo = this.#wayOut();
    if (leaveTo !== undefined) return { outcome: "unsatisfied", seen: problem, leaveTo };
    // An element that goes on moving may come into view by itself.
    const isScrolled = rest === "endless" && this.#isJustScrolled();
    const why = whyShutOff(element) ?? problem;
    return isScrolled ? unsatisfied(why) : this.#scrollTo(surface, offset, why);
  }

  /** @returns where the pointer is to go, once the element was covered for long enough */
  #wayOut(): Point | undefined {
    if (this.#request.mayLeave !== true) return undefined;
    this.#coveredSince ??= performance.now();
    return performance.now() - this.#coveredSince < COVERED_MS ? undefined : asideOf();
  }

  /** A person may click an element that says that it is disabled, and be told why. */
  #saysDisabled(control: Element): string | undefined {
    if (isDisabled(control)) {
      this.#saysDisabledSince ??= performance.now();
      return `${describe(control)} says that it is disabled (aria-disabled), and was clicked all the same`;
    }
    this.#saysDisabledSince = undefined;
    return undefined;
  }

  #isPatienceOver(isLast: boolean): boolean {
    return isLast || performance.now() - (this.#saysDisabledSince ?? Infinity) >= SAYS_DISABLED_MS;
  }

  /** Many pages show an element only while the pointer is over its place, so a transparent one may have to be tried. */
  #lookForHidden(element: Element, revealed = false): PageResult {
    const problem = whyOutOfSight(element) ?? `${describe(element)} is not visible`;
    const area = this.#view.look(element);
    if (revealed || area === undefined || !isInSight(element, "none")) return unsatisfied(problem);
    const aim = aimAt(element, { surface: element, offset: undefined, area });
    if ("point" in aim) return { ...satisfied(), point: aim.point, reveals: true };
    return this.#scrollTo(element, undefined, problem);
  }

  #lookForOption(element: Element, list: HTMLSelectElement): PageResult {
    const action = lookForOption(element, list);
    if (typeof action === "string") return unsatisfied(action);
    this.action = action;
    return { ...satisfied(), acts: true };
  }

  #scrollTo(surface: Element, offset: Offset | undefined, problem: string): PageResult {
    scrollTo(surface, offset, this.#attempts++);
    this.#view.forget();
    this.#scrolled = { frame: this.#activity.frame, problem };
    return unsatisfied(problem);
  }

  /** Just after it was scrolled, the element's moving tells nothing new. */
  #whyNotAtRest(element: Element): string {
    return this.#isJustScrolled() ? (this.#scrolled?.problem ?? "") : `${describe(element)} keeps moving`;
  }

  #isJustScrolled(): boolean {
    return this.#activity.frame - (this.#scrolled?.frame ?? -Infinity) <= FRAMES_TO_REST;
  }
}

/** Most matches beside the first of which the text is read, and the longest texts of all, in characters. */
const MAX_OTHERS = 100;
const MAX_OTHERS_LENGTH = 200_000;

function locatorOf({ locator, alternatives = [] }: PageTarget, alternative: number | undefined): PageLocator {
  return (alternative === undefined ? undefined : alternatives[alternative - 1]) ?? locator;
}

function firstOf(matches: Iterable<Element>): Element | undefined {
  for (const match of matches) return match;
  return undefined;
}

function firstVisible(locator: PageLocator): Element | undefined {
  for (const match of matchesOf(locator)) if (isVisible(match)) return match;
  return undefined;
}

/** A state holds for one of the matches that can be seen; one that says that something is not so, for all of them. */
function lookForStates(matches: Iterable<Element>, chosen: Element, state: PageState): PageResult {
  const first = lookForState(chosen, state);
  const isForAll = holdsForAll(state);
  if ((first.outcome === "satisfied") !== isForAll) return first;
  for (const match of matches) {
    if (match === chosen || (state !== "present" && !isInSight(match))) continue;
    const result = lookForState(match, state);
    if ((result.outcome === "satisfied") !== isForAll) return result;
  }
  return first;
}
