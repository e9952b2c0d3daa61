/** Per cent of a generation at which its sentences begin, and end. */
const FROM = 30;
const TO = 70;

/** The fields of an event that say to which of several cases it belongs. */
interface CaseFields {
  test_case_number?: number;
  test_case_count?: number;
}

/** The part of its sentences that a generation on the open page has done. */
export class Progress {
  readonly #sentences: number;
  readonly #cases: readonly (string | undefined)[];
  #done = 0;
  /** Number of the case that is written; 0 before the first. */
  #case = 0;

  /**
   * @param sentences of all cases
   * @param cases their names, or undefined for one without
   */
  constructor({ sentences, cases }: { sentences: number; cases: readonly (string | undefined)[] }) {
    this.#sentences = sentences;
    this.#cases = cases;
  }

  beginCase(): void {
    this.#case += 1;
  }

  endSentence(): void {
    this.#done += 1;
  }

  /** Of the whole generation. */
  get percent(): number {
    return Math.min(TO - 1, FROM + Math.round(((TO - FROM) * this.#done) / this.#sentences));
  }

  /** The case that is written, in words and in the fields of an event; without either where it is the only one. */
  get ofCase(): { title: string; fields: CaseFields } {
    const count = this.#cases.length;
    if (count < 2) return { title: "", fields: {} };
    const name = this.#cases[this.#case - 1];
    return {
      title: `Case ${this.#case} of ${count}${name === undefined ? "" : `, “${name}”`}`,
      fields: { test_case_number: this.#case, test_case_count: count },
    };
  }
}
