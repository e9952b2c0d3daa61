import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/protocol/errors.js";
import { MAX_DESCRIPTION_LENGTH } from "../../../src/protocol/limits.js";
import { readDocument } from "../../../src/formats/read-document.js";
import { texts, writtenCases } from "../../support/written-cases.js";

/** Words that say nothing, each of which is found again by itself. */
const word = fc.stringMatching(/^q[a-z]{6}$/);
const phrase = fc.oneof(
  word,
  fc.tuple(word, word).map((words) => words.join(" ")),
  word.map((one) => `Click ${one}`),
  word.map((one) => `Type ${one} into Name`),
  fc.tuple(word, word).map(([one, other]) => `Open https://a.test/${one}. Check that "${other}" is shown`),
  word.map((one) => `**${one}** and \`more\``),
);
const cell = fc.oneof(
  phrase,
  fc.constant(""),
  word.map((one) => `N/A ${one}`),
);
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const row = fc.tuple(cell, cell, cell, cell);

const documents: Record<string, fc.Arbitrary<string>> = {
  prose: fc.array(phrase, { minLength: 1, maxLength: 8 }).map((all) => all.join(". ")),
  lines: fc
    .array(fc.tuple(fc.constantFrom("", "- ", "1. ", "  ", "   - ", "> ", "## ", "**"), phrase), {
      minLength: 1,
    })
    .map((all) =>
      all.map(([mark, text]) => (mark === "**" ? `**${text.replaceAll("*", "")}**` : mark + text)).join("\n"),
    ),
  blocks: fc
    .array(
      fc.tuple(
        fc.constantFrom(
          ...[
            "Title",
            "Test Case ID",
            "Priority",
            "Preconditions",
            "Steps",
            "Expected Result",
            "Test data",
            "Notes",
          ],
          ...["## Steps", "- **Expected**", "   Expected", "Step 3", "Note", "Action", "# Part", "TC-2"],
        ),
        fc.constantFrom(": ", ":\n", ":\n- ", ":\n1. ", ":\n\n"),
        phrase,
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((all) => all.map(([label, joint, text]) => label + joint + text).join("\n")),
  table: fc
    .array(row, { minLength: 1, maxLength: 5 })
    .map((rows) =>
      [
        "| Step | Action | Test data | Expected result |",
        "|---|---|---|---|",
        ...rows.map((one) => `| ${one.join(" | ")} |`),
      ].join("\n"),
    ),
  csv: fc
    .tuple(
      fc.constantFrom(
        "ID,Title,Steps,Expected",
        "Step,Action,Data,Result",
        "Title;Preconditions;Steps;Priority",
      ),
      fc.array(row, { minLength: 1, maxLength: 5 }),
    )
    .map(([head, rows]) =>
      [head, ...rows.map((one) => one.map(quoted).join(head.includes(";") ? ";" : ","))].join("\n"),
    ),
  tsv: fc
    .array(row, { minLength: 1, maxLength: 5 })
    .map((rows) =>
      ["Step\tAction\tStatus\tExpected", ...rows.map((one) => one.map(quoted).join("\t"))].join("\n"),
    ),
  gherkin: fc
    .tuple(
      word,
      phrase,
      fc.array(fc.tuple(fc.constantFrom("Given", "When", "Then", "And", "*"), phrase), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.array(word, { minLength: 1, maxLength: 4 }),
    )
    .map(([tag, name, steps, values]) =>
      [
        `@${tag}`,
        `Feature: ${name}`,
        `  ${values.join(" ")}`,
        "  Scenario Outline: <a>",
        ...steps.map(([keyword, text]) => `    ${keyword} ${text}`),
        "      | x | y |",
        `      | ${values[0] ?? ""} | z |`,
        "    Examples:",
        "      | a |",
        ...values.map((value) => `      | ${value} |`),
      ].join("\n"),
    ),
};

describe("no word of a document is lost", () => {
  it.each(Object.keys(documents))(
    "in %s",
    async (kind) => {
      await fc.assert(
        fc.asyncProperty(documents[kind] ?? fc.constant(""), async (document) => {
          const { cases } = await writtenCases(document).catch((error: unknown) => {
            expect(error).toBeInstanceOf(AppError);
            return { cases: undefined };
          });
          // A description that is refused as a whole has lost nothing: its author is told.
          if (cases === undefined) return;
          const kept = JSON.stringify(
            cases.map(({ told, steps, warnings }) => [
              [told.name, texts(told.preconditions), texts(told.details), warnings],
              steps.map(({ description, expectedResult, commands }) => [
                description,
                expectedResult,
                commands,
              ]),
            ]),
          );
          for (const [one] of document.matchAll(/q[a-z]{6}/g)) expect(kept, document).toContain(one);
        }),
        { numRuns: 150 },
      );
    },
    60_000,
  );
});

describe("hostile documents", () => {
  it.each([
    ["rows of a table", "| a |\n"],
    ["rows without end", "|"],
    ["lists in lists", "- "],
    ["deeper and deeper lines", "\n          - a"],
    ["quotations", "> "],
    ["headings", "# a\n"],
    ["labels", "Steps:\n"],
    ["titles", "TC-1: a\n"],
    ["bold", "**a**\n"],
    ["tags", "@a "],
    ["scenarios", "Scenario: a\n* b\n"],
    ["doc strings", '"""\n'],
    ["tabs", "a\tb\n"],
    ["commas", "Action,Expected,,"],
    ["open quotation marks", 'Action,Expected\n"a'],
    ["links", "[a]("],
    ["brackets", "[[[["],
    ["numbers", "1. a 2. "],
    ["colons", "Expected: "],
  ])("of %s are read soon, or refused", (_, part) => {
    const document = part.repeat(MAX_DESCRIPTION_LENGTH).slice(0, MAX_DESCRIPTION_LENGTH);
    try {
      expect(readDocument(document).cases.length).toBeGreaterThan(0);
    } catch (error) {
      expect(error).toMatchObject({ code: "invalid_description" });
    }
  });

  it("of any characters are read or refused", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        try {
          readDocument(text);
        } catch (error) {
          expect(error).toMatchObject({ code: "invalid_description" });
        }
      }),
    );
  });
});
