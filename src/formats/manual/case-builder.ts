import type { Part } from "../labels.js";
import { isNothing } from "../nothing.js";
import { emptyCase, emptyStep, type IncomingCase, type IncomingStep, type PlacedText } from "../ports.js";
import type { Row } from "../sheets/columns.js";
import { attachExpected, isEmpty, type NumberedStep } from "../steps.js";
import { dataOf } from "../test-data.js";
import { linesOf, type Line } from "./lines.js";
import { valuesOf } from "./tables.js";

/** The part of a case that lines belong to until a label begins another. */
type Section = "action" | "preconditions" | "expected" | "data" | "detail";

/** Puts a case together from the lines of its part of a document. */
export class CaseBuilder {
  /** The document labels its steps, so that a section ends where the next label stands. */
  readonly #hasStepsLabel: boolean;
  readonly #case = emptyCase();
  #section: Section = "action";
  /** The section has text: in the line of its label, or in any line. */
  #hasInlineText = false;
  #hasText = false;
  #isAfterBlank = true;

  /** Steps that expected results may still be told for. */
  #steps: NumberedStep[] = [];
  #lastNumber: number | undefined;
  #expected: PlacedText[] = [];
  /** The list item or paragraph that further lines may belong to, and the part of it that they tell. */
  #step: IncomingStep | undefined;
  #told: "sentences" | "expected" | "data" = "sentences";
  /** Columns before the items of the list that is being read. */
  #indent = 0;
  /** The step that a heading names: all lines up to the next heading are in it. */
  #headed: IncomingStep | undefined;

  constructor({ hasStepsLabel }: { hasStepsLabel: boolean }) {
    this.#hasStepsLabel = hasStepsLabel;
  }

  get hasSteps(): boolean {
    return this.#steps.length + this.#case.steps.length > 0;
  }

  /** Another part may begin here without being taken for a line of a list or of a paragraph. */
  get isBetweenParts(): boolean {
    return this.#isAfterBlank || this.#section === "expected" || this.#section === "detail";
  }

  /** Tells if a line stands below an item of a list. */
  isNested({ indent }: Line): boolean {
    return this.#section === "action" && this.#step?.isWhole === true && indent > this.#indent;
  }

  addBlank(): void {
    this.#isAfterBlank = true;
    if (this.#step?.isWhole === false) this.#step = undefined;
  }

  /** @returns false where the case has a name already */
  setName(name: string): boolean {
    if (this.#case.name !== undefined) return false;
    this.#case.name = name.replace(/\*\*|__|`/g, "").trim() || undefined;
    return this.#case.name !== undefined;
  }

  addDetail(text: PlacedText): void {
    this.#case.details.push(text);
  }

  /** Begins the step that a heading names. */
  beginHeaded(heading: PlacedText): void {
    this.#begin("action");
    this.#headed = { ...emptyStep(true), heading };
    this.#steps.push({ step: this.#headed });
  }

  /** Begins the part that a label names: of the case, or of the step that it stands in. */
  beginPart(part: Part, line: Line, rest: string): void {
    const [inline] = linesOf(rest).filter(({ kind }) => kind !== "blank");
    const own = inline && { ...inline, line: line.line, indent: line.indent };
    if ((part === "expected" || part === "data") && (this.#headed !== undefined || this.isNested(line))) {
      this.#told = part;
      if (own !== undefined) this.#addToStep(placed(own));
    } else if (part === "expected") {
      this.#section = "expected";
      this.#told = "sentences";
      this.#hasText = this.#hasInlineText = false;
    } else if (part === "action" || part === "preconditions" || part === "data") this.#begin(part);
    else this.#begin("detail");
    this.#isAfterBlank = false;
    if (own === undefined || this.#told !== "sentences") return;
    // "Action: Click Save" tells one step, as an item of a list does.
    this.addLine(part === "action" ? { ...own, kind: "item" } : own);
    this.#hasInlineText = true;
  }

  addLine(line: Line): void {
    if (this.#section !== "action" && this.#endsSection(line)) {
      if (this.#section === "expected") this.#endSteps();
      this.#section = "action";
    }
    const own = placed(line);
    if (this.#section === "action") this.#addToSteps(line);
    else if (this.#section === "expected") this.#expected.push({ ...own, text: withMark(line) });
    else if (this.#section === "data") this.#case.data.push(...dataOf([own]));
    else if (this.#section === "detail") this.#case.details.push(own);
    else if (!isNothing(own.text)) this.#case.preconditions.push(own);
    this.#hasText = true;
    this.#isAfterBlank = false;
  }

  /** Tells if a line belongs to the steps again, though no label says so. */
  #endsSection({ kind, number }: Line): boolean {
    if (!this.#hasText) return false;
    if (this.#section === "expected" && number !== undefined && !this.#isExpectedNumbered()) {
      return number === (this.#lastNumber ?? 0) + 1;
    }
    const isAfterInline = this.#hasInlineText && !this.#isAfterBlank;
    if (this.#hasStepsLabel)
      return this.#section === "expected" && isAfterInline && kind === "item" && this.hasSteps;
    return this.#isAfterBlank || (isAfterInline && (kind === "item" || this.#section === "expected"));
  }

  #isExpectedNumbered(): boolean {
    return /^\d/.test(this.#expected[0]?.text ?? "");
  }

  #addToSteps(line: Line): void {
    if (this.#headed !== undefined) this.#step = this.#headed;
    else if (line.kind === "item" && !this.isNested(line)) {
      this.#indent = line.indent;
      this.#lastNumber = line.number;
      this.#beginStep({ step: emptyStep(true), number: line.number });
    } else if (!this.#goesOn(line)) this.#beginStep({ step: emptyStep(false) });
    if (line.text !== "") this.#addToStep(placed(line));
  }

  /** A line of the same paragraph, or one below an item without a mark of its own. */
  #goesOn(line: Line): boolean {
    if (this.#step === undefined) return false;
    return !this.#step.isWhole || this.isNested(line) || (!this.#isAfterBlank && /^\p{Ll}/u.test(line.text));
  }

  #beginStep(step: NumberedStep): void {
    this.#steps.push(step);
    this.#step = step.step;
    this.#told = "sentences";
  }

  #addToStep(text: PlacedText): void {
    const step = this.#headed ?? this.#step;
    if (this.#told === "data") step?.data.push(...dataOf([text]));
    else step?.[this.#told].push(text);
  }

  /** A table that is none of tests: rows of the sentence before it, values, or text of its section. */
  addTable(rows: Row[], lines: Line[]): void {
    const last = this.#step?.sentences.at(-1);
    if (this.#section === "data") this.#case.data.push(...valuesOf(rows));
    else if (this.#section === "action" && last?.text.endsWith(":") === true && last.table === undefined) {
      last.table = rows.map(({ cells }) => cells);
    } else for (const line of lines) this.addLine({ ...line, kind: "text" });
  }

  /** Takes over what a table tells of the case. */
  addCase({ name, steps, ...told }: IncomingCase): void {
    const { heading } = this.#headed ?? {};
    const [first] = steps;
    if (heading !== undefined && isEmpty(this.#headed ?? emptyStep(true)) && first !== undefined) {
      // The heading above the table names its first row.
      first.heading ??= heading;
      this.#steps.pop();
    }
    this.#begin("action");
    this.#case.name ??= name;
    for (const part of ["preconditions", "details", "data"] as const)
      this.#case[part].push(...(told[part] as never[]));
    this.#case.warnings.push(...told.warnings);
    this.#case.steps.push(...steps);
  }

  end(): IncomingCase {
    this.#endSteps();
    return this.#case;
  }

  #begin(section: Section): void {
    this.#endSteps();
    this.#section = section;
    this.#headed = undefined;
    this.#step = undefined;
    this.#told = "sentences";
    this.#indent = 0;
    this.#hasText = this.#hasInlineText = false;
  }

  /** Ends the steps with the expected results that were told for them. */
  #endSteps(): void {
    const expected = this.#expected.filter(({ text }) => !isNothing(text));
    if (!this.hasSteps && expected.length > 0) this.#steps.push({ step: emptyStep(true) });
    const last = this.#case.steps.slice(-1).map((step): NumberedStep => ({ step }));
    this.#case.warnings.push(...attachExpected(this.#steps.length > 0 ? this.#steps : last, expected));
    this.#case.steps.push(
      ...this.#steps.map(({ step }) => withSentences(step)).filter((step) => !isEmpty(step)),
    );
    this.#steps = [];
    this.#expected = [];
  }
}

/** A heading with nothing below it but what is expected says itself what is done. */
function withSentences(step: IncomingStep): IncomingStep {
  if (step.heading === undefined || step.sentences.length > 0) return step;
  const { heading, ...rest } = step;
  return { ...rest, sentences: [{ ...heading, text: withoutNumber(heading.text) }] };
}

function withoutNumber(text: string): string {
  return linesOf(text)[0]?.text ?? text;
}

function placed({ text, line }: Line): PlacedText {
  return { text, place: { line } };
}

/** Lists of expected results keep their marks, by which they are put to the steps. */
function withMark({ kind, text, number }: Line): string {
  if (kind !== "item") return text;
  return number === undefined ? `- ${text}` : `${number}. ${text}`;
}
