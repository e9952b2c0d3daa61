import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/protocol/errors.js";
import { findPythonInValue, findPythonSource } from "../../../src/protocol/python.js";
import { parseScript } from "../../../src/protocol/script.js";
import { CODE_LIKE, SENTENCES } from "./english-corpus.js";
import { MIXED, PYTHON_SCRIPTS, PYTHON_WHOLE_ONLY } from "./python-corpus.js";

const DETECTED = "Detected Python code in JSON script (found '";

function refusalOf(source: unknown): AppError {
  try {
    parseScript(source);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error("Expected a refusal");
}

describe("Python", () => {
  const everything = { ...PYTHON_SCRIPTS, ...PYTHON_WHOLE_ONLY, ...MIXED };

  it.each(Object.entries(everything))("in place of a script is refused: %s", (_name, source) => {
    const refusal = refusalOf(source);
    expect(refusal.message).toContain(DETECTED);
    expect(refusal.code).toBe("python_script");
  });

  it.each(Object.entries(PYTHON_SCRIPTS))("inside a text to type is refused: %s", (_name, text) => {
    const script = [
      { action: "navigate", url: "https://example.test" },
      { action: "input", locator_type: "id", locator_value: "code", text },
    ];
    const refusal = refusalOf(JSON.stringify(script));
    expect(refusal.code).toBe("python_script");
    expect(refusal.message).toContain(DETECTED);
    expect(refusal.message).toContain(") in command 2, field 'text'.");
  });

  it("is named by the statement that gave it away", () => {
    expect(refusalOf("import os").message).toMatch(
      /^Detected Python code in JSON script \(found 'import '\)\. Scripts are JSON arrays of commands/,
    );
    expect(refusalOf("from selenium import webdriver").message).toContain("(found 'from ')");
    expect(refusalOf("def f():\n  pass").message).toContain("(found 'def ')");
    expect(refusalOf("driver.quit()").message).toContain("(found 'driver.')");
    expect(refusalOf("page.login()").message).toContain("(found 'page.login(')");
  });

  it.each(["text", "description", "locator_value", "extra"])("is found in the field %s", (field) => {
    const script = [
      { action: "input", locator_type: "id", locator_value: "x", text: "y", [field]: "import os" },
    ];
    expect(refusalOf(script).message).toContain(`(found 'import ') in command 1, field '${field}'.`);
  });
});

describe("English", () => {
  it("has a corpus worth the name", () => {
    expect(new Set([...SENTENCES, ...CODE_LIKE]).size).toBeGreaterThanOrEqual(350);
    expect(Object.keys(PYTHON_SCRIPTS).length).toBeGreaterThanOrEqual(100);
  });

  it.each([...SENTENCES, ...CODE_LIKE])("is accepted in every text field: %j", (text) => {
    const script = [
      { action: "input", locator_type: "partial_link_text", locator_value: text, text, description: text },
      { action: "verify_text", locator_type: "xpath", locator_value: text, expected_text: text },
      { action: "select", locator_type: "css", locator_value: text, label: text, description: text },
    ];
    expect(parseScript(JSON.stringify(script))).toEqual(script);
  });

  it.each(SENTENCES.filter((text) => !isJson(text)))(
    "in place of a script is not called Python: %j",
    (text) => {
      expect(refusalOf(text).code).toBe("invalid_script");
    },
  );

  it.each(SENTENCES)("in a script with a syntax error is not called Python: %j", (text) => {
    const broken = JSON.stringify([{ action: "verify_text", expected_text: text }], null, 2).replace(
      "]",
      ",]",
    );
    expect(refusalOf(broken).code).toBe("invalid_script");
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return text.trim() === "";
  }
}

describe("a very long text", () => {
  const LENGTH = 200_000;
  const starts = [
    ...[
      "",
      "import ",
      "import os,",
      "from ",
      "from a import ",
      "def ",
      "class ",
      "class A(",
      "if ",
      "if a(",
      "for ",
    ],
    ...[
      "for x in ",
      "while ",
      "while x ",
      "with ",
      "with a(",
      "with a() as ",
      "assert ",
      "assert a(",
      "raise A(",
      "try:",
    ],
    ...[
      "x = ",
      "x: ",
      "x = [",
      "[",
      "{",
      "(",
      "lambda ",
      "=lambda ",
      "open('",
      "print(",
      "eval(",
      "x = eval(",
      "await ",
    ],
    ...[
      "driver.",
      "os.system",
      "return ",
      "#!",
      ">>> ",
      "__import__",
      "json.",
      "a[",
      '[{"action":"',
      "case ",
    ],
  ];
  const units = [
    ...[
      "a",
      "a ",
      "a.",
      "a,",
      "a, ",
      "a(",
      "a()",
      "a) ",
      "a=",
      "a:",
      "a: ",
      "a;",
      "a\n",
      " ",
      "\t",
      "\n",
      "\r",
      " \n",
      "\u00a0",
    ],
    ...[
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      "'",
      '"',
      ".",
      "=",
      "_",
      "#",
      " #",
      "<",
      " in ",
      " as ",
      " is ",
      " not ",
      " for x in ",
    ],
    ...[
      "[x for x in ",
      "=lambda a,",
      ", lambda a",
      "open('",
      "import os,",
      "if a:\n",
      "try:\n",
      "else:\n ",
      "driver.a",
    ],
    ...["asyncio.", "a.find_element_by_a", "assert ", "* ", "from a", "\\", "é"],
  ];

  const read = (start: string, unit: string): void => {
    const attack = start + unit.repeat(Math.ceil(LENGTH / unit.length)) + "!";
    findPythonInValue(attack);
    findPythonSource(attack);
  };

  // A pattern that is not linear needs minutes here, so the test's own timeout is the measure.
  it.each(starts)("of one line is read in linear time: it begins with %j", (start) => {
    for (const unit of units.filter((unit) => !/[\n\r;]/.test(unit))) read(start, unit);
  });

  it.each(units.filter((unit) => /[\n\r;]/.test(unit)))(
    "of many lines is read in linear time: %j",
    (unit) => {
      for (const start of ["", "if x:\n", "import os,"]) read(start, unit);
    },
  );
});
