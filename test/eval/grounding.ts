import { readFileSync } from "node:fs";
import { ground } from "../../src/generation/grounding/ground.js";
import type { SeenNode } from "../../src/runner/ports.js";
import { storedSnapshot } from "../support/stored-snapshot.js";

/**
 * A sentence on a page that is open, and the element that it means. The pages are stored as a browser has seen them, and
 * a browser test keeps them so.
 */
interface PageLabel {
  page: string;
  sentence: string;
  /** `null` where the page has no such element, or several. `in`: a text of the row or section in which it is. */
  expect: { role: string; name?: string; in?: string } | null;
}

export type PageVerdict = "right" | "not understood" | "wrong";

export interface PageJudgement {
  label: PageLabel;
  verdict: PageVerdict;
  /** The elements or the reason that came of it, in words. */
  came: string;
}

const PAGES = ["todos", "customers", "store", "sign-in", "settings"];

export function readPageLabels(): PageLabel[] {
  return PAGES.flatMap((page) => {
    const lines = readFileSync(new URL(`pages/${page}.jsonl`, import.meta.url), "utf8")
      .trim()
      .split("\n");
    return lines.map((line) => JSON.parse(line) as PageLabel);
  });
}

/** Every element that the label may mean is told by it alone: a label that fits two is a fault of the label. */
export function judgePageLabel(label: PageLabel): PageJudgement {
  const { page, sentence, expect } = label;
  const snapshot = storedSnapshot(page);
  const clauses = ground(sentence, snapshot);
  const unresolved = clauses.find((clause) => clause.kind === "unresolved");
  if (unresolved?.kind === "unresolved") {
    return { label, verdict: expect === null ? "right" : "not understood", came: unresolved.reason };
  }
  const elements = clauses.flatMap((clause) => (clause.kind === "unresolved" ? [] : clause.elements));
  const came = elements.map(({ role, name, ref }) => `${ref} ${role} "${name}"`).join(", ") || "no element";
  // Checks of texts that anybody can see are about no element, and nothing is guessed by them.
  const isNone = elements.length === 0;
  if (expect === null) return { label, verdict: isNone ? "right" : "wrong", came };
  if (isNone) return { label, verdict: "not understood", came };
  const isRight = elements.some((node) => fits(node, expect, snapshot.nodes));
  return { label, verdict: isRight ? "right" : "wrong", came };
}

function fits(
  node: SeenNode,
  { role, name, in: place }: NonNullable<PageLabel["expect"]>,
  nodes: readonly SeenNode[],
): boolean {
  if (node.role !== role || (name !== undefined && node.name !== name)) return false;
  if (place === undefined) return true;
  const parent = nodes.find(({ ref }) => ref === node.parent);
  if (parent === undefined) return false;
  const inside = nodes.filter((other) => other.parent === parent.ref || other === parent);
  return inside.some((other) => other.name.includes(place));
}
