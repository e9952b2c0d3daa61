import type { MaskOptions, Variables } from "../runner/ports.js";

type Secrets = Pick<Variables, "mask" | "maskLong">;

/** Fields of events that hold words of this server, never of a script or a page. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  "type",
  "status",
  "kind",
  "level",
  "action",
  "url",
  "image",
  "run_id",
  "request_id",
  "ts",
]);

const NO_FIELDS: ReadonlySet<string> = new Set();

/** Takes the secrets that a run has used out of everything that leaves it as text. */
export class Mask {
  readonly #sources: Secrets[] = [];

  /** Masks the secrets of these variables too, from now on; those of earlier attempts stay masked. */
  add(variables: Secrets): void {
    this.#sources.push(variables);
  }

  text(text: string, options?: MaskOptions): string {
    return this.#sources.reduce((result, source) => source.mask(result, options), text);
  }

  /** As {@link text}, for one that may be long: others have their turn in between. */
  async longText(text: string): Promise<string> {
    let result = text;
    for (const source of this.#sources) result = await source.maskLong(result);
    return result;
  }

  /** Every text inside a value, at any depth. */
  all<T>(value: T): T {
    return this.#inside(value, NO_FIELDS);
  }

  /** As {@link all}, for what a page tells while somebody types: beginnings of secrets are masked too. */
  records<T>(value: T): T {
    return this.#inside(value, NO_FIELDS, { typed: true });
  }

  /** An event's texts, but for the words that are the server's own: "passed" may be somebody's password. */
  event<T extends object>(event: T): T {
    return this.#inside(event, OWN_WORDS);
  }

  /** A verdict's texts; the ids of its step and run stay. */
  result<T extends { errorMessage: string | null; actualResult?: string | null }>(result: T): T {
    const { errorMessage, actualResult } = result;
    return { ...result, ...this.all({ errorMessage, ...(actualResult !== undefined && { actualResult }) }) };
  }

  // The casts hold because each value is replaced by one of its own kind.
  #inside<T>(value: T, except: ReadonlySet<string>, options?: MaskOptions): T {
    if (typeof value === "string") return this.text(value, options) as T;
    if (Array.isArray(value)) return value.map((item) => this.#inside<unknown>(item, except, options)) as T;
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      except.has(key) ? inner : this.#inside(inner, except, options),
    ]);
    return Object.fromEntries(entries) as T;
  }
}
