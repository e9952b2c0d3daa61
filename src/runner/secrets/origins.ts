import { holdsNeedle, needlesOf, type Needle } from "../page/fold.js";

/** Fewest characters of a secret that is looked for in what a run reads: a shorter one is in many words. */
const SHORTEST = 4;

/** Knows which values of a run come from which secrets, and where those may be used. */
export class SecretOrigins {
  readonly #hosts: Readonly<Record<string, readonly string[]>>;
  /** The needles by which every used secret is looked for. */
  readonly #needles = new Map<string, Needle[]>();
  readonly #ofVariables = new Map<string, readonly string[]>();

  constructor(hosts: Readonly<Record<string, readonly string[]>>) {
    this.#hosts = hosts;
  }

  hostsOf(secret: string): readonly string[] {
    return Object.hasOwn(this.#hosts, secret) ? (this.#hosts[secret] ?? []) : [];
  }

  /** Remembers that a secret was filled in. */
  learn(name: string, value: string): void {
    if (!this.#needles.has(name)) this.#needles.set(name, value.length < SHORTEST ? [] : needlesOf(value));
  }

  /**
   * Remembers that a variable was given a value.
   *
   * @param from secrets from which it comes, whether or not they can be seen in it
   */
  note(variable: string, value: string, from: readonly string[]): void {
    const seen = [...this.#needles]
      .filter(([, needles]) => holdsNeedle(value, needles))
      .map(([name]) => name);
    this.#ofVariables.set(variable, [...new Set([...from, ...seen])]);
  }

  /** @param places what stands between `${` and `}`, in two parts */
  of(places: readonly { kind: string | undefined; key: string }[]): string[] {
    const names = places.flatMap(({ kind, key }) => {
      if (kind === "secret") return [key];
      return kind === undefined ? (this.#ofVariables.get(key) ?? []) : [];
    });
    return [...new Set(names)];
  }
}
