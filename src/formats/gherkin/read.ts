import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from "@cucumber/gherkin";
import type { GherkinDocument, Pickle, PickleStep, Scenario } from "@cucumber/messages";
import { MAX_GENERATED_CASES } from "../../protocol/limits.js";
import { invalidDocument } from "../invalid-document.js";
import {
  emptyCase,
  type IncomingCase,
  type IncomingDocument,
  type IncomingStep,
  type PlacedText,
} from "../ports.js";
import { withHeader } from "./detect.js";
import { errorOf } from "./errors.js";
import { nodesOf, type Nodes } from "./nodes.js";

/**
 * Reads Gherkin: each scenario is a case, each row of Examples one, the steps of a Background begin every case.
 *
 * @throws AppError `invalid_description` with line and column, or with the limit of cases
 */
export function readGherkin(source: string): IncomingDocument {
  const { text, addedLines } = withHeader(source);
  let nextId = 0;
  const newId = (): string => String((nextId += 1));
  let document: GherkinDocument;
  try {
    document = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher()).parse(text);
  } catch (error) {
    throw errorOf(error, source, addedLines);
  }
  const nodes = nodesOf(document);
  refuseTooMany(nodes.scenarios);
  const reader = new CaseReader(document, nodes, addedLines);
  const pickles = compile(document, "", newId);
  const cases = pickles.filter(({ steps }) => steps.length > 0).map((pickle) => reader.read(pickle));
  const [first] = cases;
  if (first === undefined) {
    throw invalidDocument(
      'The Gherkin has no scenario with steps. Write one: "Scenario: …", then Given, When and Then.',
    );
  }
  first.warnings.push(...reader.withoutSteps(pickles));
  first.details.push(...reader.comments());
  return { format: "gherkin", cases };
}

function refuseTooMany(scenarios: Scenario[]): void {
  const rows = scenarios.flatMap(({ examples }) => examples).map(({ tableBody }) => tableBody.length);
  const count =
    scenarios.filter(({ examples }) => examples.length === 0).length +
    rows.reduce((sum, one) => sum + one, 0);
  if (count <= MAX_GENERATED_CASES) return;
  throw invalidDocument(
    `The Gherkin has ${count} scenarios and rows of Examples; at most ${MAX_GENERATED_CASES} test cases can be ` +
      "generated at once. Send it in parts, or keep the rows that differ in what they test.",
  );
}

class CaseReader {
  readonly #document: GherkinDocument;
  readonly #nodes: Nodes;
  /** Lines before the author's first, that only the parser has seen. */
  readonly #addedLines: number;

  constructor(document: GherkinDocument, nodes: Nodes, addedLines: number) {
    this.#document = document;
    this.#nodes = nodes;
    this.#addedLines = addedLines;
  }

  read(pickle: Pickle): IncomingCase {
    const [scenarioId = "", rowId] = pickle.astNodeIds;
    const row = rowId === undefined ? undefined : this.#nodes.rows.get(rowId);
    const values = row?.cells.join(", ") ?? "";
    const name = pickle.name === "" ? this.#document.feature?.name : pickle.name;
    const isTold = row?.cells.every((cell) => pickle.name.includes(cell)) ?? true;
    return {
      ...emptyCase(),
      name: name === "" || name === undefined || isTold ? name || undefined : `${name} (${values})`,
      details: this.#details(pickle, scenarioId, rowId),
      steps: pickle.steps.map((step) => this.#step(step)),
    };
  }

  #step({ text, argument, astNodeIds: [id = ""] }: PickleStep): IncomingStep {
    const node = this.#nodes.steps.get(id);
    const keyword = node?.keyword.trim() ?? "*";
    const sentence: PlacedText = {
      text: keyword === "*" ? text : `${keyword} ${text}`,
      place: { line: this.#line(node?.line ?? 1) },
    };
    const { dataTable, docString } = argument ?? {};
    if (dataTable) sentence.table = dataTable.rows.map(({ cells }) => cells.map(({ value }) => value));
    if (docString) sentence.docString = docString.content;
    return { sentences: [sentence], data: [], expected: [], isWhole: false };
  }

  #details(pickle: Pickle, scenarioId: string, rowId: string | undefined): PlacedText[] {
    const details: PlacedText[] = [];
    const add = (line: number, ...texts: string[]): void => {
      const text = texts.map((part) => part.trim()).filter((part) => part !== "");
      if (text.length > 0) details.push({ text: text.join("\n"), place: { line: this.#line(line) } });
    };
    for (const { line, title, description } of this.#nodes.around.get(scenarioId) ?? [])
      add(line, title, description);
    const line = pickle.location?.line ?? 1;
    if (pickle.tags.length > 0) add(line, `Tags: ${pickle.tags.map(({ name }) => name).join(" ")}`);
    const row = rowId === undefined ? undefined : this.#nodes.rows.get(rowId);
    if (row !== undefined) {
      add(
        row.line,
        row.title,
        row.cells.map((cell, column) => `${row.header[column] ?? ""} = ${cell}`).join(", "),
      );
    }
    return details;
  }

  /** Scenarios that nothing was made of, as warnings. */
  withoutSteps(pickles: readonly Pickle[]): string[] {
    const used = new Set(
      pickles.filter(({ steps }) => steps.length > 0).flatMap(({ astNodeIds }) => astNodeIds),
    );
    return this.#nodes.scenarios
      .filter(({ id }) => !used.has(id))
      .map(({ location, keyword, name, description, steps }) => {
        const why = steps.length > 0 ? "its Examples have no rows" : "it has no steps";
        const told = [name, description.trim(), ...steps.map(({ text }) => text)].filter(
          (part) => part !== "",
        );
        return `Line ${this.#line(location.line)}: “${keyword}: ${told.join(" ")}” became no test case: ${why}.`;
      });
  }

  comments(): PlacedText[] {
    return this.#document.comments.map(({ text, location }) => ({
      text: text.trim(),
      place: { line: this.#line(location.line) },
    }));
  }

  #line(parsed: number): number {
    return Math.max(1, parsed - this.#addedLines);
  }
}
