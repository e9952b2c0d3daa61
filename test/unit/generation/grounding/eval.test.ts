import { expect, test } from "vitest";
import { judgePageLabel, readPageLabels } from "../../../eval/grounding.js";

test("sentences find their elements on the stored pages", () => {
  const judged = readPageLabels().map(judgePageLabel);
  const share = (verdict: string) => judged.filter((one) => one.verdict === verdict).length / judged.length;
  expect(judged.length).toBeGreaterThan(200);
  expect(share("right")).toBeGreaterThanOrEqual(0.85);
  expect(share("wrong")).toBeLessThanOrEqual(0.02);
});
