import type { Match } from "../../protocol/commands.js";

/** A place to fill in, or the escape of a plain `${`. */
const PLACE = /\$\$\{|\$\{(env\.|secret\.)?([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * A text as Python: a string, or strings and variables put together. JSON's string escapes are a subset of
 * Python's, so a JSON string is the same string in Python.
 */
export function literal(value: string): string {
  const parts: string[] = [];
  let text = "";
  let end = 0;
  for (const { 0: place, 1: source, 2: name = "", index } of value.matchAll(PLACE)) {
    text += value.slice(end, index);
    end = index + place.length;
    if (place === "$${") {
      text += "${";
      continue;
    }
    if (text !== "") parts.push(quoted(text));
    text = "";
    parts.push(`${source === undefined ? "variables" : "os.environ"}[${quoted(name)}]`);
  }
  text += value.slice(end);
  if (text !== "" || parts.length === 0) parts.push(quoted(text));
  return parts.join(" + ");
}

/** A text as a Python string, with nothing filled in. */
export function quoted(value: string): string {
  return JSON.stringify(value);
}

/** A line break in a description would end the comment, and the rest would read as a statement. */
export function comment(text: string): string {
  return `# ${text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim()}`;
}

/** A Python condition that compares a Python value to a text in the way that a command asks for. */
export function comparison(actual: string, expected: string, match: Match): string {
  const text = literal(expected);
  switch (match) {
    case "contains":
      return `${text} in ${actual}`;
    case "equals":
    case "raw":
      return `${actual} == ${text}`;
    case "glob":
      return `fnmatch.fnmatchcase(${actual}, ${text})`;
    case "regex":
      return `re.search(${text}, ${actual})`;
  }
}

/** A Python statement that fails unless the condition holds, or holds not. */
export function assertion(condition: string, { not = false }: { not?: boolean | undefined }): string {
  return not ? `assert not (${condition})` : `assert ${condition}`;
}
