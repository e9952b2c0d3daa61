import { readFileSync } from "node:fs";
import type { PageSnapshot } from "../../src/runner/ports.js";

/** A page of `test/site/pages/applications.ts` as a browser has seen it; `test/browser/grounding` keeps it up to date. */
export function storedSnapshot(page: string): PageSnapshot {
  const file = new URL(`../eval/pages/${page}.snapshot.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as PageSnapshot;
}
