import { SourceDocument } from "./document.js";
import { readCaseFile, type CaseFileError } from "./read.js";
import { writeDocument, writeJson } from "./write.js";

/**
 * Writes a case file in the one way that all have: the order of the fields, quotes, the width of lines. It says the same
 * afterwards; comments stay with what they stand at.
 *
 * @returns the text, or every fault of the file
 */
export function formatCaseFile(
  text: string,
  { file }: { file: string },
): { text: string } | { errors: CaseFileError[] } {
  const reading = readCaseFile(text, { file });
  if ("errors" in reading) return reading;
  const source = new SourceDocument(text.replace(/^\uFEFF/, ""));
  // It has just been read: there is a document, and it holds a mapping.
  if (source.document === undefined) return { text };
  if (file.endsWith(".json")) return { text: writeJson(source.value as object) };
  return { text: writeDocument(source.document) };
}
