import { expect, test } from "vitest";
import { missingValues, withGivenValues } from "../../../src/generation/live/missing-values.js";
import type { Script } from "../../../src/protocol/commands.js";
import { RunVariables } from "../../../src/runner/variables.js";

const variables = new RunVariables({
  env: { valid_email: "a@b.example", USER: "tom" },
  secrets: { PIN: "1234" },
});
const typed = (...texts: string[]): Script =>
  texts.map((text) => ({ action: "input", locator_type: "id", locator_value: "x", text }));
const textsOf = (script: Script) => script.map((command) => (command.action === "input" ? command.text : ""));

test("each place without a value is named once, with what gives it one", () => {
  const missing = missingValues(typed("${env.NAME} ${env.USER}", "${env.NAME}", "${card}"), variables);
  expect(missing).toEqual([
    expect.stringMatching(/^\$\{env\.NAME\} has no value: .*SCRIPT_ENV/),
    expect.stringMatching(/^\$\{card\} has no value: /),
  ]);
});

test("what an earlier command of the sentence keeps, and a plain ${, are no places without a value", () => {
  const kept: Script = [
    { action: "set_variable", variable: "card", value: "1" },
    ...typed("${card}", "$${card}"),
  ];
  expect(missingValues(kept, variables)).toEqual([]);
});

test("data that a sentence asks for is taken from the run's environment by its name", () => {
  const script = typed("${valid_email}", "${user}", "${pin}", "${other}", "$${user}");
  expect(textsOf(withGivenValues(script, variables))).toEqual([
    "${env.valid_email}",
    "${env.USER}",
    "${secret.PIN}",
    "${other}",
    "$${user}",
  ]);
});
