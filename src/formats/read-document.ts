import { GHERKIN } from "./gherkin/index.js";
import { MANUAL } from "./manual/index.js";
import type { Format, IncomingDocument } from "./ports.js";
import { SHEETS } from "./sheets/index.js";

/** The formats in the order in which they are tried; the last one takes everything. */
const FORMATS: readonly Format[] = [GHERKIN, SHEETS, MANUAL];

/** A document that is one block of code, as one that was copied from a page of Markdown. */
const FENCED = /^(\s*)(`{3,}|~{3,})[\w-]*\n([\s\S]*?)\n\2\s*$/;

/**
 * Finds the format of a description and reads its test cases. No sentence is understood yet; every word is in one part of
 * a case, or in a warning.
 *
 * @throws AppError `invalid_description` with the place and the remedy
 */
export function readDocument(description: string): IncomingDocument {
  const source = description
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    // The line of the fence stays, so that places are those of the whole text.
    .replace(FENCED, (_, space: string, _fence, content: string) => `${space}\n${content}`);
  const format = FORMATS.find((one) => one.detect(source)) ?? MANUAL;
  const document = format.read(source);
  for (const { details, warnings } of document.cases) {
    const after = details.find(({ text }) => /^post[- ]?conditions?:/i.test(text));
    if (after === undefined) continue;
    warnings.push(
      `Line ${after.place.line}: the postconditions are kept as text and not checked. Write them as expected results.`,
    );
  }
  return document;
}
