import { afterAll, beforeAll, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by } from "../../support/browsing.js";
import { FakePool } from "../../support/fake-browser.js";
import { createToken } from "../../support/logins.js";
import { startApp, type TestApp } from "../../support/test-app.js";

const { pass, session } = (() => {
  const page = browsing("cdp");
  return { pass: page.pass, session: () => page.session };
})();

let testApp: TestApp;
beforeAll(async () => {
  testApp = await startApp({}, { pool: new FakePool(1) });
});
afterAll(() => testApp.close());

const LONG = "An-unbroken-name-".repeat(12);

test("people log in and come from the cases to a run, on a phone's width as well", async () => {
  const { caseId } = await testApp.createCase([[{ action: "log", message: LONG }]]);
  const { token, headers } = await createToken(testApp, ["admin"]);
  const run = await fetch(`http://${testApp.address}/api/test-cases/${caseId}/run`, {
    method: "POST",
    headers,
  });
  expect(run.status).toBe(202);
  const at = (path: string): Command => ({ action: "navigate", url: `http://${testApp.address}${path}` });
  const click = (name: string): Command => ({ action: "click", ...by("role", "link"), locator_name: name });
  await pass(
    { action: "set_window_size", width: 360, height: 640 },
    at("/"),
    { action: "input", ...by("label", "Token"), text: token },
    { action: "click", ...by("role", "button"), locator_name: "Log in" },
    click("Case"),
    { action: "verify_text", ...by("tag", "h1"), expected_text: "Case" },
  );
  await pass(
    { action: "click", ...by("css", "td a") },
    {
      action: "verify_text",
      ...by("tag", "h1"),
      expected_text: "Run of Case",
    },
  );
  await pass({ action: "verify_text", ...by("css", "ol.commands"), expected_text: LONG });
  const overflows = "() => String(document.documentElement.scrollWidth > innerWidth)";
  expect(await session().page.call(overflows, "", AbortSignal.timeout(20_000))).toBe("false");
  const errors = session().page.records.console.filter(({ level }) => level === "error");
  // The page that asks for a token is a refusal.
  expect(errors.filter(({ text }) => !text.includes("401"))).toEqual([]);
});
