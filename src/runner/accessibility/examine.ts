import {
  FINDINGS_OF_PROBLEMS,
  FRAME_OF_PROBLEMS,
  LOOK_FOR_PROBLEMS,
} from "../accessibility-script.generated.js";
import { callPage, unlessDialog } from "../ask-page.js";
import type { AccessibilityRequest, Findings, FramePart } from "../page/accessibility-requests.js";
import { isFrameGone, isGone, PageError, type Page } from "../ports.js";
import { installAxe } from "./axe-source.js";

/** Most frames that are looked into, however deep they are. */
const MAX_FRAMES = 100;

/** A part of the page could not be looked into. */
export class NotExamined extends Error {
  override readonly name = "NotExamined";
}

/**
 * Looks for accessibility problems in the current frame's document and in every frame inside it, of whatever origin.
 * The current frame is the same one afterwards.
 *
 * @throws NotExamined when the request is at fault, or a frame lets nobody look into it
 * @throws PageError `document-replaced` when the page, or a frame of it, was left meanwhile
 */
export async function examine(
  page: Page,
  request: AccessibilityRequest,
  signal: AbortSignal,
): Promise<Findings> {
  const examination = new Examination(page, signal);
  const { frames = [], wrong } = await examination.look(request);
  if (wrong !== undefined) throw new NotExamined(wrong);
  const partials = await examination.lookInto(frames, request);
  const answer = await callPage(page, FINDINGS_OF_PROBLEMS, JSON.stringify({ request, partials }), signal);
  if (answer === "") throw new PageError("document-replaced", "the document was replaced");
  // Written by our own function, in a world that the application cannot reach unless it is exposed.
  return JSON.parse(answer) as Findings;
}

class Examination {
  readonly #page: Page;
  readonly #signal: AbortSignal;
  #frames = 0;

  constructor(page: Page, signal: AbortSignal) {
    this.#page = page;
    this.#signal = signal;
  }

  /** Looks into the current frame's document, and puts axe-core there where it has none yet. */
  async look(request: AccessibilityRequest): Promise<FramePart> {
    const ask = () => callPage(this.#page, LOOK_FOR_PROBLEMS, JSON.stringify(request), this.#signal);
    let answer = await ask();
    if (answer === "") {
      await callPage(this.#page, await installAxe(), "", this.#signal);
      answer = await ask();
    }
    if (answer === "") throw new PageError("document-replaced", "the document was replaced");
    return JSON.parse(answer) as FramePart;
  }

  /** @returns axe-core's results of the frames and those inside them, in its own order */
  async lookInto(
    frames: NonNullable<FramePart["frames"]>,
    request: AccessibilityRequest,
  ): Promise<unknown[]> {
    const partials: unknown[] = [];
    for (const [index, { name, context }] of frames.entries()) {
      if (++this.#frames > MAX_FRAMES) {
        throw new NotExamined(
          `the page has more than ${MAX_FRAMES} frames; name a part of it, or exclude some`,
        );
      }
      await this.#enter(index, name);
      const inside = async () => {
        const part = await this.look({ ...request, isPart: false, context });
        return [part.partial, ...(await this.lookInto(part.frames ?? [], request))];
      };
      partials.push(...(await this.#andLeave(inside)));
    }
    return partials;
  }

  async #enter(index: number, name: string): Promise<void> {
    try {
      await unlessDialog(
        this.#page,
        async (until) => {
          const frame = await this.#page.element(`() => (${FRAME_OF_PROBLEMS})(${index})`, until);
          await this.#page.enterFrame(frame, until);
        },
        this.#signal,
      );
    } catch (error) {
      if (isFrameGone(error))
        throw new PageError("document-replaced", `the frame ${name} has gone`, { cause: error });
      if (!(error instanceof PageError) || isGone(error)) throw error;
      throw new NotExamined(
        `the frame ${name} cannot be looked into (${error.message}); 'exclude' leaves it out`,
        {
          cause: error,
        },
      );
    }
  }

  /** Goes back to the frame around the current one, whatever comes of the work. */
  async #andLeave<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      await this.#page.leaveFrame("parent", this.#signal);
    }
  }
}
