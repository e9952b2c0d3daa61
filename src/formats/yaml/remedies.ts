import type { ErrorCode } from "yaml";

const REMEDIES: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: "Begin the keys of one mapping, and the '-' of one list, in the same column.",
  BLOCK_AS_IMPLICIT_KEY: "Put a text that holds ': ' in quotes.",
  BLOCK_IN_FLOW: "Put the text in quotes.",
  BAD_SCALAR_START: "Put the text in quotes.",
  BAD_DQ_ESCAPE: "Write a plain backslash as \\\\, or put the text in single quotes.",
  DUPLICATE_KEY: "Keep one of them.",
  KEY_OVER_1024_CHARS: "Write a shorter key.",
  MISSING_CHAR: "Close the quotes or brackets, or put the text in quotes.",
  MULTILINE_IMPLICIT_KEY: "Put ':' behind the key, or the whole text in quotes.",
  TAB_AS_INDENT: "Indent with blanks.",
  TAG_RESOLVE_FAILED: "Leave the tag out.",
  UNEXPECTED_TOKEN: "Put the text in quotes, or take it out.",
};

/** The remedy for a fault of YAML, to stand behind the parser's own words. */
export function remedyOf(code: ErrorCode): string {
  const remedy = REMEDIES[code];
  return remedy === undefined ? "" : ` ${remedy}`;
}
