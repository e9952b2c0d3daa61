import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import type { CommandContext } from "./executor.js";
import { askPage, callAfterInput, DialogInTheWay, isEffect, unlessDialog } from "./ask-page.js";
import { asPageMaySee } from "./exposure.js";
import { enterAgain, noteFrameGone, type FrameSearch } from "./frame-path.js";
import { Impossible } from "./impossible.js";
import { describePageLocator } from "./locator.js";
import { patienceFor } from "./patience.js";
import { readiness } from "./readiness.js";
import { ACT, CONFIRM_HIT, HELD_ELEMENT } from "./page-script.generated.js";
import {
  UNCHANGED,
  type Goal,
  type OtherReading,
  type PageRequest,
  type PageTarget,
  type Reading,
  type Satisfied,
} from "./page/requests.js";
import {
  isDocumentReplaced,
  isFrameGone,
  PageError,
  type PageElement,
  type Point,
  type Patience,
  type PointerAction,
  type SessionMemory,
  type Variables,
} from "./ports.js";

export { DialogInTheWay, Impossible };

/** Longest single wait inside the page, in milliseconds; a longer one is made of several. */
const SLICE_MS = 10_000;

/** A comparison of more than `LONG_WORK_MS` milliseconds is followed by a rest of `REST_SHARE` times its time. */
const LONG_WORK_MS = 5;
const REST_SHARE = 4;

/** Longest text that is one turn's work, in characters. */
const LONG_TEXT = 100_000;

/** Number of the last reading of any page: no document can take another's for its own. */
let lastReading = 0;

/** Pause before asking a document again that was replaced while it was asked, in milliseconds. */
const REPLACED_PAUSE_MS = 10;

/** The part of a command's context that a search needs. */
export type FindContext = Pick<
  CommandContext,
  "page" | "signal" | "log" | "readyTimeoutMs" | "navigationGraceMs" | "strictLocators"
> & {
  variables: Pick<Variables, "used">;
  /** Where frames are remembered, to be entered again; a search without it stays where it is. */
  memory?: SessionMemory | undefined;
  /** Looks, just before keys are pressed, whether they may be pressed there. @throws Error when they may not */
  beforeKeys?: () => Promise<void>;
};

/** The page never became what the command needs: the application did not do what the step expects. */
export class NotSatisfied extends Error {
  override readonly name = "NotSatisfied";
}

/** The locator can find nothing in any document: the script is at fault. */
export class InvalidLocator extends Error {
  override readonly name = "InvalidLocator";
}

/**
 * Waits in the page until the request's condition holds, and does what the request is for. A navigation in the middle
 * of the wait restarts it in the new document; the time already spent counts. The need for an alternative locator is
 * logged.
 *
 * @throws NotSatisfied when the time is up, with what was seen last.
 * @throws InvalidLocator at once when a locator is not valid.
 * @throws Impossible at once when waiting is of no use.
 * @throws DialogInTheWay when the page is blocked by a dialog that nothing answers.
 */
export async function find(request: PageRequest, context: FindContext): Promise<Satisfied> {
  return new Search(request.target, request.timeoutMs, context).until(request);
}

/** Waits until the document is ready for input, for a command that asks for no element to act on. */
export async function whenReady(timeoutMs: number, context: FindContext): Promise<void> {
  await new Search(undefined, timeoutMs, context).until({ until: "ready" });
}

/**
 * Finds an element and hands it over as the browser knows it, such as a frame.
 *
 * @throws as {@link find}
 */
export async function findElement(
  target: PageTarget,
  timeoutMs: number,
  context: FindContext,
  goal: Extract<Goal, { until: "held" }> = { until: "held" },
): Promise<PageElement> {
  const search = new Search(target, timeoutMs, context);
  for (;;) {
    await search.until(goal);
    try {
      return await context.page.element(HELD_ELEMENT, context.signal);
    } catch (error) {
      if (!isDocumentReplaced(error) || search.isOver) throw error;
    }
  }
}

/**
 * Finds a frame and makes it the current one. Where the page takes it away in that very moment, a person sees only what
 * comes in its place: it is looked for again.
 *
 * @throws PageError `protocol` at once when the element is no frame.
 * @throws as {@link find}
 */
export async function findAndEnter(
  target: PageTarget,
  timeoutMs: number,
  context: FindContext,
): Promise<void> {
  const { page, signal } = context;
  const search = new Search(target, timeoutMs, context);
  for (;;) {
    await search.until({ until: "held" });
    try {
      await page.enterFrame(await page.element(HELD_ELEMENT, signal), signal);
      return;
    } catch (error) {
      if (!isDocumentReplaced(error) && !isFrameGone(error)) throw error;
      if (search.isOver) throw new NotSatisfied("it had gone again at each try to enter it");
      await delay(REPLACED_PAUSE_MS, undefined, { signal });
    }
  }
}

/**
 * Reads something of the page again and again, at each change, until it is accepted.
 *
 * @param accept returns what is wrong with a reading, as a clause such as `its text is "x"`; nothing when it is as
 * expected. It also hears which secrets were typed there, and whether it is a field's time. Of the texts of several matches one has to be accepted, or
 * with `ofAll` each.
 * @returns the reading that was accepted
 * @throws NotSatisfied when the time is up, with what was wrong last.
 * @throws as {@link find}
 */
export async function waitForReading(
  { target, reading, timeoutMs, ofAll = false }: Wait,
  accept: Accept,
  context: FindContext,
): Promise<string | null> {
  const search = new Search(target, timeoutMs, context);
  let last: { number: number; wrong: string } | undefined;
  for (;;) {
    // To look for further matches takes time in a large document, and most often the first is as expected.
    const reread = last === undefined ? { alone: !ofAll } : { unlike: last.number };
    const number = ++lastReading;
    try {
      const {
        value = null,
        from = [],
        isTime = false,
        others = [],
      } = await search.until(
        {
          until: "read",
          reading,
          as: number,
          ...reread,
        },
        ofAll,
      );
      await otherRunsFirst(value);
      const began = performance.now();
      const texts = [{ value, from, isTime }, ...others];
      const wrong = ofAll ? firstWrong(texts, accept) : wrongOfAll(texts, accept);
      if (wrong === undefined) return value;
      last = { number, wrong };
      await restAfter(performance.now() - began, context.signal);
    } catch (error) {
      // The last reading still stands.
      if (!(error instanceof NotSatisfied && error.message === UNCHANGED && last)) throw error;
      throw new NotSatisfied(last.wrong);
    }
  }
}

type Accept = (value: string | null, from: readonly string[], isTime: boolean) => string | undefined;

/** The fault of the first reading that is not accepted. */
function firstWrong(readings: readonly OtherReading[], accept: Accept): string | undefined {
  for (const { value, from, isTime = false } of readings) {
    const wrong = accept(value, from, isTime);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** The fault of the first reading, where none is accepted. */
function wrongOfAll(readings: readonly OtherReading[], accept: Accept): string | undefined {
  let first: string | undefined;
  for (const { value, from, isTime = false } of readings) {
    const wrong = accept(value, from, isTime);
    if (wrong === undefined) return undefined;
    first ??= wrong;
  }
  return first;
}

interface Wait {
  target?: PageTarget;
  reading: Reading;
  timeoutMs: number;
  /** True when the texts of all matches have to be accepted. @defaultValue false */
  ofAll?: boolean;
}

/** Parsing and comparing a long text takes two turns of the server's loop, with those of other runs between. */
async function otherRunsFirst(value: string | null): Promise<void> {
  if (value !== null && value.length > LONG_TEXT) await nextTurn();
}

/** A page that keeps changing a long text gets only a part of the server's time: all other runs need it too. */
async function restAfter(workMs: number, signal: AbortSignal): Promise<void> {
  if (workMs > LONG_WORK_MS) await delay(REST_SHARE * workMs, undefined, { signal });
}

type WithoutTarget<R> = R extends unknown
  ? Omit<R, "target" | "timeoutMs" | "waitedMs" | "readyMs" | "mayLeave">
  : never;

/** Everything that one command asks about one target, within the command's time. */
export class Search {
  readonly #target: PageTarget | undefined;
  readonly #context: FindContext;
  readonly #start = performance.now();
  readonly #deadline: number;
  #logged = false;
  readonly #warned = new Set<string>();
  /** True once the pointer was moved away from what it may have opened. */
  #hasLeft = false;
  /** Number of the match that the log told of. */
  #toldOf: number | undefined;

  constructor(target: PageTarget | undefined, timeoutMs: number, context: FindContext) {
    this.#target = target;
    this.#context = context;
    this.#deadline = this.#start + timeoutMs;
  }

  get isOver(): boolean {
    return performance.now() >= this.#deadline;
  }

  /** @param ofAll whether a reading is to be as expected of all matches */
  async until(goal: WithoutTarget<PageRequest>, ofAll = false): Promise<Satisfied> {
    let seen = "the page was still loading";
    for (;;) {
      try {
        await this.#enterAgain();
        const answer = await this.#look(goal, ofAll);
        if (answer.outcome === "satisfied") return answer;
        seen = answer.seen;
        if (answer.leaveTo !== undefined) await this.#leave(answer.leaveTo);
      } catch (error) {
        if (!isDocumentReplaced(error)) await this.#leaveGone(error);
        await delay(REPLACED_PAUSE_MS, undefined, { signal: this.#context.signal });
      }
      if (this.isOver) throw new NotSatisfied(seen);
    }
  }

  /** Waits for one slice of the time. */
  async #look(goal: WithoutTarget<PageRequest>, ofAll: boolean) {
    const now = performance.now();
    const timeoutMs = Math.max(Math.min(this.#deadline - now, SLICE_MS), 0);
    const target = this.#target === undefined ? {} : { target: this.#strict(this.#target) };
    const { page, signal, readyTimeoutMs } = this.#context;
    const request = {
      ...goal,
      ...target,
      timeoutMs,
      waitedMs: now - this.#start,
      ...readiness(goal, { timeoutMs: this.#deadline - this.#start, readyTimeoutMs }),
      ...("guard" in goal && !this.#hasLeft && { mayLeave: true }),
    } as PageRequest; // Its parts.
    const patience = this.#patience(goal, ofAll);
    const answer = await askPage(page, asPageMaySee(request, this.#context), signal, patience);
    if (answer.outcome === "invalid-locator") throw new InvalidLocator(answer.reason);
    if (answer.outcome === "impossible") throw new Impossible(answer.reason);
    if (answer.outcome === "unsatisfied") return answer;
    this.#logAlternative(answer.alternative);
    this.#warn(answer.warning);
    this.#logMatch(answer.match);
    const undone =
      // In a call of its own: the page's reaction may replace or block the page.
      (needsAct(request) && answer.isStill !== true) || answer.acts
        ? await callAfterInput({ page, signal, patience }, ACT)
        : "";
    return undone === "" ? answer : { outcome: "unsatisfied" as const, seen: undone };
  }

  #patience(goal: WithoutTarget<PageRequest>, ofAll: boolean): Patience {
    const timeoutMs = this.#deadline - this.#start;
    const { navigationGraceMs: graceMs } = this.#context;
    return patienceFor({ ...goal, ofAll }, { begun: this.#start, timeoutMs, graceMs });
  }

  async #enterAgain(): Promise<void> {
    const { memory } = this.#context;
    if (memory?.frames === undefined) return;
    const timeoutMs = Math.max(this.#deadline - performance.now(), 0);
    await enterAgain(timeoutMs, { ...this.#context, memory }, framesAround(timeoutMs, this.#context));
  }

  /** @throws the error, unless it is that of a frame that may be made anew */
  async #leaveGone(error: unknown): Promise<void> {
    const { memory } = this.#context;
    const isNew = memory?.frames !== undefined && memory.frames.gone === undefined;
    if (!isNew || !isFrameGone(error)) throw error;
    await noteFrameGone(error, { ...this.#context, memory });
  }

  /** Moves the pointer away, as a person would, from what covers the element because the pointer is where it is. */
  async #leave(to: Point): Promise<void> {
    this.#hasLeft = true;
    await hit([{ type: "move", to }], this.#context);
  }

  #warn(warning: string | undefined): void {
    if (warning === undefined || this.#warned.has(warning)) return;
    this.#warned.add(warning);
    this.#context.log({ level: "warning", message: `${warning}.` });
  }

  #strict(target: PageTarget): PageTarget {
    const { strict = this.#context.strictLocators ?? false } = target;
    return strict ? { ...target, strict } : target;
  }

  #logMatch(match: Satisfied["match"]): void {
    if (this.#target === undefined || match === undefined || this.#toldOf === match.number) return;
    this.#toldOf = match.number;
    this.#context.log({
      level: "info",
      message: `Took match ${match.number} of ${describePageLocator(this.#target.locator)}: of the first, ${match.passedOver}.`,
    });
  }

  #logAlternative(number: number | undefined): void {
    const used = number === undefined ? undefined : this.#target?.alternatives?.[number - 1];
    if (this.#target === undefined || used === undefined || this.#logged) return;
    this.#logged = true;
    this.#context.log({
      level: "warning",
      message: `Found by alternative ${number} (${describePageLocator(used)}), because ${describePageLocator(this.#target.locator)} finds nothing.`,
    });
  }
}

/** Searches for frames in the page around them. */
function framesAround(readyMs: number, inside: FindContext): FrameSearch {
  const context = { ...inside, memory: undefined };
  return {
    whenReady: () => whenReady(readyMs, context),
    async enterOnly(target, timeoutMs) {
      const reading = { what: "count" } as const;
      const isOne = (count: string | null) =>
        count === "1" ? undefined : `it finds ${count ?? "no"} frames`;
      try {
        await waitForReading({ target, reading, timeoutMs }, isOne, context);
        await findAndEnter(target, timeoutMs, context);
        return true;
      } catch (error) {
        if (error instanceof NotSatisfied) return false;
        throw error;
      }
    },
  };
}

const ACTS = new Set<PageRequest["until"]>([
  "focused",
  "blurred",
  "refocused",
  "submitted",
  "chosen",
  "scrolled",
]);

function needsAct({ until }: PageRequest): boolean {
  return ACTS.has(until);
}

/** @returns what the pointer hit instead of the element it was meant for; empty when it hit that */
export async function hit(actions: readonly PointerAction[], { page, signal }: FindContext): Promise<string> {
  try {
    return await unlessDialog(page, (until) => page.pointer(actions, until, CONFIRM_HIT), signal);
  } catch (error) {
    if (isEffect(error)) return "";
    if (error instanceof PageError && error.kind === "out-of-view") return "nothing that is in view";
    throw error;
  }
}
