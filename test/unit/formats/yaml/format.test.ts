import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCaseFile } from "../../../../src/formats/yaml/format.js";
import { readCaseFile } from "../../../../src/formats/yaml/read.js";
import { writeJson, writeYaml } from "../../../../src/formats/yaml/write.js";

function formatted(text: string, file = "case.yaml"): string {
  const result = formatCaseFile(text, { file });
  if ("errors" in result) throw new Error(JSON.stringify(result.errors));
  return result.text;
}

const casesOf = (text: string, file = "case.yaml") => {
  const reading = readCaseFile(text, { file });
  if ("errors" in reading) throw new Error(JSON.stringify(reading.errors));
  return {
    cases: reading.cases.map(({ testCase }) => testCase),
    environments: reading.environments.map(({ environment }) => environment),
  };
};

describe("formatCaseFile", () => {
  test("puts fields in order and keeps every comment with what it stands at", () => {
    const text = `# yaml-language-server: $schema=x.json
# The smoke test.

steps:
      - script:
          # The shop's own page.
          - url: 'https://shop.example/' # not the help
            action: "navigate"
        # What people see.
        expected_result: It opens
        description: "Open: the shop"
name:   'Smoke'   # short
tags:
  - a
  - "1.50"
# The end.
`;
    expect(formatted(text)).toBe(`# yaml-language-server: $schema=x.json
# The smoke test.

name: Smoke # short
tags: [a, "1.50"]
steps:
  - description: "Open: the shop"
    # What people see.
    expected_result: It opens
    script:
      # The shop's own page.
      - action: navigate
        url: https://shop.example/ # not the help

# The end.
`);
  });

  test("leaves a file that is written so as it is, also one with anchors and long lines", () => {
    const text = formatted(
      `cases:\n  - name: ${"A long name ".repeat(20)}\n    steps: &same\n      - description: |\n          One\n          Two\n  - steps: *same\n    name: B\n`,
    );
    expect(formatted(text)).toBe(text);
    expect(text).toContain("&same");
    expect(text).toContain("*same");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test("leaves the comment that names the schema at the top", () => {
    const text = "# yaml-language-server: $schema=a.json\n# About the steps.\nsteps: []\nname: A\n";
    const result = "# yaml-language-server: $schema=a.json\n\nname: A\n# About the steps.\nsteps: []\n";
    expect(formatted(text)).toBe(result);
    expect(formatted(result)).toBe(result);
  });

  test("writes JSON as JSON", () => {
    expect(formatted('{"steps":[],"name":"A"}', "case.json")).toBe('{\n  "name": "A",\n  "steps": []\n}\n');
  });

  test("a file with faults is not written", () => {
    expect(formatCaseFile("name: 5", { file: "a.yaml" })).toMatchObject({ errors: [{ line: 1 }] });
  });

  const Text = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 200 })
    .filter((text) => text.trim() !== "" && !/[\0\p{Cs}]/u.test(text));
  const Odd = fc.constantFrom(
    "yes",
    "null",
    "1.50",
    "0x1F",
    "~",
    " a ",
    "a: b",
    "# c",
    "- d",
    "a\n\n  b\n",
    "\ttab",
    "é😀",
    "'q'",
    '"q"',
    "a\\b",
    "...",
    "---",
    "x".repeat(300),
    "word ".repeat(60),
  );
  const Any = fc.oneof(Text, Odd);
  const Case = fc.record({
    name: Any.map((text) => text.trim() || "A").filter((text) => text.length <= 500),
    description: Any,
    requirements: Any,
    steps: fc.array(
      fc.record({
        description: Any,
        expected_result: Any,
        script: fc.array(fc.record({ action: fc.constant("log"), message: Any }), {
          minLength: 1,
          maxLength: 2,
        }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  });

  test("every case comes back as it was written, in YAML and JSON, and formatting changes nothing more", () => {
    fc.assert(
      fc.property(fc.array(Case, { minLength: 1, maxLength: 3 }), (cases) => {
        const yaml = writeYaml({ cases });
        expect(casesOf(yaml).cases).toEqual(cases);
        expect(formatted(yaml)).toBe(yaml);
        const json = writeJson({ cases });
        expect(casesOf(json, "cases.json").cases).toEqual(cases);
        expect(formatted(json, "cases.json")).toBe(json);
      }),
    );
  });
});
