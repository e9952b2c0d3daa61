import type { Locator } from "../../protocol/commands.js";
import type { SeenNode } from "../../runner/ports.js";
import type { DescribedElement, Intent } from "../plain-english/described-element.js";
import { kindOf } from "../plain-english/kinds.js";
import { fitOf, STRICT_KINDS, takes, type Fit } from "./kinds.js";
import { plainCode, WantedName } from "./likeness.js";
import { locatorsOf } from "./locators.js";
import { scopesOf, type Scope } from "./places.js";
import type { SnapshotIndex } from "./snapshot-index.js";

/** The element of a page that a description means, or why it cannot be told. */
export type Resolution =
  | {
      kind: "found";
      ref: string;
      node: SeenNode;
      /** Each finds it and nothing else in its frame's document, best first. */
      locators: readonly Locator[];
    }
  | { kind: "ambiguous"; candidates: readonly SeenNode[] }
  /** @param nearest the likest that there are, for people to read */
  | { kind: "missing"; nearest: readonly SeenNode[] };

/** Least likeness of what is meant, and least advantage over the next one. */
const LEAST = 0.6;
const MARGIN = 0.05;
/** Most candidates that are told. */
const MAX_CANDIDATES = 8;
/** Most names that are told where none is meant. */
const MAX_NEAREST = 3;

const FIT_FACTOR: Record<Fit, number> = { yes: 1, nearly: 0.92, no: 0.8 };
const INTENT_FACTOR: Record<Fit, number> = { yes: 1, nearly: 0.82, no: 0 };
/** Texts that are not the name itself. */
const HINT_FACTOR = { placeholder: 0.97, title: 0.97, text: 0.98, beside: 0.97, code: 0.86 };

interface Judged {
  node: SeenNode;
  score: number;
}

/** Finds the element that a description means, by what people see of the page. */
export function resolve(target: DescribedElement, index: SnapshotIndex, intent: Intent): Resolution {
  const scopes = scopesFor(target, index);
  if (scopes?.length === 0) {
    return { kind: "missing", nearest: nearestTo(judge(index.nodes, target, intent)) };
  }
  const nodes =
    scopes === undefined
      ? index.nodes
      : index.nodes.filter((node) => scopes.some((scope) => scope.nodes.has(node)));
  const judged = judge(nodes, target, intent).filter(({ score }) => score > 0);
  const [best] = judged;
  if (best === undefined || best.score < LEAST) return { kind: "missing", nearest: nearestTo(judged) };
  const asGood = judged.filter(({ score }) => score > best.score - MARGIN).map(({ node }) => node);
  const close = intent === "point" ? asGood : withoutEchoes(asGood, index);
  const chosen = chosenOf(close, target, index);
  if (chosen === undefined)
    return { kind: "ambiguous", candidates: inOrder(close, index).slice(0, MAX_CANDIDATES) };
  const scope = scopes?.find((one) => one.nodes.has(chosen));
  return { kind: "found", ref: chosen.ref, node: chosen, locators: locatorsOf(chosen, index, scope) };
}

function nearestTo(judged: readonly Judged[]): SeenNode[] {
  return judged.slice(0, MAX_NEAREST).map(({ node }) => node);
}

/** @returns nothing where the description names no place, or one that no part of the page has a word for */
function scopesFor({ places = [] }: DescribedElement, index: SnapshotIndex): readonly Scope[] | undefined {
  let scopes: readonly Scope[] | undefined;
  for (const place of places) {
    const next = scopesOf(place, index);
    if (next === undefined) continue;
    scopes = scopes === undefined ? next : both(scopes, next);
  }
  return scopes;
}

/** A place inside of another, whichever is named first. */
function both(one: readonly Scope[], other: readonly Scope[]): Scope[] {
  return one.flatMap((first) =>
    other.flatMap((second) => {
      const nodes = new Set([...first.nodes].filter((node) => second.nodes.has(node)));
      if (nodes.size === 0) return [];
      return [{ ...(first.nodes.size <= second.nodes.size ? first : second), nodes }];
    }),
  );
}

/** Best first. */
function judge(nodes: readonly SeenNode[], target: DescribedElement, intent: Intent): Judged[] {
  const likeness = isNameless(target) ? () => 1 : likenessTo(target, intent);
  const judged = nodes.map((node) => ({ node, score: likeness(node) * fitness(node, target, intent) }));
  return judged.sort((a, b) => b.score - a.score);
}

/** "the input field", "the second checkbox", "the menu": only the kind tells which elements may be meant. */
function isNameless({ name, kind, kindWord, isQuoted, locator }: DescribedElement): boolean {
  if (isQuoted || kind === undefined) return false;
  return name === "" || name === kindWord || locator?.nth !== undefined || kindOf(name) === kind;
}

function fitness(node: SeenNode, target: DescribedElement, intent: Intent): number {
  const taking = takes(node, intent);
  if (taking === "no") return 0;
  // "the profile picture" that is uploaded is no picture of the page.
  if (intent === "upload") return INTENT_FACTOR[taking];
  const fit = fitOf(node, target.kind, target.kindWord);
  const isOnlyKind = isNameless(target);
  if (fit === "no" && (isOnlyKind || (target.kind !== undefined && STRICT_KINDS.has(target.kind)))) return 0;
  if (fit === "nearly" && isOnlyKind) return 0.75;
  const factor = FIT_FACTOR[fit] * INTENT_FACTOR[taking];
  // Where the kind is not told, and it is only to be seen, what can be acted on is likelier meant than a text.
  return intent === "see" && target.kind === undefined && node.kind === "container" ? factor * 0.9 : factor;
}

function likenessTo(target: DescribedElement, intent: Intent): (node: SeenNode) => number {
  const { name, fullName, isQuoted, kind } = target;
  const names = [...new Set([name, fullName])]
    .filter((one) => one !== "")
    .map((one) => new WantedName(one, { isQuoted }));
  // What stands beside a box says what it is for, and is no place to click on by that name.
  const hasBeside =
    intent === "type" ||
    intent === "select" ||
    intent === "tick" ||
    (kind !== undefined && STRICT_KINDS.has(kind));
  const likeness = (node: SeenNode, wanted: WantedName): number => {
    // A container is known by what people read of it.
    const hints = node.kind === "container" ? [] : node.hints;
    const byHints = hints
      .filter(({ from }) => from !== "beside" || hasBeside)
      .map(
        ({ from, text }) => HINT_FACTOR[from] * wanted.likenessTo(from === "code" ? plainCode(text) : text),
      );
    const byName = wanted.likenessTo(node.name);
    // A word in the name of a button is no picture of it.
    return Math.max(kind === "icon" && byName < WHOLE ? byName * PICTURED : byName, ...byHints);
  };
  return (node) => Math.max(...names.map((wanted) => likeness(node, wanted)));
}

const WHOLE = 0.84;
const PICTURED = 0.85;

/** Of several that are as good as each other, the one that is meant all the same. */
function chosenOf(
  close: readonly SeenNode[],
  { nth, locator }: DescribedElement,
  index: SnapshotIndex,
): SeenNode | undefined {
  const number = nth ?? locator?.nth;
  if (number !== undefined) return inOrder(close, index).at(number);
  if (close.length === 1) return close[0];
  const reachable = besideNoDialog(close, index);
  if (reachable.length === 1) return reachable[0];
  return leadTheSameWay(reachable) ? reachable[0] : undefined;
}

/** While a dialog is open, nobody acts on what is behind it. */
function besideNoDialog(close: readonly SeenNode[], index: SnapshotIndex): readonly SeenNode[] {
  const modal = index.nodes.findLast(({ states }) => states.includes("modal"));
  if (modal === undefined) return close;
  const inside = close.filter((node) => index.isInside(node, modal));
  return inside.length > 0 ? inside : close;
}

/** The same link twice, as by its picture and by its name, is no choice. */
export function leadTheSameWay(links: readonly SeenNode[]): boolean {
  const [first] = links;
  return (
    first?.leadsTo !== undefined &&
    links.every(({ role, leadsTo }) => role === "link" && leadsTo === first.leadsTo)
  );
}

/** Leaves out what stands around or inside of another that is as good: the text of a button, the box of a link. */
function withoutEchoes(close: readonly SeenNode[], index: SnapshotIndex): SeenNode[] {
  const controls = close.filter(({ kind }) => kind === "control");
  const better = close.filter((node) => {
    if (node.role === "clickable" && controls.some((other) => other !== node && other.role !== "clickable"))
      return false;
    if (node.kind === "control") return true;
    return !controls.some((control) => index.isInside(control, node) || isLabelOf(node, control, index));
  });
  return better.length > 0 ? better : [...close];
}

/** The text right beside a control of that name is its label. */
function isLabelOf(text: SeenNode, control: SeenNode, index: SnapshotIndex): boolean {
  return text.kind === "text" && Math.abs(index.placeOf(text) - index.placeOf(control)) <= 2;
}

function inOrder(nodes: readonly SeenNode[], index: SnapshotIndex): SeenNode[] {
  return [...nodes].sort((a, b) => index.placeOf(a) - index.placeOf(b));
}
