/** Least time between the beginnings of two frames, in milliseconds. */
const SHORTEST_INTERVAL_MS = 200;

/** The same while the page stays as it is. */
const LONGEST_INTERVAL_MS = 1_000;

/** Frames take at most one part in this many of the time, on any machine: runs go before. */
const SHARE = 4;

/**
 * Takes a frame. Never rejects.
 *
 * @returns whether the page had changed since the last one
 */
export type TakeFrame = () => Promise<boolean>;

/**
 * Decides when the frames of a video are taken: one after the other, beside the commands, five a second while something
 * happens, fewer while nothing does or where pictures are slow.
 */
export class FramePace {
  readonly #takeFrame: TakeFrame;
  #intervalMs = SHORTEST_INTERVAL_MS;
  #nextAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> | undefined;
  /** True when something has happened since the last frame began. */
  #isBehind = false;
  #isUrgent = false;
  #isHeld = true;

  constructor(takeFrame: TakeFrame) {
    this.#takeFrame = takeFrame;
  }

  /** Tells that something has happened: a frame is taken as soon as it may be, and from then on others. */
  follow(): void {
    this.#isHeld = false;
    this.#isBehind = true;
    this.#intervalMs = SHORTEST_INTERVAL_MS;
    this.#schedule();
  }

  /** Does not wait any longer for the frame that {@link follow} has asked for, if it has yet to begin. */
  catchUp(): void {
    if (!this.#isBehind) return;
    this.#isUrgent = true;
    this.#schedule();
  }

  /** Begins no more frames, until something happens. Resolves when none is under way. */
  async hold(): Promise<void> {
    this.#isHeld = true;
    clearTimeout(this.#timer);
    await this.#underWay;
  }

  /** Holds, but takes a last frame where something has happened since the one before. */
  async finish(): Promise<void> {
    await this.hold();
    if (this.#isBehind) await this.#take();
  }

  #schedule(): void {
    if (this.#isHeld || this.#underWay) return;
    clearTimeout(this.#timer);
    const waitMs = this.#isUrgent ? 0 : this.#nextAt - performance.now();
    // It is taken at once, so that it is under way before the run can go on to something that no frame may show.
    if (waitMs <= 0) void this.#take();
    else this.#timer = setTimeout(() => void this.#take(), waitMs);
  }

  #take(): Promise<void> {
    return (this.#underWay = this.#takeOne().finally(() => {
      this.#underWay = undefined;
      this.#schedule();
    }));
  }

  async #takeOne(): Promise<void> {
    const begunAt = performance.now();
    this.#isBehind = false;
    this.#isUrgent = false;
    const hasChanged = await this.#takeFrame();
    const isActive = hasChanged || this.#isBehind;
    this.#intervalMs = isActive ? SHORTEST_INTERVAL_MS : Math.min(2 * this.#intervalMs, LONGEST_INTERVAL_MS);
    this.#nextAt = begunAt + Math.max(this.#intervalMs, SHARE * (performance.now() - begunAt));
  }
}
