/**
 * Scores how sentences find their elements on pages that are open: `npx tsx test/eval/grounding.ts`. It needs neither a
 * key nor a browser, for the pages are stored as a browser has seen them. `--list` names what is not right.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ground } from "../../src/generation/grounding/ground.js";
import type { SeenNode } from "../../src/runner/ports.js";
import { storedSnapshot } from "../support/stored-snapshot.js";

/** A sentence on a page, and the element that it means. */
interface PageLabel {
  page: string;
  sentence: string;
  /** `null` where the page has no such element, or several. `in`: a text of the row or section in which it is. */
  expect: { role: string; name?: string; in?: string } | null;
}

type PageVerdict = "right" | "not understood" | "wrong";

interface PageJudgement {
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

/** The share of each verdict, in words. */
export function pageReport(judged: readonly PageJudgement[]): string {
  const count = (verdict: PageVerdict) => judged.filter((one) => one.verdict === verdict).length;
  const share = (verdict: PageVerdict) => `${((100 * count(verdict)) / judged.length).toFixed(1)} %`;
  return `sentences on an open page: ${judged.length}; right ${share("right")}, not understood ${share("not understood")}, wrong ${share("wrong")}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const judged = readPageLabels().map(judgePageLabel);
  if (process.argv.includes("--list")) {
    for (const { label, verdict, came } of judged.filter((one) => one.verdict !== "right")) {
      console.log(`${verdict}: [${label.page}] ${label.sentence} → ${came}`);
    }
  }
  console.log(pageReport(judged));
}
