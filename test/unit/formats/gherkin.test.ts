import { describe, expect, it } from "vitest";
import { readDocument } from "../../../src/formats/read-document.js";
import { MAX_GENERATED_CASES } from "../../../src/protocol/limits.js";
import { texts, writtenCase, writtenCases } from "../../support/written-cases.js";

const USERS = `@admin
Feature: Users
  Who may be deleted

  Background:
    Given I am on "https://a.test/users"

  # People first
  Rule: Only others
    @slow
    Scenario Outline: Delete <user>
      When I click on "Delete" "button" in the "<user>" "table_row"
      And I click on "Delete" "button" in the "Delete user" "dialogue"
      Then I should see "<user> is gone"

      Examples: people
        | user | note  |
        | tom  | first |
        | ann  | later |
`;

describe("a feature", () => {
  it("is a case for each row of Examples, and begins each with its Background", async () => {
    const { format, cases } = await writtenCases(USERS);
    expect(format).toBe("gherkin");
    expect(cases.map(({ told }) => told.name)).toEqual([
      "Delete tom (tom, first)",
      "Delete ann (ann, later)",
    ]);
    expect(cases[1]?.rows).toEqual([
      ['I am on "https://a.test/users"', "The page is open", "navigate"],
      [
        'Click on "Delete" "button" in the "ann" "table_row". ' +
          'Click on "Delete" "button" in the "Delete user" "dialogue"',
        'The page shows "ann is gone"',
        "click click verify_text",
      ],
    ]);
  });

  it("keeps tags, names, comments and values as text of the case", () => {
    const [first, second] = readDocument(USERS).cases;
    expect(texts(first?.details ?? [])).toEqual([
      "Feature: Users\nWho may be deleted",
      "Rule: Only others",
      "Tags: @admin @slow",
      "Examples: people\nuser = tom, note = first",
      "# People first",
    ]);
    expect(texts(second?.details ?? [])).toContain("Examples: people\nuser = ann, note = later");
  });

  it("reads the steps of Behat and Mink with their tables and doc strings", async () => {
    const { steps, warnings } = await writtenCase(`Feature: Forms
  Scenario: Send
    Given I am on "https://a.test"
    When I follow "Contact"
    And I fill in "Name" with "Ada"
    And I fill in the following:
      | Email | a@b.test |
      | City  | Bonn \\| Köln |
    And I fill in "Message" with:
      """
      Hello,
        world: "yes"
      """
    * I press "Send"
    But I should not see "Error"`);
    expect(warnings).toEqual([]);
    expect(steps.flatMap(({ commands }) => commands)).toMatchObject([
      { action: "navigate", url: "https://a.test" },
      { action: "click", locator_name: "Contact" },
      { action: "input", text: "Ada" },
      { action: "input", text: "a@b.test" },
      { action: "input", text: "Bonn | Köln" },
      { action: "input", text: 'Hello,\n  world: "yes"' },
      { action: "click", locator_name: "Send" },
      { action: "verify_text", not: true },
    ]);
  });

  it("names the line of a step that is not understood, with its table", async () => {
    const { steps, warnings } = await writtenCase(`Feature: Data
  Scenario: Set up
    Given the following "users" exist:
      | username | email    |
      | tom      | t@x.test |
    When I click "Go"`);
    expect(warnings[0]).toMatch(/^Line 3: Not understood: “.*tom/s);
    expect(steps[0]?.commands).toMatchObject([{ action: "not_understood" }]);
    expect(JSON.stringify(steps[0]?.commands)).toContain("t@x.test");
  });

  it("may be scenarios alone, bare steps, or a block of code", async () => {
    const steps = 'Given I am on "https://a.test"\nWhen I press "A"\nThen I should see "B"';
    for (const source of [
      steps,
      `Scenario: Short\n${steps}`,
      `\`\`\`gherkin\nFeature: F\nScenario: S\n${steps}\n\`\`\``,
    ]) {
      const { format, rows } = await writtenCase(source);
      expect([format, rows.map(([, , actions]) => actions)]).toEqual([
        "gherkin",
        ["navigate", "click verify_text"],
      ]);
    }
  });

  it("says which scenarios became no case", async () => {
    const { warnings } = await writtenCase('Feature: F\n  Scenario: Later\n  Scenario: S\n    * I press "A"');
    expect(warnings).toContain("Line 2: “Scenario: Later” became no test case: it has no steps.");
  });
});

describe("Gherkin with faults", () => {
  it.each([
    [
      "a line that is no step",
      "Feature: F\n  Scenario: S\n    Given A\n    oops B",
      /Line 4, column 5: “oops B” is no step\. Begin it with Given/,
    ],
    [
      "a row with too few cells",
      "Scenario: S\n  Given A\n    | a | b |\n    | c |",
      /Line 4, column 5: this row .* number of cells/,
    ],
    [
      "an open doc string",
      'Scenario: S\n  Given A\n  """\n  text',
      /Line 4, column 7: the doc string is not closed/,
    ],
    [
      "an unknown language",
      "# language: xx-yy\nFeature: F\n  Scenario: S\n    Given A",
      /Line 1, column \d+: this language .* not known/,
    ],
    [
      "no steps",
      "Feature: F\n  Scenario: S\n  Scenario Outline: T\n    Given A\n    Examples:\n      | a |",
      /no scenario with steps/,
    ],
  ])("is refused with the place and the remedy: %s", (_, source, message) => {
    expect(() => readDocument(source)).toThrow(message);
  });

  it("is refused with the limit where Examples have more rows than cases may be made", () => {
    const rows = "      | x |\n".repeat(10_000);
    const source = `Feature: F\n  Scenario Outline: S\n    Given <a>\n    Examples:\n      | a |\n${rows}`;
    expect(() => readDocument(source)).toThrow(`at most ${MAX_GENERATED_CASES} test cases`);
  });
});
