import type { SeenNode } from "../../runner/ports.js";
import type { Place } from "../plain-english/described-element.js";
import { WantedName } from "./likeness.js";
import type { SnapshotIndex } from "./snapshot-index.js";

/** A part of the page that words such as "in the row of Ada" stand for. */
export interface Scope {
  nodes: ReadonlySet<SeenNode>;
  /** The container, where one is the whole scope. */
  container?: SeenNode;
  /** The text by which the author knows it. */
  text?: string;
}

const ROWS = /^(?:row|listitem|item|article|option|treeitem)$/;
const DIALOGS = /^(?:dialog|alertdialog)$/;
const SECTIONS =
  /^(?:region|group|form|table|grid|treegrid|list|radiogroup|tabpanel|navigation|complementary|search|toolbar|menu|menubar|article|listbox|tree|item|listitem|dialog|alertdialog|figure|banner|contentinfo)$/;

const DIALOG_WORDS =
  /^(?:(?:modal )?dialog(?:ue)?(?: box)?|modal(?: window)?|pop-?up(?: window)?|window|overlay|drawer)$/;
const ROW_WORDS =
  /^(?:row|table row|line|list item|entry|record|table_row|todo|todo item|task|user|file|folder|employee|order|customer|student|card|tile|product|item|product card|article|post)$/;

/** Parts that are known by what they are for. */
const LANDMARKS: [RegExp, RegExp][] = [
  [DIALOG_WORDS, DIALOGS],
  [/\bheader$/, /^banner$/],
  [/\bfooter$/, /^contentinfo$/],
  [/\b(?:navigation|nav|nav ?bar|menu bar|navigation (?:bar|menu|panel))$/, /^(?:navigation|menubar)$/],
  [/\bside ?bar(?: menu)?$/, /^(?:complementary|navigation)$/],
  [/\btool ?bar$/, /^toolbar$/],
  [/\bform$/, /^form$/],
  [/\b(?:table|grid)$/, /^(?:table|grid|treegrid)$/],
  [
    /\b(?:menu|drop-?down(?: menu| list)?|actions?|options|suggestions?(?: list)?)$/,
    /^(?:menu|listbox|tree|navigation)$/,
  ],
  [/\b(?:list|results?)$/, /^(?:list|listbox|table|grid|feed)$/],
  [/\b(?:panel|pane|section|area)$/, /^(?:region|complementary|tabpanel|group)$/],
];

/**
 * The parts of the page that may be meant, best first; several where the same words stand for several.
 *
 * @returns nothing where words tell of a place that no part of the page has a word for, such as "the left panel"
 */
export function scopesOf(place: Place, index: SnapshotIndex): readonly Scope[] | undefined {
  const { relation, kindWord, name } = place;
  if (name === "") return landmarks(kindWord, index);
  if (relation === "beside") return besideText(name, index);
  if (DIALOG_WORDS.test(kindWord)) return named(name, DIALOGS, index, true);
  if (ROW_WORDS.test(kindWord)) return rows(name, index);
  if (relation === "under") return [...underHeading(name, index), ...named(name, SECTIONS, index)];
  const sections = named(name, SECTIONS, index);
  if (kindWord !== "" && sections.length > 0) return sections;
  const parts = [...sections, ...underHeading(name, index)];
  return parts.length > 0 ? parts : rows(name, index);
}

function landmarks(words: string, index: SnapshotIndex): readonly Scope[] | undefined {
  const roles = LANDMARKS.find(([word]) => word.test(words))?.[1];
  const found =
    roles === undefined ? [] : index.nodes.filter(({ kind, role }) => kind !== "text" && roles.test(role));
  return found.length === 0 ? undefined : outermost(found, index).map((node) => scopeOf(node, index));
}

function outermost(nodes: readonly SeenNode[], index: SnapshotIndex): SeenNode[] {
  return nodes.filter((node) => !nodes.some((other) => index.isInside(node, other)));
}

function scopeOf(container: SeenNode, index: SnapshotIndex, text?: string): Scope {
  return {
    nodes: new Set([container, ...index.inside(container)]),
    container,
    ...(text !== undefined && { text }),
  };
}

/** Containers with this name, else those in which a heading or label says it. */
function named(name: string, roles: RegExp, index: SnapshotIndex, byAnyText = false): Scope[] {
  const wanted = new WantedName(name);
  const containers = index.nodes.filter(({ kind, role }) => kind === "container" && roles.test(role));
  const found = best(containers, (node) => wanted.likenessTo(node.name));
  if (found.length > 0 || !byAnyText) return found.map((node) => scopeOf(node, index, name));
  return best(containers, (node) => most(index.textsIn(node), wanted)).map((node) =>
    scopeOf(node, index, name),
  );
}

function underHeading(name: string, index: SnapshotIndex): Scope[] {
  const wanted = new WantedName(name);
  const headings = index.nodes.filter(({ role }) => role === "heading");
  return best(headings, (node) => wanted.likenessTo(node.name)).map((heading) => ({
    nodes: new Set(index.under(heading)),
    text: name,
  }));
}

/** The smallest rows, list items and cards in which the text stands. */
function rows(name: string, index: SnapshotIndex): Scope[] {
  const wanted = new WantedName(name, { isQuoted: true });
  const all = index.nodes.filter(({ role }) => ROWS.test(role));
  const found = best(all, (node) =>
    Math.max(wanted.likenessTo(node.name), most(index.textsIn(node), wanted)),
  );
  const smallest = found.filter((node) => !found.some((other) => index.isInside(other, node)));
  if (smallest.length > 0) return smallest.map((node) => scopeOf(node, index, name));
  return besideText(name, index);
}

/** The nearest surroundings of a text: its row, or else the smallest container with something to act on. */
function besideText(name: string, index: SnapshotIndex): Scope[] {
  const wanted = new WantedName(name, { isQuoted: true });
  const texts = best(index.nodes, (node) =>
    Math.max(wanted.likenessTo(node.name), node.value === undefined ? 0 : wanted.likenessTo(node.value)),
  );
  const scopes = texts.map((text) => {
    // A card may be named by the text that stands in it.
    const own = text.kind === "container" ? [text] : [];
    for (const around of [...own, ...index.around(text)]) {
      if (ROWS.test(around.role) || hasOtherControl(around, text, index)) return scopeOf(around, index, name);
    }
    return undefined;
  });
  const found = scopes.filter((scope) => scope !== undefined);
  const containers = new Set(found.map(({ container }) => container));
  return [...containers].flatMap((one) => found.find(({ container }) => container === one) ?? []);
}

function hasOtherControl(container: SeenNode, text: SeenNode, index: SnapshotIndex): boolean {
  return index.inside(container).some((node) => node.kind === "control" && node !== text);
}

const LEAST = 0.69;

/** The likest of them, with those that are as like. */
function best(nodes: readonly SeenNode[], likeness: (node: SeenNode) => number): SeenNode[] {
  const judged = nodes.map((node) => ({ node, score: likeness(node) })).filter(({ score }) => score >= LEAST);
  const top = Math.max(...judged.map(({ score }) => score));
  return judged.filter(({ score }) => score === top).map(({ node }) => node);
}

function most(texts: readonly string[], wanted: WantedName): number {
  return Math.max(0, ...texts.map((text) => wanted.likenessTo(text)));
}
