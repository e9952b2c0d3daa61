import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { PlainEnglishGenerator } from "../../../src/generation/plain-english/plain-english-generator.js";
import { fromDescriptions } from "../../support/told.js";

const generator = fromDescriptions(new PlainEnglishGenerator());
const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };

async function actionsOf(sentence: string): Promise<string[]> {
  const { steps } = await generator.generateCase(sentence, context);
  return steps.flatMap(({ commands }) => commands.map(({ action }) => action));
}

const SENTENCES = [
  'Click the "Save" button',
  'Click "Delete" in the row of "Ada"',
  'Type "tom" into the Username field',
  'Enter "x" as the title',
  'Select "Large" from the Size dropdown',
  'Tick the "Terms" checkbox',
  'Hover over "Menu"',
  'Drag "Card" to "Done"',
  "Press the Escape key",
  'Upload "a.png" to the Photo field',
  'The "Save" button is disabled',
  'The page shows "Saved"',
  '"Saved" is displayed',
  'The "Users" page is displayed',
  'The URL contains "/users"',
  'There are 3 "Delete" buttons',
  'The "Users" table contains "Ada"',
  '"Large" is selected in the Size dropdown',
];

/** Ends of sentences on which it depends whether, when or how often something is done or holds. */
const TAILS = [
  "only if it is visible",
  "if prompted",
  "(if shown)",
  "unless it is disabled",
  "until a name is entered",
  "when one of them is chosen",
  "whenever the form is valid",
  "while the list loads",
  'instead of "Cancel"',
  'except for "Bob"',
  'or "Cancel"',
  "for each product",
  "with the right mouse button",
  "for 3 seconds",
  "before the timeout",
];

describe.each(SENTENCES)("%s", (sentence) => {
  it("is understood", async () => {
    expect(await actionsOf(sentence)).not.toContain("not_understood");
  });

  it.each(TAILS)("is not understood with the tail: %s", async (tail) => {
    expect(await actionsOf(`${sentence} ${tail}`)).toContain("not_understood");
  });
});

describe("a value that is told of and not told", () => {
  it.each([
    "Enter the same value in the Email field",
    "Enter a valid password in the Password field",
    "Type its code into the Code field",
    "Enter the registered address in the Email field",
    "Choose tomorrow in the Date list",
  ])("is asked for: %s", async (sentence) => {
    const { steps } = await generator.generateCase(sentence, context);
    expect(JSON.stringify(steps[0]?.commands)).toMatch(/\$\{\w+\}/);
    expect(steps[0]?.warnings).toHaveLength(1);
  });
});

describe("what no server may do", () => {
  const NONE = [
    [
      "an address that hands out credentials",
      "Open http://169.254.169.254/latest/meta-data",
      /hand out credentials/,
    ],
    ["a host beside ALLOWED_HOSTS", "Open https://other.test", /add it to ALLOWED_HOSTS/],
    [
      "a URL that carries a secret",
      "Open https://shop.test/?p=${secret.PASSWORD}",
      /no secret|no http or https address/,
    ],
    ["a selector that no browser reads", 'Click the "li.item:eq(1)" element', /no pseudo-class of browsers/],
  ] as const;

  it.each(NONE)("is not understood: %s", async (_what, sentence, reason) => {
    const strict = fromDescriptions(new PlainEnglishGenerator({ allowedHosts: ["shop.test"] }));
    const { steps, warnings } = await strict.generateCase(`${sentence}. Click "Save".`, context);
    const [first] = steps.flatMap(({ commands }) => commands);
    expect(first).toMatchObject({ action: "not_understood", reason: expect.stringMatching(reason) });
    expect(warnings.join("\n")).toMatch(reason);
  });
});
