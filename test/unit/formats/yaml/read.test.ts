import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCaseFile } from "../../../../src/formats/yaml/read.js";

const LOGIN = `# yaml-language-server: $schema=./case-file.schema.json
# Kept for the smoke test.

slug: log-in
name: Log in
tags: [smoke, login]
environment: staging
steps:
  - description: Open the login page
    expected_result: The page asks for a name
    script:
      - action: navigate
        url: https://shop.example/login
      - action: verify_text
        locator_type: css
        locator_value: h1
        expected_text: "1.50"
  - description: Nothing yet
`;

/** The faults of a text, each as `line:column message`. */
function faultsOf(text: string, file = "cases.yaml"): string[] {
  const reading = readCaseFile(text, { file });
  if (!("errors" in reading)) return [];
  return reading.errors.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe("readCaseFile", () => {
  test("reads a case with the places of its parts", () => {
    expect(readCaseFile(LOGIN, { file: "login.yaml" })).toEqual({
      cases: [
        {
          testCase: {
            slug: "log-in",
            name: "Log in",
            tags: ["smoke", "login"],
            environment: "staging",
            steps: [
              {
                description: "Open the login page",
                expected_result: "The page asks for a name",
                script: [
                  { action: "navigate", url: "https://shop.example/login" },
                  { action: "verify_text", locator_type: "css", locator_value: "h1", expected_text: "1.50" },
                ],
              },
              { description: "Nothing yet", script: [] },
            ],
          },
          file: "login.yaml",
          place: { line: 4, column: 1 },
          steps: [
            {
              place: { line: 9, column: 5 },
              commands: [
                { line: 12, column: 9 },
                { line: 14, column: 9 },
              ],
            },
            { place: { line: 18, column: 5 }, commands: [] },
          ],
        },
      ],
      environments: [],
    });
  });

  test("reads several cases and environments, in YAML and JSON alike", () => {
    const content = {
      environments: [
        { name: "staging", base_url: "https://staging.example", secrets: { PASSWORD: "STAGING" } },
      ],
      cases: [{ name: "One" }, { name: "Two" }],
    };
    const reading = readCaseFile(JSON.stringify(content), { file: "cases.json" });
    expect(reading).toMatchObject({
      cases: [{ testCase: { name: "One", steps: [] } }, { testCase: { name: "Two", steps: [] } }],
      environments: [{ environment: content.environments[0], place: { line: 1, column: 18 } }],
    });
  });

  test("takes an anchor's value wherever its alias stands", () => {
    const reading = readCaseFile(
      "cases:\n  - name: A\n    steps: &steps\n      - description: Look\n  - name: B\n    steps: *steps\n",
      { file: "cases.yaml" },
    );
    expect(reading).toMatchObject({
      cases: [{}, { testCase: { name: "B", steps: [{ description: "Look", script: [] }] } }],
    });
  });

  test.for<[what: string, text: string, fault: string]>([
    ["an empty file", "", "1:1 The file is empty; a case has at least a name."],
    [
      "a list",
      "- name: A",
      "1:1 The file must hold a case or a list 'cases': must be an object, not an array.",
    ],
    ["no name", "# x\nslug: a\n", "2:1 The field 'name' is missing; write it here."],
    [
      "a number for a text",
      "name: 1.50",
      `1:1 The field 'name' must be a string, not a number. Put it in quotes: "1.50".`,
    ],
    ["an unknown field", "name: A\nenv: x", "2:1 There is no field 'env' here. Did you mean 'environment'?"],
    ["REST's name of a field", "name: A\nid: 5", "2:1 There is no field 'id' here. Did you mean 'slug'?"],
    ["a key twice", "name: A\nname: B", "2:1 The key 'name' is here twice; keep one."],
    ["a key that is no text", "name: A\n5: B", "2:1 A key must be a text; put it in quotes."],
    [
      "a text with ': '",
      "name: Log in: again",
      "1:7 Nested mappings are not allowed in compact mappings. Put a text",
    ],
    [
      "a tab",
      "name: A\nsteps:\n\t- description: B",
      "3:1 Tabs are not allowed as indentation. Indent with blanks.",
    ],
    ["quotes that stay open", `name: "A\n`, "2:1 Missing closing"],
    ["a second document", "name: A\n---\nname: B", "3:1 A second document begins here; a file has one"],
    [
      "a tag",
      "name: !!js/function 'x'",
      "1:7 Unresolved tag: tag:yaml.org,2002:js/function. Leave the tag out.",
    ],
    ["an alias of nothing", "name: *a", "1:7 The alias '*a' is no anchor that stands before it."],
    ["an alias inside its anchor", "tags: &a [*a]", "1:11 The alias '*a' holds itself"],
    ["a NUL", 'name: "A\\0"', "1:7 The text holds a NUL character; leave it out."],
    ["half a surrogate pair", '{"name": "\\ud800"}', "1:10 The text holds half of a surrogate pair"],
    [
      "a slug with capitals",
      "name: A\nslug: Log In",
      "2:1 The field 'slug' must be small letters and digits",
    ],
    ["a tag twice", "name: A\ntags: [b, b]", "2:1 The field 'tags' must not hold the same tag twice."],
    ["a key named __proto__", "name: A\n__proto__: {}", "2:1 There is no field '__proto__' here."],
    [
      "a command's field",
      step("{ action: click, locator_typ: id }"),
      "4:24 Command 1 (click) has unknown field 'locator_typ'.",
    ],
    [
      "a command's action",
      step("{ action: clik }"),
      `4:9 Command 1 has unknown action "clik". Did you mean 'click'?`,
    ],
    [
      "a command's missing field",
      step("{ action: navigate }"),
      "4:7 Command 1 (navigate) missing 'url' field.",
    ],
    [
      "a command's number",
      step("{ action: input, locator_type: id, locator_value: a, text: 007 }"),
      `4:60 Command 1 (input) field 'text' must be a string, not a number. Put it in quotes: "007".`,
    ],
    [
      "a selector that no browser reads",
      step("{ action: click, locator_type: xpath, locator_value: '//a[' }"),
      "4:45 Command 1 (click) field 'locator_value' is no XPath that browsers read: ",
    ],
    [
      "Python",
      step(`{ action: input, locator_type: id, locator_value: a, text: "import os" }`),
      "4:7 Detected Python code",
    ],
  ])("says where the fault is: %s", ([, text, fault]) => {
    expect(faultsOf(text)[0]).toContain(fault);
  });

  test("tells all faults at once, in their order", () => {
    const text = `name: 5\ncolour: red\n${step("{ action: clik }").slice("name: A\n".length)}`;
    expect(faultsOf(text).map((fault) => fault.split(" ")[0])).toEqual(["1:1", "2:1", "5:9"]);
  });

  test("never shows what stands in the place of a secret's name", () => {
    const faults = faultsOf("environments:\n  - name: a\n    secrets: { P: hunter-2 }\n");
    expect(faults).toEqual([
      expect.stringMatching(/^3:16 The field 'environments\[0\].secrets.P' must be the name of a secret/),
    ]);
    expect(faults.join()).not.toContain("hunter");
  });

  test("takes no YAML for a file that says it is JSON", () => {
    expect(faultsOf("name: A", "case.json")[0]).toMatch(
      /^1:\d+ This is no JSON: .*Mend it, or name the file .yaml.$/,
    );
    expect(faultsOf('{"name": "A",}', "case.json")[0]).toMatch(/^1:14 This is no JSON: /);
  });

  test.for<[what: string, text: () => string, fault: string]>([
    [
      "a list that is a million deep",
      () => "[".repeat(1_000_000),
      "1:61 Lists and mappings are more than 60 deep",
    ],
    ["a mapping that is deep", () => "{a: ".repeat(100_000), "more than 60 deep"],
    [
      "blocks that are deep",
      () => Array.from({ length: 500 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"),
      "more than 60 deep",
    ],
    ["aliases of aliases", billionLaughs, "holds more than 1000000 values."],
    [
      "a chain of aliases",
      () => `a: &a0 [x]\n${Array.from({ length: 500 }, (_, n) => `b${n}: &a${n + 1} [*a${n}]`).join("\n")}`,
      "more than 60 deep",
    ],
    ["9 MB", () => `name: ${"x".repeat(9 * 1024 ** 2)}`, "1:1 The file has 9.0 MB; at most 8.0 MB are read."],
    [
      "a mapping with many keys",
      () => Array.from({ length: 20_000 }, (_, n) => `k${n}: 1`).join("\n"),
      "There is no field 'k0' here.",
    ],
  ])("refuses %s", ([, text, fault]) => {
    const faults = faultsOf(text());
    expect(faults.join("\n")).toContain(fault);
    expect(faults.length).toBeLessThanOrEqual(20);
  });

  test("answers every text with cases or places, and never throws", () => {
    const pieces = [
      ...LOGIN.split(/(?<=\n)/),
      "&a ",
      "*a ",
      "[",
      "{",
      "]",
      "}",
      ": ",
      "- ",
      "|\n",
      ">-\n",
      '"',
      "'",
      "!!x ",
      "---\n",
      "\t",
      "\0",
      "\ud800",
      "? ",
      "<<: ",
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 }))), (parts) => {
        const text = parts.join("");
        const reading = readCaseFile(text, { file: "fuzz.yaml" });
        if (!("errors" in reading)) return;
        expect(reading.errors.length).toBeGreaterThan(0);
        const lines = text.split("\n");
        for (const { line, column } of reading.errors) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column, JSON.stringify(reading.errors)).toBeLessThanOrEqual(
            (lines[line - 1]?.length ?? 0) + 1,
          );
        }
      }),
    );
  });
});

function step(command: string): string {
  return `name: A\nsteps: [{ description: B, script: [\n\n      ${command},\n  ] }]\n`;
}

function billionLaughs(): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let n = 1; n < 10; n++)
    lines.push(
      `a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(", ")}]`,
    );
  return lines.join("\n");
}
