import { LOCATOR_TYPES, type Locator, type LocatorType } from "../../protocol/commands.js";
import { linkAt } from "./links.js";

/**
 * Hides texts that must stay as the author wrote them (quotations, URLs, locators) behind short marks, so that the
 * patterns that look for sentences and verbs cannot match inside them.
 *
 * Marks are built from Unicode noncharacters, which no text for interchange contains; any in the input are
 * removed.
 */
export type Marked = string;

const OPEN = { quote: "\uFDD0", url: "\uFDD1", locator: "\uFDD2", table: "\uFDD5" } as const;
const CLOSE = "\uFDD3";
type Kind = keyof typeof OPEN;

/** Patterns that match one mark each, for use inside other patterns. */
export const QUOTED = String.raw`\uFDD0\d+\uFDD3`;
export const URL_MARK = String.raw`\uFDD1\d+\uFDD3`;
export const LOCATOR_MARK = String.raw`\uFDD2\d+\uFDD3`;

/** Follows a quotation that ends like a sentence, as in `shows "Welcome." Click …`; gone once sentences are split. */
export const SOFT_STOP = "\uFDD4";

const MARK = /[\uFDD0-\uFDD2\uFDD5](\d+)\uFDD3/g;
const CLOSERS: Record<string, string> = { '"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "`": "`" };
const URL_START = /https?:\/\/[^\s"<>“”«»`]+/iy;
/** Names that authors give to types of locators beside their own. */
const OTHER_NAMES: Record<string, LocatorType> = { link: "link_text", testid: "test_id" };
const PREFIXED = new RegExp(`(${[...LOCATOR_TYPES, ...Object.keys(OTHER_NAMES)].join("|")})=(?=\\S)`, "iy");
const BARE_LOCATOR = /#[A-Za-z_][\w-]*|\(?\/\/(?=[\w*])/y;
/** `role=button[name="Save"]` */
const ROLE_WITH_NAME = /^([a-z]+)\[name=(["'])(.+)\2\]$/i;

interface Hidden {
  kind: Kind;
  /** As written, quotation marks included. */
  raw: string;
  /** Its meaning: the text between the quotation marks. */
  value: string;
  /** Characters that it takes in the text. @defaultValue those of `raw` */
  length?: number;
  /** The cells of a table that was given apart from the text. */
  rows?: string[][];
}

/** Parts of a sentence that a document keeps apart from its words. */
export interface Attached {
  table?: string[][] | undefined;
  docString?: string | undefined;
}

export class Marking {
  readonly text: Marked;
  readonly #hidden: Hidden[] = [];

  constructor(source: string, { table, docString }: Attached = {}) {
    let text = this.#mark(clean(source));
    if (table !== undefined) {
      const raw = table.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
      text += this.#append({ kind: "table", raw, value: "", rows: table });
    }
    if (docString !== undefined) {
      const quote = { kind: "quote", raw: `"${docString}"`, value: docString } as const;
      text = text.replace(/:\s*$/, "") + this.#append(quote);
    }
    this.text = text;
  }

  /** The text as the author wrote it. */
  raw(marked: Marked): string {
    return marked.replace(MARK, (_, index: string) => this.#hidden[Number(index)]?.raw ?? "");
  }

  /** The exact value a text stands for: without its quotation marks where it is one quoted text. */
  value(marked: Marked): string {
    const text = marked.trim();
    return isOneQuote(text) ? (this.#first(text)?.value ?? "") : this.raw(text);
  }

  /** The first URL in the text, or `undefined`. */
  url(marked: Marked): string | undefined {
    for (const [mark] of marked.matchAll(MARK)) {
      const hidden = this.#first(mark);
      if (hidden?.kind === "url") return hidden.raw;
      if (hidden?.kind === "quote" && /^https?:\/\//i.test(hidden.value)) return hidden.value;
    }
    return undefined;
  }

  /** The locator that the text spells out, as in `#login`, `css=.button` or `"xpath=//a[1]"`. */
  locator(marked: Marked): Locator | undefined {
    const [mark] = new RegExp(LOCATOR_MARK).exec(marked) ?? [];
    const source = mark ?? (isOneQuote(marked.trim()) ? marked.trim() : undefined);
    return source === undefined ? undefined : toLocator(this.#first(source)?.value ?? "");
  }

  /** The rows of the table that the text is. */
  table(marked: Marked): string[][] {
    const { rows, raw = "" } = this.#first(marked) ?? {};
    if (rows !== undefined) return rows;
    return raw.split("\n").map((row) =>
      row
        .trim()
        .replace(/^\||\|$/g, "")
        .split("|")
        .map((cell) => cell.trim()),
    );
  }

  #first(mark: Marked): Hidden | undefined {
    return this.#hidden[Number(/\d+/.exec(mark)?.[0])];
  }

  #append(hidden: Hidden): Marked {
    this.#hidden.push(hidden);
    return ` ${OPEN[hidden.kind]}${this.#hidden.length - 1}${CLOSE}`;
  }

  #mark(source: string): Marked {
    let marked = "";
    // Places where a search for a closing quotation mark has failed, so that it is not repeated: see the test with
    // thousands of opening ones.
    const unclosed: Record<string, number> = {};
    for (let at = 0; at < source.length;) {
      const hidden = this.#hiddenAt(source, at, unclosed);
      if (hidden === undefined) {
        marked += source.charAt(at);
        at += 1;
      } else {
        // A table stands apart from the words before it.
        if (hidden.kind === "table") marked += " ";
        marked += OPEN[hidden.kind] + String(this.#hidden.length) + CLOSE;
        if (hidden.kind === "quote" && /[.!?]$/.test(hidden.value)) marked += SOFT_STOP;
        this.#hidden.push(hidden);
        at += hidden.length ?? hidden.raw.length;
      }
    }
    return marked;
  }

  #hiddenAt(source: string, at: number, unclosed: Record<string, number>): Hidden | undefined {
    const before = source[at - 1] ?? " ";
    if (/\w/.test(before)) return undefined;
    return (
      tableAt(source, at) ??
      markedLinkAt(source, at) ??
      emphasisAt(source, at) ??
      quoteAt(source, at, unclosed) ??
      urlAt(source, at) ??
      (/[\s(]/.test(before) ? locatorAt(source, at) : undefined)
    );
  }
}

function clean(source: string): string {
  return source
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(/[\uFDD0-\uFDEF]/g, "")
    .replace(/[^\P{Cc}\n]/gu, " ");
}

/** Tells if a text is one quotation and nothing else. */
export function isOneQuote(marked: Marked): boolean {
  return /^\uFDD0\d+\uFDD3$/.test(marked);
}

function quoteAt(source: string, at: number, unclosed: Record<string, number>): Hidden | undefined {
  const opener = source[at] ?? "";
  const closer = CLOSERS[opener];
  if (closer === undefined || at < (unclosed[opener] ?? 0)) return undefined;
  for (let end = at + 1; ; end += 1) {
    const character = source[end];
    if (character === undefined || character === "\n") {
      unclosed[opener] = end;
      return undefined;
    }
    // An apostrophe inside a word does not close a quotation.
    const inWord = (closer === "'" || closer === "’") && /\w/.test(source[end + 1] ?? "");
    if (character === closer && !inWord) {
      return {
        kind: "quote",
        raw: source.slice(at, end + 1),
        value: withoutEmphasis(source.slice(at + 1, end)),
      };
    }
  }
}

/** The rows of a table that begin with a bar, as in feature files, after the line that they belong to. */
const ROWS = /(?:[ \t]*\n)+[ \t]*\|[^\n]*\|[ \t]*(?:\n[ \t]*\|[^\n]*\|[ \t]*(?=\n|$))*(?=\n|$)/y;

function tableAt(source: string, at: number): Hidden | undefined {
  if (source[at] !== "\n" && source[at] !== " ") return undefined;
  const raw = /:\s*$/.test(source.slice(Math.max(0, at - 3), at))
    ? matchAt(ROWS, source, at)?.[0]
    : undefined;
  return raw === undefined ? undefined : { kind: "table", raw: raw.trim(), value: "", length: raw.length };
}

function markedLinkAt(source: string, at: number): Hidden | undefined {
  const link = linkAt(source, at);
  return link && { kind: "quote", ...link };
}

/** Names that Markdown emphasises: `**Save**`, `_Save_`. */
const EMPHASIS = /(\*\*|__|\*|_)(?=[^\s*_])([^\n*_]{0,79}[^\s*_\n])\1(?!\w)/y;

function emphasisAt(source: string, at: number): Hidden | undefined {
  if (source[at] !== "*" && source[at] !== "_") return undefined;
  const [raw, , value] = matchAt(EMPHASIS, source, at) ?? [];
  return raw === undefined || value === undefined
    ? undefined
    : { kind: "quote", raw, value: withoutQuotes(value) };
}

function withoutQuotes(text: string): string {
  return /^(["'`]).+\1$/.test(text) ? text.slice(1, -1) : text;
}

/** The text of a quotation, without Markdown's signs around all of it. */
function withoutEmphasis(text: string): string {
  const [, , value] = /^(\*\*|__|`)([^*_`]+)\1$/.exec(text) ?? [];
  return value ?? text;
}

function urlAt(source: string, at: number): Hidden | undefined {
  const url = matchAt(URL_START, source, at)?.[0];
  if (url === undefined) return undefined;
  // The full stop after a URL ends the sentence; a closing bracket belongs to it only with an opening one.
  let end = url.length;
  while (/[.,;:!?'\]}]/.test(url[end - 1] ?? "") || (url[end - 1] === ")" && !url.includes("("))) end -= 1;
  const raw = url.slice(0, end);
  return { kind: "url", raw, value: raw };
}

function locatorAt(source: string, at: number): Hidden | undefined {
  const prefix = matchAt(PREFIXED, source, at)?.[0];
  if (prefix === undefined && matchAt(BARE_LOCATOR, source, at) === null) return undefined;
  const raw = source.slice(at, locatorEnd(source, at + (prefix?.length ?? 0)));
  return { kind: "locator", raw, value: raw };
}

/** A locator ends at the first space outside its brackets and quotation marks, without a sentence's punctuation. */
function locatorEnd(source: string, start: number): number {
  let depth = 0;
  let quote: string | undefined;
  let at = start;
  for (; at < source.length && source[at] !== "\n"; at += 1) {
    const character = source[at] ?? "";
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "[" || character === "(") depth += 1;
    else if (character === "]" || character === ")") depth -= 1;
    else if (depth <= 0 && /\s/.test(character)) break;
  }
  while (at > start + 1 && /[.,;:!?]/.test(source[at - 1] ?? "")) at -= 1;
  return at;
}

function toLocator(text: string): Locator | undefined {
  const [prefix, kind = ""] = matchAt(PREFIXED, text, 0) ?? [];
  const by = (type: LocatorType, value: string): Locator => ({ locator_type: type, locator_value: value });
  if (prefix !== undefined) {
    const known = kind.toLowerCase();
    const type = OTHER_NAMES[known] ?? (known as LocatorType); // PREFIXED has no others.
    const value = text.slice(prefix.length).replace(/^(["'])(.*)\1$/, "$2");
    const [, role, , name] = type === "role" ? (ROLE_WITH_NAME.exec(value) ?? []) : [];
    if (role !== undefined && name !== undefined) return { ...by("role", role), locator_name: name };
    return value === "" ? undefined : by(type, value);
  }
  if (/^#[A-Za-z_][\w-]*$/.test(text)) return by("id", text.slice(1));
  if (/^#[A-Za-z_]\S*$/.test(text)) return by("css", text);
  if (/^\(?\/\/[\w*]/.test(text)) return by("xpath", text);
  return undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
