const DAY_MS = 86_400_000;

/** The clocks of a time zone. Times that they show are numbers as of `Date.UTC`, in milliseconds. */
export class Clocks {
  readonly #format: Intl.DateTimeFormat;

  /** @throws RangeError when there is no such time zone */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("en", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  }

  /** Tells by how much they are ahead of UTC at a moment, in milliseconds. */
  offsetAt(moment: number): number {
    const second = Math.floor(moment / 1000) * 1000;
    const parts = new Map(this.#format.formatToParts(second).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const day = [part("year"), part("month") - 1, part("day")] as const;
    return Date.UTC(...day, part("hour"), part("minute"), part("second")) - second;
  }

  /**
   * Finds the moments at which they show a time, the first one first: two where it comes twice, because they are put back, and
   * none where it is left out, because they are put forward.
   */
  momentsOf(shown: number): number[] {
    const moments = this.#offsetsAround(shown).map((offset) => shown - offset);
    return moments.filter((moment) => moment + this.offsetAt(moment) === shown);
  }

  /** The moment of a time that is left out: as much later as they are put forward. */
  momentAfterGap(shown: number): number {
    return shown - Math.min(...this.#offsetsAround(shown));
  }

  /** The larger first. No clock is more than a day ahead of UTC or behind, and none is changed twice within two days. */
  #offsetsAround(shown: number): number[] {
    const offsets = [this.offsetAt(shown - DAY_MS), this.offsetAt(shown + DAY_MS)];
    return [...new Set(offsets)].sort((one, other) => other - one);
  }
}
