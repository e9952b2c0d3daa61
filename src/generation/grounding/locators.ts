import type { Locator, Target } from "../../protocol/commands.js";
import type { SeenNode } from "../../runner/ports.js";
import { literalXPath } from "../plain-english/names.js";
import type { Scope } from "./places.js";
import type { SnapshotIndex } from "./snapshot-index.js";

/** Most locators that may stand in for the first of a command; the protocol allows no more. */
const MAX_ALTERNATIVES = 4;

/**
 * Locators that last, best first: those by which the page itself tells it apart, then its name inside of the row or card
 * that the author named, or in which it stands, and its place in the page at last.
 */
export function locatorsOf(node: SeenNode, index: SnapshotIndex, scope?: Scope): readonly Locator[] {
  const own = node.locators.filter((locator) => !isPath(locator));
  const paths = node.locators.filter(isPath);
  return [...own, ...inContainer(node, index, scope), ...paths];
}

/** A way through the page: any change of it leads elsewhere. */
function isPath({ locator_type, locator_value }: Locator): boolean {
  return locator_type === "css" && locator_value.includes(" > ");
}

/** The fields of a command for an element that was found. */
export function targetOf([first, ...others]: readonly Locator[]): Target | undefined {
  if (first === undefined) return undefined;
  const alternatives = others.slice(0, MAX_ALTERNATIVES);
  return alternatives.length === 0 ? first : { ...first, alternatives };
}

function inContainer(node: SeenNode, index: SnapshotIndex, scope: Scope | undefined): Locator[] {
  for (const container of index.around(node)) {
    const isScope = scope?.container === container;
    const within = containerLocator(container, index, isScope ? scope.text : undefined);
    const found = within === undefined ? [] : inside(node, index, container);
    if (found.length > 0) return found.map((locator) => ({ ...locator, within }));
  }
  return [];
}

/** Locators of which each finds only this node in its container. */
function inside(node: SeenNode, index: SnapshotIndex, container: SeenNode): Locator[] {
  const { role, name } = node;
  if (node.kind !== "control" || role === "clickable" || role === "file") return [];
  const alike = index.inside(container).filter((other) => other.kind === "control" && other.role === role);
  if (alike.length === 1)
    return [{ locator_type: "role", locator_value: role, ...(name !== "" && { locator_name: name }) }];
  const named = alike.filter((other) => other.name === name);
  return name !== "" && named.length === 1
    ? [{ locator_type: "role", locator_value: role, locator_name: name }]
    : [];
}

/** The container by a text that no other of its kind has: the author's, or else the first in it. */
function containerLocator(
  container: SeenNode,
  index: SnapshotIndex,
  said: string | undefined,
): Locator | undefined {
  if (container.step === undefined && container.role !== "row")
    return container.locators.find((locator) => !isPath(locator));
  const alike = index.nodes.filter(
    ({ role, step, frame }) =>
      role === container.role && step === container.step && frame === container.frame,
  );
  const texts = new Map(alike.map((one) => [one, index.textsIn(one)]));
  const own = (texts.get(container) ?? []).filter((text) => text.length > 1 && text.length <= MAX_KEY);
  const isOnly = (key: string) =>
    alike.every((one) => one === container || !(texts.get(one) ?? []).some((text) => text.includes(key)));
  const key = [
    ...(said === undefined ? [] : own.filter((text) => text.includes(said)).map(() => said)),
    ...own,
  ].find(isOnly);
  if (key === undefined) return undefined;
  if (container.role === "row")
    return { locator_type: "role", locator_value: "row", locator_name: key, exact: false };
  if (container.step === undefined) return undefined;
  return {
    locator_type: "xpath",
    locator_value: `//${container.step}[contains(normalize-space(.),${literalXPath(key)})]`,
  };
}

/** Longest text by which a row is known, in characters. */
const MAX_KEY = 80;
