import type { CommandOf } from "../../protocol/commands.js";
import type { CommandContext, Executor } from "../executor.js";
import { waitForReading } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import { expectationOf, seenText, verbOf, type TextExpectation } from "../matching.js";
import type { Reading } from "../page/requests.js";
import { plainTime } from "../page/times.js";
import { refuseParts, wholeComparison } from "../secrets/whole-comparison.js";

/** Actions that compare one thing that can be read of an element. */
type ReadingCheck = "verify_text" | "wait_for_text" | "verify_value" | "verify_attribute" | "verify_css";

/** The thing that such a command reads, and its expectation. */
interface Check {
  reading: Reading;
  /** Names what is read, to stand before "that is …": `text`, `a value`. */
  noun: string;
  /** The same where the element is known: `its text`. */
  seen: string;
  /** Missing when it only has to be there, or not to be there. */
  expectation: TextExpectation | undefined;
  /** True when finding nothing at all to read is as expected too. */
  acceptsNone: boolean;
}

export const wait_for_text: Executor<"wait_for_text"> = {
  ...readingCheck(textCheck),
  describe: (command) => `Wait until ${describeLocator(command)} shows '${command.expected_text}'`,
};

export const verify_text: Executor<"verify_text"> = {
  ...readingCheck(textCheck),
  describe: (command) =>
    `Verify that ${describeLocator(command)} ${command.not ? "does not show" : "shows"} '${command.expected_text}'`,
};

export const verify_value = readingCheck<"verify_value">((command) => ({
  reading: { what: "value" },
  noun: "a value",
  seen: "its value",
  expectation: expectationOf(command, "equals", command.expected_value),
  acceptsNone: false,
}));

export const verify_attribute = readingCheck<"verify_attribute">((command) => ({
  reading: { what: "attribute", name: command.attribute },
  noun: `an attribute '${command.attribute}'`,
  seen: `its attribute '${command.attribute}'`,
  expectation:
    command.expected_value === undefined
      ? undefined
      : expectationOf(command, "equals", command.expected_value),
  acceptsNone: command.not ?? false,
}));

export const verify_css = readingCheck<"verify_css">((command) => ({
  reading: { what: "css", name: command.property },
  noun: `a style whose '${command.property}'`,
  seen: `its '${command.property}'`,
  expectation: expectationOf(command, "equals", command.expected_value),
  acceptsNone: false,
}));

function textCheck(command: CommandOf<"verify_text"> | CommandOf<"wait_for_text">): Check {
  return {
    reading: { what: "text" },
    noun: "text",
    seen: "its text",
    expectation: expectationOf(command, "contains", command.expected_text),
    acceptsNone: false,
  };
}

function readingCheck<A extends ReadingCheck>(checkOf: (command: CommandOf<A>) => Check): Executor<A> {
  return {
    acts: false,
    describe: (command) => `Verify that ${describeLocator(command)} has ${describeCheck(checkOf(command))}`,
    expectation: (command) => describeCheck(checkOf(command)),
    async execute(command, context) {
      const check = checkOf(command);
      const { timeoutMs } = context;
      const ofAll = check.expectation?.not ?? false;
      const request = { target: targetOf(command), reading: check.reading, timeoutMs, ofAll };
      await waitForReading(request, judge(check, context), context);
    },
  };
}

function describeCheck({ noun, expectation, acceptsNone }: Check): string {
  if (expectation !== undefined)
    return `${noun}${noun.includes("whose") ? "" : " that"} ${verbOf(expectation)}`;
  return acceptsNone ? noun.replace(/^an /, "no ") : noun;
}

/** @returns what tells why a reading is not as expected, or `undefined` when it is */
function judge(
  { seen, expectation, acceptsNone }: Check,
  { variables }: CommandContext,
): (value: string | null, from: readonly string[], isTime: boolean) => string | undefined {
  const comparison = expectation && wholeComparison(expectation, variables);
  const ofTimes = expectation?.match === "equals" && wholeComparison(withPlainTime(expectation), variables);
  return (value, from, isTime) => {
    if (value === null) return acceptsNone ? undefined : `${seen} is not there`;
    if (comparison) refuseParts(value, { from, what: seen, variables });
    const isAsExpected =
      isTime && ofTimes ? ofTimes.isAsExpected(plainTime(value)) : comparison?.isAsExpected(value);
    if (isAsExpected ?? !acceptsNone) return undefined;
    return `${seen} ${seenText(value, expectation?.match)}${comparison?.note(value) ?? ""}`;
  };
}

function withPlainTime(expectation: TextExpectation): TextExpectation {
  return { ...expectation, expected: plainTime(expectation.expected) };
}
