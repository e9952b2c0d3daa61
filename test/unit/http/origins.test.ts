import { expect, test } from "vitest";
import { logOnce } from "../../../src/http/origins.js";
import { keptLog } from "../../support/kept-log.js";

test("an origin that is refused is logged once, and no more than a hundred are", () => {
  const kept = keptLog("info");
  const note = logOnce(kept.log);
  for (let count = 0; count < 3; count++) note("https://evil.test", "Add it to ALLOWED_ORIGINS.");
  expect(kept.lines).toMatchObject([
    { level: 40, origin: "https://evil.test", reason: "Add it to ALLOWED_ORIGINS." },
  ]);
  for (let count = 0; count < 500; count++) note(`https://${count}.test`, "");
  expect(kept.lines).toHaveLength(100);
});
