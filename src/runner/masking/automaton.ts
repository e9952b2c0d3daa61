/**
 * Finds many patterns in one pass: each state is a beginning of a pattern, and the text so far ends in it.
 * Alfred V. Aho and Margaret J. Corasick, "Efficient string matching", 1975.
 *
 * Most states are followed by one unit only, so that is kept in two arrays; the memory grows with the length of the
 * patterns and with nothing else.
 */
export class Automaton {
  /** The state in which no pattern has begun. */
  static readonly START = 0;

  /** Length in units of the beginning that each state is. */
  readonly depth: Int32Array;
  /** Length in units of the longest pattern that ends in each state; 0 when none does. */
  readonly ends: Int32Array;
  /** Units of the longest pattern. */
  readonly longest: number;
  /** The state after each unit from the start on; 0 when no pattern begins with it. */
  readonly firsts = new Int32Array(0x10000);
  readonly #onlyUnit: Int32Array;
  readonly #onlyNext: Int32Array;
  readonly #others = new Map<number, Map<number, number>>();
  readonly #fallback: Int32Array;

  /** @param patterns in units; empty ones are left out */
  constructor(patterns: readonly (readonly number[])[]) {
    const most = patterns.reduce((sum, pattern) => sum + pattern.length, 1);
    this.depth = new Int32Array(most);
    this.ends = new Int32Array(most);
    this.#onlyUnit = new Int32Array(most).fill(-1);
    this.#onlyNext = new Int32Array(most);
    this.#fallback = new Int32Array(most);
    this.longest = Math.max(0, ...patterns.map((pattern) => pattern.length));
    let states = 1;
    for (const pattern of patterns) {
      let state = Automaton.START;
      for (const unit of pattern) {
        let next = this.#child(state, unit);
        if (next === 0) {
          next = states++;
          this.depth[next] = at(this.depth, state) + 1;
          this.#adopt(state, unit, next);
        }
        state = next;
      }
      if (state !== Automaton.START) this.ends[state] = pattern.length;
    }
    this.#link(patterns);
  }

  /** The state after one more unit of the text. */
  next(state: number, unit: number): number {
    for (;;) {
      const child = this.#child(state, unit);
      if (child !== 0 || state === Automaton.START) return child;
      state = at(this.#fallback, state);
    }
  }

  /** @returns 0 when there is none */
  #child(state: number, unit: number): number {
    if (state === Automaton.START) return at(this.firsts, unit);
    if (at(this.#onlyUnit, state) === unit) return at(this.#onlyNext, state);
    return this.#others.get(state)?.get(unit) ?? 0;
  }

  #adopt(state: number, unit: number, child: number): void {
    if (state === Automaton.START) {
      this.firsts[unit] = child;
    } else if (this.#onlyNext[state] === 0) {
      this.#onlyUnit[state] = unit;
      this.#onlyNext[state] = child;
    } else {
      const others = this.#others.get(state) ?? new Map<number, number>();
      this.#others.set(state, others.set(unit, child));
    }
  }

  /** Links each state to the longest other state in which its text ends, the shorter states first. */
  #link(patterns: readonly (readonly number[])[]): void {
    const queue = [
      ...new Set(patterns.flatMap(([unit]) => (unit === undefined ? [] : at(this.firsts, unit)))),
    ];
    for (const state of queue) {
      for (const [unit, child] of this.#children(state)) {
        const fallback = this.next(at(this.#fallback, state), unit);
        this.#fallback[child] = fallback;
        if (this.ends[child] === 0) this.ends[child] = at(this.ends, fallback);
        queue.push(child);
      }
    }
  }

  *#children(state: number): Generator<[unit: number, child: number]> {
    if (this.#onlyNext[state] !== 0) yield [at(this.#onlyUnit, state), at(this.#onlyNext, state)];
    yield* this.#others.get(state) ?? [];
  }
}

/** An entry that is known to be there. */
function at(array: Int32Array, index: number): number {
  return array[index] ?? 0;
}
