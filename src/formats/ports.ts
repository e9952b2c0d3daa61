import type { DescriptionFormat } from "../protocol/messages.js";

/** The part of a document that a text was read from. */
export interface Place {
  /** From 1. */
  line: number;
  /** The heading of the column, for a cell of a table. */
  cell?: string | undefined;
}

export interface PlacedText {
  text: string;
  place: Place;
  /** The rows that belong to the text, as a data table of Gherkin does. */
  table?: string[][];
  /** A longer text that belongs to it, exactly as it is to be typed: a doc string of Gherkin. */
  docString?: string;
}

/** A value that a step uses, such as the cell of a column "Test data". */
export interface TestData extends PlacedText {
  /** Its name, where the document gives one: "Username" of "Username: tom". */
  label?: string | undefined;
}

export interface IncomingStep {
  /** The document's name for the step. It says what the sentences do together, and is no sentence beside them. */
  heading?: PlacedText;
  /** The lines that say what is done, and perhaps checks among them. */
  sentences: PlacedText[];
  data: TestData[];
  /** The lines that say what is then seen: they are checked, and never done. */
  expected: PlacedText[];
  /** A row or a list item is one step; sentences of prose are put together to steps. */
  isWhole: boolean;
}

/** A test case as a document tells of it, before any of its sentences is understood. */
export interface IncomingCase {
  /** The document's own name for it. */
  name?: string | undefined;
  /** Text that has to hold before the test. It is kept with the case, and never becomes a command. */
  preconditions: PlacedText[];
  /** Values for the whole case. */
  data: TestData[];
  /** Further words of the document on the case: tags, a priority, a goal. Kept as its text. */
  details: PlacedText[];
  steps: IncomingStep[];
  /** Parts of the document that are not carried out, in words for the author. */
  warnings: string[];
}

export interface IncomingDocument {
  format: DescriptionFormat;
  /** At least one. */
  cases: IncomingCase[];
}

/** A format of documents: a way to recognise one and to read it. */
export interface Format {
  /** Tells if the document is meant to be in this format, even where it has faults. */
  detect: (document: string) => boolean;
  /** @throws AppError `invalid_description` with the line and the remedy, where the document breaks the format's rules */
  read: (document: string) => IncomingDocument;
}

/** A step without anything in it. */
export function emptyStep(isWhole: boolean): IncomingStep {
  return { sentences: [], data: [], expected: [], isWhole };
}

/** A case without anything in it. */
export function emptyCase(): IncomingCase {
  return { preconditions: [], data: [], details: [], steps: [], warnings: [] };
}
