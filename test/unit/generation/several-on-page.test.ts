import { expect, test } from "vitest";
import { LivePageGeneration } from "../../../src/generation/live/page-generation.js";
import { silentLog } from "../../support/silent-log.js";

const FEATURE = `Feature: Sign in
  Scenario: With a password
    When I press "Sign in"
  Scenario: Without
    When I press "Skip"`;

test("several cases on one page are refused with the remedy, and no run is started", async () => {
  const never = () => Promise.reject(new Error("nothing is read, started or saved"));
  const pages = new LivePageGeneration({
    runs: { startGeneration: never },
    takeSnapshot: never,
    cases: { createAll: never, read: never, readStep: never, updateStep: never },
    allowedHosts: [],
    now: () => new Date(),
    log: silentLog,
  });
  const started = pages.startCase({ description: FEATURE, startUrl: "http://127.0.0.1/" });
  await expect(started).rejects.toMatchObject({
    code: "invalid_description",
    message: expect.stringMatching(/has 2 test cases.*send one at a time, or leave the 'start_url' out/),
  });
});
