import type { DescriptionFormat } from "../../protocol/messages.js";
import { invalidDocument } from "../invalid-document.js";
import { inSeparateLines } from "../items.js";
import { emptyCase, type IncomingCase, type IncomingDocument } from "../ports.js";
import { DocumentReader } from "./document-reader.js";
import { headingKinds } from "./headings.js";
import { linesOf, type Line } from "./lines.js";

/**
 * Reads what people write by hand: sentences, lists, labelled blocks, tables of Markdown, and headings over them.
 *
 * @throws AppError `invalid_description` where there is no step, or there are more cases than can be generated at once
 */
export function readManual(source: string): IncomingDocument {
  const lines = linesOf(listInLines(source));
  const reader = new DocumentReader(headingKinds(lines));
  reader.readAll(lines);
  const cases = reader.end();
  if (cases.length > 0) return { format: formatOf(lines, reader.hasTable), cases };
  // Nothing but labels: whatever they are, their lines are sentences then.
  const sentences = lines.filter(({ kind }) => kind !== "blank");
  if (sentences.length === 0) {
    throw invalidDocument("The description has no words. Write what the test does, in sentences.");
  }
  return { format: "text", cases: [proseOf(sentences)] };
}

function formatOf(lines: Line[], hasTable: boolean): DescriptionFormat {
  if (hasTable) return "table";
  const isBlock = ({ label, kind, indent }: Line): boolean => {
    if (kind === "heading" || label?.part === "action" || label?.part === "preconditions") return true;
    // Below an item they are a part of the list.
    return indent === 0 && (label?.part === "expected" || label?.part === "data");
  };
  if (lines.some(isBlock)) return "blocks";
  return lines.some(({ kind }) => kind === "item") ? "list" : "text";
}

/** "Steps: 1. Open X 2. Click Y" in the only line: a list, in as many lines. */
function listInLines(source: string): string {
  const announced = /^(\s*(?:test )?steps?:)\s+(?=\(?1[.)] )/i.exec(source);
  const [label, list] =
    announced === null ? ["", source] : [announced[1] ?? "", source.slice(announced[0].length)];
  const lines = list.split("\n");
  if (lines.filter((line) => line.trim() !== "").length !== 1) return source;
  return [...(label === "" ? [] : [label]), ...inSeparateLines(lines)].join("\n");
}

function proseOf(lines: Line[]): IncomingCase {
  const sentences = lines.map(({ text, line }) => ({ text, place: { line } }));
  return { ...emptyCase(), steps: [{ sentences, data: [], expected: [], isWhole: false }] };
}
