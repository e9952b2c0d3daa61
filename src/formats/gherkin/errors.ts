import { Errors } from "@cucumber/gherkin";
import type { AppError } from "../../protocol/errors.js";
import { invalidDocument } from "../invalid-document.js";

/** Most faults of a document that are told at once. */
const MAX_TOLD = 3;

/** The parser's error, for the author: every fault with its line and column, and what to write instead. */
export function errorOf(error: unknown, source: string, addedLines: number): AppError {
  if (!(error instanceof Errors.GherkinException)) throw error;
  const faults = "errors" in error && Array.isArray(error.errors) ? error.errors : [error];
  const told = faults.filter((fault) => fault instanceof Errors.GherkinException);
  const lines = source.split(/\r\n?|\n/);
  const texts = told.slice(0, MAX_TOLD).map(({ message, location }) => {
    const line = Math.min(Math.max(1, location.line - addedLines), Math.max(1, lines.length));
    const column = location.column ?? (lines[line - 1]?.length ?? 0) + 1;
    return `Line ${line}, column ${column}: ${explained(message, lines[line - 1] ?? "")}`;
  });
  const more = told.length > MAX_TOLD ? ` There are ${told.length - MAX_TOLD} more faults.` : "";
  return invalidDocument(`The Gherkin cannot be read. ${texts.join(" ")}${more}`);
}

function explained(message: string, line: string): string {
  const [, got = ""] = /, got '([\s\S]*)'$/.exec(message) ?? [];
  if (message.includes("inconsistent cell count")) {
    return "this row of the table has another number of cells than its first row. Give every row as many; write \\| for a bar inside a cell.";
  }
  if (/unexpected end of file.*#DocStringSeparator/.test(message)) {
    return 'the doc string is not closed. End it with """ in a line of its own.';
  }
  if (message.includes("unexpected end of file")) {
    return "the document ends too early. Write at least one scenario with steps after it.";
  }
  if (message.includes("Language not supported")) {
    return "this language of Gherkin is not known. Correct the line “# language: …”, or leave it out for English.";
  }
  if (message.includes("whitespace"))
    return "a tag may not hold spaces. Write it in one word, such as @smoke.";
  if (got !== "" && message.includes("#StepLine")) {
    return `“${shown(got)}” is no step. Begin it with Given, When, Then, And, But or *.`;
  }
  const text = got === "" ? line.trim() : got;
  return `“${shown(text)}” may not stand here. Begin a scenario with “Scenario:” and put its steps below it.`;
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
