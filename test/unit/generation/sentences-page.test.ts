import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { EXAMPLES, NOT_UNDERSTOOD, OTHER_EXAMPLES } from "../../../scripts/sentence-examples.js";
import { documentedForms, sentencesPage } from "../../../scripts/sentences-page.js";
import { PlainEnglishGenerator } from "../../../src/generation/plain-english/plain-english-generator.js";
import { fromDescriptions } from "../../support/told.js";

const generator = fromDescriptions(new PlainEnglishGenerator());
const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };
const forms = documentedForms();

async function actionsOf(sentence: string): Promise<string[]> {
  const { steps } = await generator.generateCase(sentence, context);
  return steps.flatMap(({ commands }) => commands.map(({ action }) => action));
}

describe("the page of sentences", () => {
  it.each([...Object.values(EXAMPLES).flat(), ...OTHER_EXAMPLES])(
    "has an example that is read: %s",
    async (sentence) => {
      const checked = sentence.startsWith("I am on the") ? `Verify that ${sentence}` : sentence;
      expect(await actionsOf(checked)).not.toContain("not_understood");
    },
  );

  it("has an example for each form but for two that are read in two ways", () => {
    const without = forms.filter(({ example }) => example === undefined);
    expect(without.map(({ form }) => form)).toEqual(['check <"text">', "press|hit|push [on] <key>"]);
  });

  it("names what each slot of a form reads", () => {
    expect(sentencesPage()).not.toContain("<…>");
  });

  it.each(Object.values(NOT_UNDERSTOOD).flat())("is right that nobody reads: %s", async (sentence) => {
    expect(await actionsOf(sentence)).toContain("not_understood");
  });
});
