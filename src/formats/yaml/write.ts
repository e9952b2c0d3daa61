import {
  Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Scalar,
  visit,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import { COMMANDS, type Action } from "../../protocol/commands.js";
import { KEY_ORDER } from "./schema.js";

/** Columns in which a line of YAML ends where it can. */
const LINE_WIDTH = 100;

/** Where editors find the schema of case files. */
export const SCHEMA_COMMENT =
  " yaml-language-server: $schema=https://unpkg.com/stepwire/docs/generated/case-file.schema.json";

/** Writes plain data as a case file, with its fields in their order. */
export function writeYaml(content: object): string {
  const document = new Document(content);
  document.commentBefore = SCHEMA_COMMENT;
  return writeDocument(document);
}

/** Writes a document with its fields in their order and each text in one way; comments stay where they belong. */
export function writeDocument(document: Document): string {
  orderFields(document);
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string") node.type = styleOf(node.value, node);
    },
    Collection(_key, node) {
      node.flow = isShort(node);
    },
  });
  return document.toString({ lineWidth: LINE_WIDTH, singleQuote: false, flowCollectionPadding: false });
}

/** Writes plain data as JSON, with its fields in their order. */
export function writeJson(content: object): string {
  const document = new Document(content);
  orderFields(document);
  return `${JSON.stringify(document.toJS(), null, 2)}\n`;
}

/** Plain where YAML reads the same of it; quoted otherwise. */
function styleOf(text: string, { comment }: Scalar): Scalar.Type {
  if (/\n./.test(text) && comment === undefined && !/[^\S\n]\n|\r/.test(text)) return Scalar.BLOCK_LITERAL;
  return Scalar.PLAIN;
}

/** A list of a few words stands on one line. */
function isShort(node: Node): boolean {
  if (!isSeq(node) || node.items.length === 0) return isCollection(node) && node.items.length === 0;
  const words = node.items.map((item) =>
    isScalar(item) &&
    item.comment === undefined &&
    item.commentBefore === undefined &&
    item.anchor === undefined
      ? String(item.value)
      : undefined,
  );
  return !words.includes(undefined) && words.join(", ").length <= 60 && !words.join("").includes("\n");
}

function orderFields(document: Document): void {
  const { contents } = document;
  if (!isMap(contents)) return;
  keepModeline(document, contents);
  order(contents, KEY_ORDER.file, { isFile: true });
  orderCase(contents);
  for (const testCase of mapsIn(contents, "cases")) {
    order(testCase, KEY_ORDER.testCase);
    orderCase(testCase);
  }
  for (const environment of mapsIn(contents, "environments")) order(environment, KEY_ORDER.environment);
}

/** Editors look for the comment that names the schema at the top, wherever the first key goes. */
function keepModeline(document: Document, { items: [first] }: YAMLMap): void {
  if (!isScalar(first?.key) || first.key.commentBefore?.startsWith(" yaml-language-server:") !== true) return;
  const [modeline = "", ...others] = first.key.commentBefore.split("\n");
  document.commentBefore = modeline;
  first.key.commentBefore = others.length === 0 ? null : others.join("\n");
}

function orderCase(testCase: YAMLMap): void {
  for (const step of mapsIn(testCase, "steps")) {
    order(step, KEY_ORDER.step);
    for (const command of mapsIn(step, "script")) order(command, fieldsOf(command));
  }
}

function fieldsOf(command: YAMLMap): readonly string[] {
  const action: unknown = command.get("action");
  return typeof action === "string" && Object.hasOwn(COMMANDS, action)
    ? Object.keys(COMMANDS[action as Action].schema.shape)
    : [];
}

function mapsIn(map: YAMLMap, key: string): YAMLMap[] {
  const list: unknown = map.get(key);
  return isSeq(list) ? list.items.filter((item) => isMap(item)) : [];
}

/** Sorts a mapping's keys; those that are not known keep their order, behind the others. */
function order(map: YAMLMap, keys: readonly string[], { isFile = false } = {}): void {
  const place = ({ key }: Pair): number => {
    const index = keys.indexOf(isScalar(key) ? String(key.value) : "");
    return index === -1 ? keys.length : index;
  };
  if (holdsAnchors(map)) return;
  const [first] = map.items;
  const sorted = map.items.toSorted((a, b) => place(a) - place(b));
  if (
    !isFile &&
    first !== undefined &&
    sorted[0] !== first &&
    map.commentBefore != null &&
    isScalar(first.key)
  ) {
    // What stands before a mapping is about its first key.
    first.key.commentBefore = map.commentBefore;
    map.commentBefore = null;
  }
  map.items = sorted;
}

/** An anchor has to stand before its aliases, so that nothing around them may change its place. */
function holdsAnchors(map: YAMLMap): boolean {
  const found: unknown[] = [];
  visit(map, {
    Alias: (_key, node) => {
      found.push(node);
    },
    Value: (_key, node) => {
      if (node.anchor !== undefined) found.push(node);
    },
  });
  return found.length > 0;
}
