import type { PageSnapshot, SeenNode } from "../../runner/ports.js";
import { wordsOf } from "./likeness.js";
import { SnapshotIndex } from "./snapshot-index.js";

/** A page in words: for people who are asked which element they mean, and for a language model. */

/** Longest name, value and list of options that are told, in characters. */
const MAX_NAME = 80;
const MAX_VALUE = 40;
const MAX_OPTIONS = 60;

/** Characters to a token, as a rule of thumb for English: no tokenizer is asked. */
const CHARACTERS_A_TOKEN = 4;

/** `button "Delete" in row "Ada, Admin"`. */
export function told(node: SeenNode, index: SnapshotIndex): string {
  const place = [...index.around(node)].find((container) => nameOf(container, index) !== "");
  return place === undefined
    ? `${node.role}${named(node)}`
    : `${node.role}${named(node)} in ${place.role} ${quoted(nameOf(place, index))}`;
}

/** Elements in words, for a message. */
export function listed(nodes: readonly SeenNode[], index: SnapshotIndex): string[] {
  return nodes.map((node) => told(node, index));
}

function named(node: SeenNode): string {
  const beside = node.hints.find(({ from }) => from === "beside") ?? node.hints[0];
  const name = node.name || beside?.text || "";
  return name === "" ? "" : ` ${quoted(name)}`;
}

/** The name of a container; a row's is what its first texts say. */
function nameOf(container: SeenNode, index: SnapshotIndex): string {
  const isRow = container.step !== undefined || container.role === "row";
  if (!isRow || (container.name !== "" && container.role !== "row")) return container.name;
  const names = index
    .inside(container)
    .filter(({ role, name }) => name !== "" && !/^(?:checkbox|button|group|columnheader)$/.test(role))
    .map(({ name }) => name);
  return [...new Set(names)].slice(0, 2).join(", ");
}

function quoted(text: string, most = MAX_NAME): string {
  return JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text);
}

export interface ToldSnapshot {
  text: string;
  /** An estimate: its characters by {@link CHARACTERS_A_TOKEN}. */
  tokens: number;
  /** Number of elements for which there was no room. */
  leftOut: number;
  /** The refs that stand in the text. */
  refs: ReadonlySet<string>;
}

/**
 * The page as lines of `ref role "name" state`, each under what it is in. What people act on comes first where there is
 * no room for everything, then headings and messages, then other texts.
 *
 * @param options.maxTokens an estimate. @defaultValue 600
 * @param options.about a sentence: what has words of it comes first where there is no room for everything
 */
export function tellSnapshot(
  snapshot: PageSnapshot,
  { maxTokens = 600, about = "" }: { maxTokens?: number; about?: string } = {},
): ToldSnapshot {
  const index = new SnapshotIndex(snapshot);
  const most = maxTokens * CHARACTERS_A_TOKEN;
  const lines = new Map<SeenNode, string>();
  let length = snapshot.title.length + MAX_NAME;
  let leftOut = snapshot.leftOut;
  const labels = new Set(snapshot.nodes.filter(({ kind }) => kind === "control").map(({ name }) => name));
  const words = new Set(wordsOf(about).filter((word) => word.length > 2));
  for (const rank of [-1, 0, 1, 2] as const) {
    for (const node of snapshot.nodes) {
      if (lines.has(node) || rankOf(node, labels, words) !== rank) continue;
      const around = [...index.around(node)].filter((one) => !lines.has(one) && isTold(one, index));
      const added = [node, ...around].map((one) => [one, lineOf(one, index)] as const);
      const more = added.reduce((sum, [one, line]) => sum + line.length + depthOf(one, index) + 1, 0);
      if (length + more > most) {
        leftOut += 1;
        continue;
      }
      length += more;
      for (const [one, line] of added) lines.set(one, line);
    }
  }
  const body = snapshot.nodes.flatMap((node) => {
    const line = lines.get(node);
    return line === undefined ? [] : [" ".repeat(depthOf(node, index)) + line];
  });
  const rest = leftOut === 0 ? [] : [`(${leftOut} more left out)`];
  const text = [`page ${quoted(snapshot.title)}`, ...body, ...rest].join("\n");
  const refs = new Set([...lines.keys()].filter(({ kind }) => kind === "control").map(({ ref }) => ref));
  return { text, tokens: Math.ceil(text.length / CHARACTERS_A_TOKEN), leftOut, refs };
}

/** The turn in which a node is told; none for a container, which is told with what is in it. */
function rankOf(
  node: SeenNode,
  labels: ReadonlySet<string>,
  words: ReadonlySet<string>,
): -1 | 0 | 1 | 2 | undefined {
  if (node.kind === "control") return wordsOf(node.name).some((word) => words.has(word)) ? -1 : 0;
  if (node.kind === "container")
    return node.name !== "" && /^(?:alert|status)$/.test(node.role) ? 1 : undefined;
  // The text of a label is told with what it labels.
  if (labels.has(node.name)) return undefined;
  return node.role === "heading" ? 1 : 2;
}

/** Containers without a name tell nothing, except that rows do with what is in them. */
function isTold(container: SeenNode, index: SnapshotIndex): boolean {
  return nameOf(container, index) !== "" && !/^(?:list|main|tablist|menubar)$/.test(container.role);
}

function depthOf(node: SeenNode, index: SnapshotIndex): number {
  return [...index.around(node)].filter((one) => isTold(one, index)).length;
}

function lineOf(node: SeenNode, index: SnapshotIndex): string {
  if (node.kind === "container") return `${node.role} ${quoted(nameOf(node, index))}`;
  const ref = node.kind === "control" ? `${node.ref} ` : "";
  const name = node.kind === "control" ? named(node) : ` ${quoted(node.name)}`;
  const value = node.value ? ` = ${quoted(node.value, MAX_VALUE)}` : "";
  const options = node.options?.length ? ` of ${shortened(node.options.join(" | "), MAX_OPTIONS)}` : "";
  const states = node.states.filter((state) => state !== "unchecked" && state !== "required");
  return [`${ref}${node.role}${name}${value}${options}`, ...states].join(" ");
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
