import { pino } from "pino";
import { PlainEnglishGenerator } from "../../src/generation/plain-english/plain-english-generator.js";
import type { GeneratedCase, ToldCase } from "../../src/generation/ports.js";
import { toldCases } from "../../src/generation/told-cases.js";
import type { DescriptionFormat } from "../../src/protocol/messages.js";

export interface WrittenCase extends GeneratedCase {
  told: ToldCase;
  /** Each step as its description, its expected result and its actions. */
  rows: [string, string, string][];
}

/** All cases of a description, with the steps that plain English makes of them. */
export async function writtenCases(
  description: string,
): Promise<{ format: DescriptionFormat; cases: WrittenCase[] }> {
  const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };
  const { format, cases } = toldCases(description);
  const written: WrittenCase[] = [];
  for (const told of cases) {
    const generated = await new PlainEnglishGenerator().generateCase(told, context);
    const rows = generated.steps.map((step): [string, string, string] => [
      step.description,
      step.expectedResult,
      step.commands.map(({ action }) => action).join(" "),
    ]);
    written.push({ ...generated, told, rows });
  }
  return { format, cases: written };
}

/** The only case of a description. */
export async function writtenCase(description: string): Promise<WrittenCase & { format: DescriptionFormat }> {
  const { format, cases } = await writtenCases(description);
  const [only] = cases;
  if (only === undefined || cases.length > 1) throw new Error(`the description has ${cases.length} cases`);
  return { ...only, format };
}

/** The texts of parts of a document. */
export function texts(parts: { text: string }[]): string[] {
  return parts.map(({ text }) => text);
}
