import { createRequire } from "node:module";
import { createParser } from "css-selector-parser";
import type XPath from "xpath-analyzer";
import { nameOf } from "../protocol/command-issues.js";
import { LOCATORS, type Command, type LocatorType, type Script } from "../protocol/commands.js";
import { ScriptError } from "../protocol/script.js";

/**
 * Finds selectors that no browser can read, before they are stored. What a browser reads is never refused here: it has
 * the last word when the script is run.
 */

// Its CommonJS has a default export, which tools that read ES modules give by different names.
const { default: XPathAnalyzer } = createRequire(import.meta.url)("xpath-analyzer") as typeof XPath;

/** Knows every pseudo-class that there may be, and closes brackets at the end, as browsers do. */
const parseCss = createParser({ syntax: "progressive", strict: false });

/** Pseudo-classes of jQuery, Playwright and others, which browsers do not know. */
const FOREIGN_PSEUDO_CLASSES = new Set(
  (
    "contains icontains has-text text text-is text-matches visible hidden eq gt lt even odd first last nth nth-match " +
    "parent header animated selected input button checkbox radio password submit reset image file " +
    "right-of left-of above below near"
  ).split(" "),
);

/** @returns the fault in words, with the remedy; nothing where a browser can read it, or may be able to */
export function faultOfCss(selector: string): string | undefined {
  const plain = selector.replace(/\/\*[\s\S]*?\*\//g, " ");
  const foreign = foreignPseudoClass(plain);
  if (foreign !== undefined)
    return `':${foreign}' is no pseudo-class of browsers; find the element by its text or role instead, or use 'within' and 'nth'`;
  if (/^\s*(?:\.?\/\/|\(\/\/|xpath=)/.test(plain))
    return "it is an XPath; write it with the locator_type xpath";
  // Lists in these may hold anything, and browsers leave out what they cannot read.
  if (/:(?:is|where|-webkit-any)\(/i.test(plain)) return undefined;
  try {
    parseCss(plain);
  } catch (error) {
    return lowerFirst((error as Error).message.replace(/^.*parse error: /, "").replace(/ Pos: -?\d+\.$/, ""));
  }
  return isOverclosed(plain) ? "a bracket is closed that was not opened" : undefined;
}

function foreignPseudoClass(selector: string): string | undefined {
  for (const [, colons = "", name = ""] of withoutStrings(selector).matchAll(/(?<!\\)(::?)([\w-]+)/g)) {
    if (colons === ":" && FOREIGN_PSEUDO_CLASSES.has(name.toLowerCase())) return name;
  }
  return undefined;
}

function isOverclosed(selector: string): boolean {
  let depth = 0;
  for (const [bracket] of withoutStrings(selector).matchAll(/[()[\]]/g)) {
    depth += bracket === "(" || bracket === "[" ? 1 : -1;
    if (depth < 0) return true;
  }
  return false;
}

/** Strings and escapes can hold any sign. */
function withoutStrings(selector: string): string {
  return selector.replace(/\\./g, "x").replace(/"[^"]*"?|'[^']*'?/g, "s");
}

/** @returns the fault in words; nothing where a browser can read it, or may be able to */
export function faultOfXPath(expression: string): string | undefined {
  // The parser knows only names of ASCII letters without dots, and not this function.
  const plain = expression
    .replace(/[^\0-\x7f]/g, "x")
    .replace(/(?<=[\w-])\.(?=[a-z_])/gi, "x")
    .replace(/\blang\s*\(/g, "string(");
  if (/[^/\s]\s*\/+\s*$/.test(plain) || /^\s*\/\/+\s*$/.test(plain)) return "it ends with a '/'";
  try {
    new XPathAnalyzer(plain).parse();
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    const isOfLaterVersion = message.startsWith("Invalid function");
    return `${lowerFirst(message)}${isOfLaterVersion ? "; browsers know the functions of XPath 1.0 only" : ""}`;
  }
}

const FAULTS = { "CSS selector": faultOfCss, XPath: faultOfXPath, text: () => undefined };

/** A text that is read as a selector: where it is in its command, and what kind it is of. */
interface Selector {
  path: readonly PropertyKey[];
  kind: keyof typeof FAULTS;
  text: string;
}

/** The selectors of a command, at any depth. Those with places are read once they are filled in. */
function* selectorsIn(value: unknown, path: readonly PropertyKey[] = []): Generator<Selector> {
  if (typeof value !== "object" || value === null) return;
  const { locator_type: type, locator_value: text, exclude } = value as Record<string, unknown>;
  if (isLocatorType(type) && typeof text === "string")
    yield { path: [...path, "locator_value"], kind: LOCATORS[type].value, text };
  for (const [index, one] of [exclude].flat().entries()) {
    const at = Array.isArray(exclude) ? [index] : [];
    if (typeof one === "string") yield { path: [...path, "exclude", ...at], kind: "CSS selector", text: one };
  }
  for (const [key, inner] of Object.entries(value))
    yield* selectorsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]);
}

function isLocatorType(type: unknown): type is LocatorType {
  return typeof type === "string" && Object.hasOwn(LOCATORS, type);
}

/**
 * Makes sure that browsers can read the selectors of a command.
 *
 * @param number its place in the script, from 1
 * @throws ScriptError `invalid_script` that names the command, the field and the fault
 */
export function requireSelectors(command: Command, number: number): void {
  for (const { path, kind, text } of selectorsIn(command)) {
    const fault = text.includes("${") ? undefined : FAULTS[kind](text);
    if (fault === undefined) continue;
    const words = `field '${nameOf(path)}' is no ${kind} that browsers read: ${fault}`;
    throw new ScriptError("invalid_script", `Command ${number} (${command.action}) ${words}.`, path);
  }
}

/** The same for each command of a script. */
export function requireSelectorsOf(script: Script): void {
  for (const [index, command] of script.entries()) requireSelectors(command, index + 1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
}
