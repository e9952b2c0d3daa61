import { closestMatch } from "leven";

/** Letters of a name for each of which one may be wrong. */
const LETTERS_PER_FAULT = 3;

/** Longer names are none that was nearly right. */
const MAX_LENGTH = 60;

/**
 * Finds the name that was nearly written.
 *
 * @param name in any case, with `-`, blanks or capitals between its words
 * @returns ` Did you mean 'click'?` with a blank in front; empty when nothing is near
 */
export function didYouMean(name: string, known: readonly string[]): string {
  const written = snakeCase(name);
  const maxDistance = Math.ceil(written.length / LETTERS_PER_FAULT);
  const near = known.includes(written) ? written : closestMatch(written, known, { maxDistance });
  return near === undefined ? "" : ` Did you mean '${near}'?`;
}

/** The way in which fields, actions and locator types are written: `locatorType` is `locator_type`. */
function snakeCase(name: string): string {
  return name
    .slice(0, MAX_LENGTH)
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_")
    .replace(/[\s-]+/g, "_")
    .toLowerCase();
}
