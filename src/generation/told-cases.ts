import { caseText } from "../formats/case-text.js";
import { readDocument } from "../formats/read-document.js";
import type { DescriptionFormat } from "../protocol/messages.js";
import type { ToldCase } from "./ports.js";

/**
 * The cases that a description tells of, in any format.
 *
 * @throws AppError `invalid_description` where it breaks the rules of its format
 */
export function toldCases(description: string): { format: DescriptionFormat; cases: ToldCase[] } {
  const { format, cases } = readDocument(description);
  const isOne = cases.length === 1;
  const told = cases.map((one) => ({ ...one, format, description: isOne ? description : caseText(one) }));
  return { format, cases: told };
}
