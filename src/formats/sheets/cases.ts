import { MAX_GENERATED_CASES } from "../../protocol/limits.js";
import { invalidDocument } from "../invalid-document.js";
import { isNothing } from "../nothing.js";
import { emptyCase, type IncomingCase, type PlacedText } from "../ports.js";
import { stepsOf } from "../steps.js";
import { cellsOf, type Column, type Row } from "./columns.js";

/**
 * The cases of a table: a row with a new id or name begins one, and a row without is a step of the case before. A table
 * without such columns is one case.
 *
 * @throws AppError `invalid_description` for more cases than can be generated at once
 */
export function casesOf(rows: Row[], columns: Column[]): IncomingCase[] {
  const cases: IncomingCase[] = [];
  let key = "";
  for (const row of rows) {
    if (row.cells.every((cell) => cell.trim() === "")) continue;
    const [own] = [...cellsOf(row, columns, "id"), ...cellsOf(row, columns, "name")];
    if (cases.length === 0 || (own !== undefined && own.text !== key)) {
      cases.push(emptyCase());
      key = own?.text ?? "";
    }
    const current = cases.at(-1);
    if (current !== undefined) addRow(current, row, columns);
    if (cases.length > MAX_GENERATED_CASES) {
      throw invalidDocument(
        `Line ${row.line}: the table has more than ${MAX_GENERATED_CASES} test cases, which is the most that can be ` +
          "generated at once. Send it in parts.",
      );
    }
  }
  return cases;
}

function addRow(testCase: IncomingCase, row: Row, columns: Column[]): void {
  const cells = (part: Column["part"]): PlacedText[] => cellsOf(row, columns, part);
  const names = cells("name");
  const [name, ...otherNames] = names;
  testCase.name ??= oneLine(name?.text);
  const numbers = cells("number").filter(({ text }) => !/^(?:step )?\d+(?:\.\d+)*[.)]?$/i.test(text));
  addOnce(testCase.details, [
    ...labelled(cells("id")),
    ...labelled([
      ...otherNames,
      ...(name !== undefined && oneLine(name.text) !== testCase.name ? [name] : []),
    ]),
    ...labelled(cells("detail")),
    ...labelled(numbers),
  ]);
  addOnce(testCase.preconditions, cells("preconditions"));
  const { steps, data, warnings } = stepsOf({
    actions: cells("action"),
    expected: cells("expected"),
    data: cells("data"),
  });
  const [heading] = cells("heading");
  const [first] = steps;
  if (heading !== undefined && first !== undefined && !/^(?:step )?\d+[.)]?$/i.test(heading.text))
    first.heading = heading;
  else if (heading !== undefined && first === undefined) testCase.details.push(heading);
  testCase.steps.push(...steps);
  testCase.data.push(...data);
  testCase.warnings.push(...warnings, ...beyond(row, columns));
}

/** Cells to the right of the last heading. */
function beyond(row: Row, columns: Column[]): string[] {
  const cells = row.cells.slice(columns.length).filter((cell) => !isNothing(cell));
  if (cells.length === 0) return [];
  const told = cells.map((cell) => `“${cell.trim()}”`).join(", ");
  return [`Line ${row.line}: no column has a heading for ${told}, so it is not carried out.`];
}

/** Exports repeat the case's own cells in each of its rows. */
function addOnce(kept: PlacedText[], found: PlacedText[]): void {
  for (const one of found) if (!kept.some(({ text }) => text === one.text)) kept.push(one);
}

function labelled(texts: PlacedText[]): PlacedText[] {
  return texts.map(({ text, place }) => ({ text: `${place.cell ?? ""}: ${text}`, place }));
}

function oneLine(text: string | undefined): string | undefined {
  return text?.replace(/\s+/g, " ").trim() || undefined;
}
