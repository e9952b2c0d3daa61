import type { IncomingCase, IncomingStep, PlacedText, TestData } from "./ports.js";

/** A case in plain text, whatever format its document has: for people, and for a language model. */
export function caseText(told: IncomingCase): string {
  const { name, preconditions, data, details, steps } = told;
  return [
    ...(name === undefined ? [] : [name]),
    ...details.map(({ text }) => text),
    ...listed("Preconditions:", preconditions.map(textOf)),
    ...listed("Test data:", data.map(dataText)),
    ...["Steps:", ...steps.map((step, at) => `${at + 1}. ${stepText(step)}`)],
  ].join("\n");
}

/** The sentences of a step, with its heading and values. */
export function doneText({ heading, sentences, data }: IncomingStep): string {
  const done = [...sentences.map(textOf), ...data.map((value) => `Test data: ${dataText(value)}`)].join("\n");
  return heading === undefined ? done : `${heading.text}: ${done}`;
}

export function expectedText({ expected }: IncomingStep): string {
  return expected.map(textOf).join("\n");
}

function stepText(step: IncomingStep): string {
  const expected = expectedText(step);
  const text = expected === "" ? doneText(step) : `${doneText(step)}\nExpected: ${expected}`;
  return text.trim().replaceAll("\n", "\n   ");
}

function listed(label: string, texts: string[]): string[] {
  return texts.length === 0 ? [] : [label, ...texts.map((text) => `- ${text.replaceAll("\n", "\n  ")}`)];
}

function textOf({ text, table = [], docString }: PlacedText): string {
  const rows = table.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
  return [text, ...rows, ...(docString === undefined ? [] : ['"""', docString, '"""'])].join("\n");
}

function dataText({ label, text }: TestData): string {
  return label === undefined ? text : `${label}: ${text}`;
}
