import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { PlainEnglishGenerator } from "../../../src/generation/plain-english/plain-english-generator.js";
import type { Script } from "../../../src/protocol/commands.js";
import { fromDescriptions } from "../../support/told.js";

const generator = fromDescriptions(new PlainEnglishGenerator());
const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };

async function commandsOf(sentence: string): Promise<Script> {
  const { steps } = await generator.generateCase(sentence, context);
  return steps.flatMap(({ commands }) => commands);
}

/** What is typed, and into which field. */
async function typedBy(sentence: string): Promise<string[]> {
  return (await commandsOf(sentence)).map((command) =>
    command.action === "input" ? `${command.locator_value} = ${command.text}` : command.action,
  );
}

describe("values behind the labels of their fields", () => {
  it.each([
    ["Enter First name: Ada, Last name: Lovelace", ["First name = Ada", "Last name = Lovelace"]],
    ["Enter Street = Baker Street 221b; City = London", ["Street = Baker Street 221b", "City = London"]],
    [
      'Fill in the form with the following: Subject: "Hello, world" and Body: "a; b: c"',
      ["Subject = Hello, world", "Body = a; b: c"],
    ],
    ["Enter Name: Ada, City: Paris and click Save", ["Name = Ada", "City = Paris", "click"]],
    ["Enter Departure: 10:30, Arrival: 12:45", ["Departure = 10:30", "Arrival = 12:45"]],
    ["Enter Company: Smith, Jones and Partners", ["Company = Smith, Jones and Partners"]],
  ])("are each typed: %s", async (sentence, typed) => {
    expect(await typedBy(sentence)).toEqual(typed);
  });

  it.each([
    [
      "Enter Name: Smith, John, City: Paris",
      ["Name: “Smith, John”, City: “Paris”", "Name: “Smith”, John, City: “Paris”"],
    ],
    [
      "Enter Name: Ada, City: Paris in the billing section",
      ["City: “Paris in the billing section”", "City: “Paris”, in the billing section"],
    ],
    [
      "Enter Name: Ada, City: Paris, France",
      ["City: “Paris, France”", "City: “Paris”, and “France” as something else"],
    ],
  ])("are not typed where there are two ways to read them: %s", async (sentence, readings) => {
    expect(await commandsOf(sentence)).toMatchObject([{ action: "not_understood", readings }]);
  });

  it.each([
    "Name: Ada, City: Paris",
    "Enter username as tom, city: Paris",
    "Enter Name: Ada (required)",
    "Enter City: Paris in the billing section",
    "Type Ada slowly into Name",
    "Set Volume to 50 percent",
  ])("are not taken together for one: %s", async (sentence) => {
    expect(await typedBy(sentence)).toContain("not_understood");
  });
});

describe("a time within which something is seen", () => {
  it.each(['"Saved" appears within 5 seconds', 'Within 5 seconds "Saved" is shown'])(
    "is how long is waited: %s",
    async (sentence) => {
      expect(await commandsOf(sentence)).toMatchObject([{ action: "verify_text", timeout: 5 }]);
    },
  );

  it("is no part of something done", async () => {
    expect(await commandsOf('Click "Save" within 5 seconds')).toMatchObject([{ action: "not_understood" }]);
  });
});

describe("what is said of several things", () => {
  it.each([
    ['Both "A" and "B" are shown', [false, false]],
    ['Neither "A" nor "B" is shown', [true, true]],
    ['None of "A", "B" is shown', [true, true]],
    ['"A" but not "B" is shown', [false, true]],
    ['"A" is shown in the "X" table but not in the "Y" table', [false, true]],
  ])("is checked of each: %s", async (sentence, not) => {
    const commands = await commandsOf(sentence);
    expect(commands.map((command) => "not" in command && command.not === true)).toEqual(not);
    expect(commands.map(({ action }) => action)).toEqual(["verify_text", "verify_text"]);
  });

  it.each([
    'Both "A" is shown',
    "More than 10 products are shown",
    "Between 2 and 5 suggestions appear",
    'The "Save" button is to the right of "Cancel"',
    "Leave Colour and Size blank",
    '"A" is shown first',
  ])("is not guessed: %s", async (sentence) => {
    expect((await commandsOf(sentence)).map(({ action }) => action)).toContain("not_understood");
  });

  it("is read of its own subject", async () => {
    expect(await commandsOf('The Email field contains "a@b.c" and is read-only')).toMatchObject([
      { action: "verify_value", expected_value: "a@b.c" },
      { action: "verify_editable", not: true },
    ]);
  });
});
