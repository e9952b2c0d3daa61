import type { Command, Locator, LocatorType, Script } from "../protocol/commands.js";

/** The names that Selenium's Python binding has for the ways to find an element. */
const BY: Record<LocatorType, string> = {
  id: "By.ID",
  xpath: "By.XPATH",
  css: "By.CSS_SELECTOR",
  class: "By.CLASS_NAME",
  name: "By.NAME",
  tag: "By.TAG_NAME",
  link_text: "By.LINK_TEXT",
  partial_link_text: "By.PARTIAL_LINK_TEXT",
};

const IMPORTS = [
  { needs: /\btime\./, line: "import time\n" },
  { needs: /\bwebdriver\./, line: "from selenium import webdriver" },
  { needs: /\bBy\./, line: "from selenium.webdriver.common.by import By" },
  { needs: /\bEC\./, line: "from selenium.webdriver.support import expected_conditions as EC" },
  { needs: /\bSelect\(/, line: "from selenium.webdriver.support.ui import Select" },
  { needs: /\bWebDriverWait\(/, line: "from selenium.webdriver.support.ui import WebDriverWait" },
];

/**
 * Writes a script as Selenium Python for people to read. Nothing in Stepwire runs or parses it: the JSON
 * commands are what is run.
 */
export function renderPython(commands: Script): string {
  const body = commands.map(renderCommand).join("\n\n");
  const program = `driver = webdriver.Chrome()\ndriver.implicitly_wait(10)\n\n${body}\n\ndriver.quit()\n`;
  const imports = IMPORTS.filter(({ needs }) => needs.test(withoutLiterals(program)));
  return `${imports.map(({ line }) => line).join("\n")}\n\n${program}`;
}

function renderCommand(command: Command): string {
  const lines = linesOf(command);
  if (command.description !== undefined) lines.unshift(comment(command.description));
  return lines.join("\n");
}

function linesOf(command: Command): string[] {
  switch (command.action) {
    case "navigate":
      return [`driver.get(${literal(command.url)})`];
    case "click":
      return [`${find(command)}.click()`];
    case "input":
      return [`element = ${find(command)}`, "element.clear()", `element.send_keys(${literal(command.text)})`];
    case "select":
      return [`Select(${find(command)}).select_by_visible_text(${literal(command.label)})`];
    case "wait":
      return [`time.sleep(${command.duration})`];
    case "verify_element_present":
      return [find(command)];
    case "verify_text":
      return [`assert ${literal(command.expected_text)} in ${find(command)}.text`];
    default:
      return unreachable(command);
  }
}

function find(command: {
  locator_type: LocatorType;
  locator_value: string;
  timeout?: number | undefined;
}): string {
  const locator = byOf({ type: command.locator_type, value: command.locator_value });
  if (command.timeout === undefined) return `driver.find_element(${locator})`;
  return `WebDriverWait(driver, ${command.timeout}).until(EC.presence_of_element_located((${locator})))`;
}

function byOf({ type, value }: Locator): string {
  return `${BY[type]}, ${literal(value)}`;
}

/** JSON's string escapes are a subset of Python's, so a JSON string is the same string in Python. */
function literal(value: string): string {
  return JSON.stringify(value);
}

/** A line break in a description would end the comment, and the rest would read as a statement. */
function comment(text: string): string {
  return `# ${text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim()}`;
}

function withoutLiterals(program: string): string {
  return program.replace(/^#.*$/gm, "").replace(/"(?:[^"\\]|\\.)*"/g, '""');
}

function unreachable(command: never): never {
  throw new Error(`No Python for ${JSON.stringify(command)}`);
}
