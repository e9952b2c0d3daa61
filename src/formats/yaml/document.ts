import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type Alias,
  type Document,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { remedyOf } from "./remedies.js";

/** Lists and mappings inside one another. No command needs a quarter of it. */
const MAX_DEPTH = 60;

/** Values of a file with its aliases written out. */
const MAX_VALUES = 1_000_000;

/** Faults of a file that are told; who has mended these asks again. */
const MAX_FAULTS = 20;

/** A place in a file, both counted from 1; columns in UTF-16 units, as editors count them. */
export interface Place {
  line: number;
  column: number;
}

/** A fault with its place; its message names the remedy. */
export interface Fault extends Place {
  message: string;
}

export type Path = readonly PropertyKey[];

/** Stops the reading where nothing that follows can be told. */
class Unreadable extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The values of a YAML or JSON text, and where in it each of them stands. */
export class SourceDocument {
  /** Plain data; `undefined` where {@link faults} say why there is none. */
  readonly value: unknown;
  readonly faults: Fault[] = [];
  /** The parsed document with its comments; missing where the text could not be parsed. */
  readonly document: Document.Parsed | undefined;
  readonly #lines = new LineCounter();
  /** The node of each list and mapping among the values. */
  readonly #nodes = new Map<object, YAMLMap.Parsed | YAMLSeq.Parsed>();
  /** Values inside each of them, itself among them, and how deep they go; aliases written out. */
  readonly #extents = new Map<object, { values: number; depth: number }>();
  readonly #anchors = new Map<string, unknown>();

  constructor(text: string) {
    try {
      this.document = this.#parse(text);
      const value = this.#toValue(this.document.contents);
      if (this.faults.length === 0) this.value = value;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.add(error.message, this.#at(error.offset));
    }
  }

  add(message: string, place: Place): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ ...place, message });
  }

  /** The place of a list's item or of a mapping's key; of what is around it when there is none. */
  placeOf(path: Path): Place {
    let value = this.value;
    let place = startOf(this.document?.contents ?? null);
    for (const key of path) {
      const found = this.#child(value, key);
      if (found === undefined) break;
      place = startOf(found.key);
      value = isContainer(value) ? value[key] : undefined;
    }
    return this.#at(place);
  }

  /** The source of a plain number, date or word, as it stands in the file. */
  sourceOf(path: Path): string | undefined {
    const parent = path
      .slice(0, -1)
      .reduce<unknown>((value, key) => (isContainer(value) ? value[key] : undefined), this.value);
    const node = this.#child(parent, path.at(-1) ?? "")?.value;
    return isScalar(node) ? node.source : undefined;
  }

  #child(parent: unknown, key: PropertyKey): { key: ParsedNode; value: ParsedNode | null } | undefined {
    const node = isContainer(parent) ? this.#nodes.get(parent) : undefined;
    if (isSeq<ParsedNode>(node)) {
      const item = node.items[Number(key)];
      return item && { key: item, value: item };
    }
    const pair = node?.items.find((item) => isScalar(item.key) && item.key.value === key);
    return pair && { key: pair.key, value: pair.value };
  }

  #parse(text: string): Document.Parsed {
    // The parser itself counts no lines inside what it cannot make sense of.
    for (let start = 0; start !== -1; start = text.indexOf("\n", start) + 1 || -1)
      this.#lines.addNewLine(start);
    const parser = new Parser();
    // Keys are compared below: the composer compares each with each.
    const composer = new Composer({ uniqueKeys: false, strict: true, logLevel: "silent" });
    const documents: Document.Parsed[] = [];
    for (const lexeme of new Lexer().lex(text)) {
      for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
      if (parser.stack.length > MAX_DEPTH) throw new Unreadable(tooDeep(), parser.offset);
      this.#refuseSecond(documents);
    }
    for (const token of parser.end()) documents.push(...composer.next(token));
    documents.push(...composer.end());
    this.#refuseSecond(documents);
    const [document] = documents;
    if (document?.contents == null) throw new Unreadable("The file is empty; a case has at least a name.", 0);
    // Those after the first mostly come of it.
    for (const { code, message, pos } of [...document.errors, ...document.warnings].slice(0, 1))
      this.add(`${message.replace(/\.?$/, ".")}${remedyOf(code)}`, this.#at(pos[0]));
    return document;
  }

  #refuseSecond([, second]: Document.Parsed[]): void {
    if (second === undefined) return;
    throw new Unreadable(
      "A second document begins here; a file has one, with its cases as a list under 'cases'.",
      startOf(second.contents) || second.range[0],
    );
  }

  #toValue(node: ParsedNode | null): unknown {
    if (node === null) return null;
    if (isAlias(node)) return this.#resolve(node);
    if (isScalar(node)) return this.#anchored(node.anchor, this.#scalar(node));
    return this.#container(node);
  }

  #scalar(node: Scalar.Parsed): unknown {
    const { value } = node;
    if (typeof value !== "string") return value;
    const fault = faultOfText(value);
    if (fault !== undefined) this.add(fault, this.#at(startOf(node)));
    return value;
  }

  #container(node: YAMLMap.Parsed | YAMLSeq.Parsed): unknown {
    const value: unknown[] | Record<string, unknown> = isSeq(node) ? [] : {};
    this.#nodes.set(value, node);
    this.#anchored(node.anchor, value);
    const extent = { values: 1, depth: 1 };
    for (const [key, item] of isSeq<ParsedNode>(node) ? node.items.entries() : this.#pairs(node)) {
      const inner = this.#toValue(item);
      // An own property, whatever its name is: `__proto__` is one like others.
      Object.defineProperty(value, key, {
        value: inner,
        enumerable: true,
        writable: true,
        configurable: true,
      });
      const within = (isContainer(inner) ? this.#extents.get(inner) : undefined) ?? { values: 1, depth: 0 };
      extent.values += within.values;
      extent.depth = Math.max(extent.depth, within.depth + 1);
    }
    this.#extents.set(value, extent);
    if (extent.values > MAX_VALUES)
      throw new Unreadable(
        `With its aliases written out, this holds more than ${MAX_VALUES} values.`,
        startOf(node),
      );
    if (extent.depth > MAX_DEPTH) throw new Unreadable(tooDeep(), startOf(node));
    return value;
  }

  *#pairs(node: YAMLMap.Parsed): Generator<readonly [string, ParsedNode | null]> {
    const keys = new Set<string>();
    for (const { key, value } of node.items) {
      const name: unknown = isScalar(key) ? key.value : undefined;
      const place = this.#at(startOf(key));
      if (typeof name !== "string") this.add("A key must be a text; put it in quotes.", place);
      else if (keys.has(name)) this.add(`The key '${name.slice(0, 60)}' is here twice; keep one.`, place);
      else {
        keys.add(name);
        yield [name, value];
      }
    }
  }

  #anchored(anchor: string | undefined, value: unknown): unknown {
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    return value;
  }

  #resolve(alias: Alias.Parsed): unknown {
    const { source } = alias;
    const value = this.#anchors.get(source);
    const isOpen = isContainer(value) && !this.#extents.has(value);
    if (this.#anchors.has(source) && !isOpen) return value;
    const fault = isOpen ? `holds itself; write out what is meant` : `is no anchor that stands before it`;
    this.add(`The alias '*${source.slice(0, 60)}' ${fault}.`, this.#at(startOf(alias)));
    return null;
  }

  #at(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

function tooDeep(): string {
  return `Lists and mappings are more than ${MAX_DEPTH} deep here; write fewer inside one another.`;
}

/** Characters that no database and no browser takes in a text. */
function faultOfText(text: string): string | undefined {
  if (text.includes("\0")) return "The text holds a NUL character; leave it out.";
  if (/\p{Cs}/u.test(text)) return "The text holds half of a surrogate pair; write the whole character.";
  return undefined;
}

/** A mapping begins with its first key, whatever comments stand before that. */
function startOf(node: ParsedNode | null): number {
  const [first] = isMap<ParsedNode>(node) && node.flow !== true ? node.items : [];
  return first?.key.range[0] ?? node?.range[0] ?? 0;
}

export function isContainer(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}
