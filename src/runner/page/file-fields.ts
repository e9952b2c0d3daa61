import { describe, isBarred } from "./element.ts";
import { labelsOf } from "./labels.ts";
import { whyOutOfReach, whyShutOff } from "./reach.ts";
import { isInSight } from "./sight.ts";

/** The files of file fields: the reason why people could give a field none, and what it has held of those it was given. */

/**
 * Asks as a click would. A hidden field is opened by its labels, or by a button of which the page knows alone.
 *
 * @param count of the files
 * @returns a clause; nothing where people could
 */
export function whyTakesNoFiles(element: Element, count: number): string | undefined {
  if (!isFileField(element)) return `${describe(element)} is no file field`;
  if (isBarred(element)) return `${describe(element)} is disabled`;
  const shutOff = whyShutOff(element);
  if (shutOff !== undefined) return shutOff;
  if (count > 1 && !element.multiple) return `${describe(element)} takes one file only`;
  if (isInSight(element, "around")) return whyOutOfReach(element);
  let first: string | undefined;
  for (const label of labelsOf(element).filter((each) => isInSight(each))) {
    const problem = whyOutOfReach(label);
    if (problem === undefined) return undefined;
    first ??= problem;
  }
  return first;
}

function isFileField(element: Element): element is HTMLInputElement {
  return element instanceof HTMLInputElement && element.type === "file";
}

/** Watches a field while it is given files: many pages take them out of it again as soon as they have them. */
export class FileWatch {
  readonly #field: Element;
  #most = 0;

  constructor(field: Element) {
    this.#field = field;
    for (const type of ["input", "change"]) addEventListener(type, this.#note, { capture: true });
  }

  /** @returns whether the field holds a file, or has held one when the page heard of it */
  hasHeld(): boolean {
    this.#note();
    this.release();
    return this.#most > 0;
  }

  release(): void {
    for (const type of ["input", "change"]) removeEventListener(type, this.#note, { capture: true });
  }

  readonly #note = (): void => {
    const count = isFileField(this.#field) ? (this.#field.files?.length ?? 0) : 0;
    this.#most = Math.max(this.#most, count);
  };
}
