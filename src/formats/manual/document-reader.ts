import { MAX_GENERATED_CASES } from "../../protocol/limits.js";
import { invalidDocument } from "../invalid-document.js";
import { emptyCase, type IncomingCase } from "../ports.js";
import { casesOf } from "../sheets/cases.js";
import { CaseBuilder } from "./case-builder.js";
import { caseTitleOf, type HeadingKind } from "./headings.js";
import type { Label, Line } from "./lines.js";
import { labelledLines, tableOf, type Table } from "./tables.js";

/** Labels that begin another case where the one before has its steps. */
const CASE_LABEL = /^(?:[*_]*)(?:test|tc|case|scenario|title)/i;

/** Reads the lines of a document into its cases, one after the other. */
export class DocumentReader {
  readonly #headings: ReadonlyMap<Line, HeadingKind>;
  readonly #cases: IncomingCase[] = [];
  /** Text above the first case that holds for all of them. */
  #shared: IncomingCase | undefined;
  #current = new CaseBuilder({ hasStepsLabel: false });
  #hasStepsLabel = false;
  /** The document has a table of tests. */
  hasTable = false;

  constructor(headings: ReadonlyMap<Line, HeadingKind>) {
    this.#headings = headings;
  }

  readAll(lines: Line[]): void {
    this.#hasStepsLabel = lines.some(({ label }) => label?.part === "action");
    this.#current = new CaseBuilder({ hasStepsLabel: this.#hasStepsLabel });
    this.#readLines(lines);
  }

  #readLines(lines: Line[]): void {
    for (let at = 0; at < lines.length; at += 1) {
      const line = lines[at];
      if (line?.kind !== "row") {
        if (line !== undefined) this.#read(line);
        continue;
      }
      const rows: Line[] = [];
      for (; lines[at]?.kind === "row"; at += 1) rows.push(...lines.slice(at, at + 1));
      at -= 1;
      this.#readTable(tableOf(rows), rows);
    }
  }

  /** The cases, without those that have no step. */
  end(): IncomingCase[] {
    this.#endCase();
    return this.#cases;
  }

  #read(line: Line): void {
    const title = caseTitleOf(line);
    if (line.kind === "blank") this.#current.addBlank();
    else if (title !== undefined) this.#beginCase(title);
    else if (line.kind === "heading") this.#readHeading(line);
    else if (line.label !== undefined && this.#isLabel(line, line.label)) this.#readLabel(line, line.label);
    else this.#current.addLine(line);
  }

  #readHeading(heading: Line): void {
    const text = { text: heading.text, place: { line: heading.line } };
    const kind = this.#headings.get(heading);
    if (kind === "case") this.#beginCase(text.text);
    else if (kind === "group") this.#current.addDetail(text);
    else this.#current.beginHeaded(text);
  }

  /** Tells a label from a sentence that begins like one. */
  #isLabel(line: Line, { part }: Label): boolean {
    const { hasSteps } = this.#current;
    if (part === "expected" || part === "data") return true;
    if (this.#current.isNested(line)) return false;
    if (part === "preconditions" || part === "action") return true;
    if (part === "id" || part === "name")
      return !hasSteps || (line.kind === "text" && this.#isCaseLabel(line));
    return !hasSteps || (line.kind === "text" && this.#current.isBetweenParts);
  }

  #isCaseLabel({ label }: Line): boolean {
    return label !== undefined && CASE_LABEL.test(label.words);
  }

  #readLabel(line: Line, { part, words, rest }: Label): void {
    const isOfCase = part === "id" || part === "name";
    if (isOfCase && this.#current.hasSteps) this.#beginCase(undefined);
    if (part === "name" && this.#current.setName(rest)) return;
    const isKept = isOfCase || part === "detail";
    this.#current.beginPart(part, line, isKept ? `${words.replace(/[*_]/g, "")}: ${rest}` : rest);
  }

  #readTable(table: Table, lines: Line[]): void {
    const { rows, columns } = table;
    const virtual = columns === undefined ? labelledLines(table) : undefined;
    if (virtual !== undefined) {
      this.hasTable = true;
      this.#hasStepsLabel = true;
      this.#readLines(virtual);
    } else if (columns === undefined) this.#current.addTable(rows, lines);
    else {
      this.hasTable = true;
      const [first, ...others] = casesOf(rows.slice(1), columns);
      if (first !== undefined && others.length === 0 && first.name === undefined)
        this.#current.addCase(first);
      else for (const one of first === undefined ? [] : [first, ...others]) this.#addWhole(one);
    }
  }

  #addWhole(testCase: IncomingCase): void {
    this.#beginCase(undefined);
    this.#current.addCase(testCase);
  }

  #beginCase(title: string | undefined): void {
    this.#endCase();
    if (title !== undefined) this.#current.setName(title);
  }

  #endCase(): void {
    const testCase = this.#current.end();
    this.#current = new CaseBuilder({ hasStepsLabel: this.#hasStepsLabel });
    const hasText = [testCase.preconditions, testCase.details, testCase.data].some(
      ({ length }) => length > 0,
    );
    if (testCase.steps.length === 0) {
      if (this.#cases.length === 0 && this.#shared === undefined) this.#shared = testCase;
      else if (hasText || testCase.name !== undefined)
        (this.#cases.at(-1) ?? this.#shared)?.warnings.push(withoutSteps(testCase), ...testCase.warnings);
      return;
    }
    this.#cases.push(withShared(testCase, this.#shared));
    if (this.#cases.length > MAX_GENERATED_CASES) {
      throw invalidDocument(
        `The description has more than ${MAX_GENERATED_CASES} test cases, which is the most that can be generated at ` +
          "once. Send it in parts.",
      );
    }
  }
}

function withShared(testCase: IncomingCase, shared: IncomingCase = emptyCase()): IncomingCase {
  const heading = shared.name === undefined || testCase.name === undefined ? [] : [shared.name];
  return {
    ...testCase,
    name: testCase.name ?? shared.name,
    preconditions: [...shared.preconditions, ...testCase.preconditions],
    data: [...shared.data, ...testCase.data],
    details: [
      ...heading.map((text) => ({ text, place: { line: 1 } })),
      ...shared.details,
      ...testCase.details,
    ],
    warnings: [...shared.warnings, ...testCase.warnings],
  };
}

function withoutSteps({ name, preconditions, details, data }: IncomingCase): string {
  const texts = [...preconditions, ...details, ...data].map(({ text }) => text);
  const told = [...(name === undefined ? [] : [name]), ...texts].join("; ");
  return `No test case was made of “${told}”: it has no steps.`;
}
