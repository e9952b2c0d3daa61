import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DescriptionFormat } from "../../../src/protocol/messages.js";
import { MAX_DESCRIPTION_LENGTH, MAX_GENERATED_CASES } from "../../../src/protocol/limits.js";
import { writtenCases } from "../../support/written-cases.js";

const page = readFileSync("docs/FORMATS.md", "utf8");
const examples = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, format = "", text = ""]) => ({
  format,
  text,
}));

describe("the examples of docs/FORMATS.md", () => {
  it("show every format", () => {
    expect(examples.map(({ format }) => format)).toEqual(DescriptionFormat.options);
  });

  it.each(examples)("are found to be $format and understood", async ({ format, text }) => {
    const written = await writtenCases(text);
    expect(written.format).toBe(format);
    const commands = written.cases.flatMap(({ steps }) => steps.flatMap((step) => step.commands));
    expect(commands.map(({ action }) => action)).not.toContain("not_understood");
    expect(written.cases.flatMap(({ warnings }) => warnings)).toEqual([]);
    for (const { steps } of written.cases) {
      expect(steps.some((step) => step.commands.some(({ action }) => action.startsWith("verify_")))).toBe(
        true,
      );
    }
  });

  it("tell the limits", () => {
    expect(page).toContain(
      `${MAX_DESCRIPTION_LENGTH.toLocaleString("en")} characters and ${MAX_GENERATED_CASES} test cases`,
    );
  });
});
