import { expect, test } from "vitest";
import { browserOf, keyed, requireBrowser } from "../../../src/execution/run-request.js";

test.each<[Parameters<typeof requireBrowser>[0], string]>([
  [{}, "nothing"],
  [{ browser: "chrome" }, "its own browser"],
])("a server with a browser of its own machine takes a run that asks for %j: %s", (request) => {
  expect(() => {
    requireBrowser(request, "chrome");
  }).not.toThrow();
});

test.each([
  [
    { browser: "firefox" },
    "'browser': this server runs tests in chrome only, as its BROWSER says; SELENIUM_REMOTE_URL gives it those of a Selenium Grid.",
  ],
  [
    { browser: "chrome", browserVersion: "128" },
    "'browser_version': this server has one chrome, that of its own machine; SELENIUM_REMOTE_URL gives it those of a Selenium Grid.",
  ],
] as const)("and refuses one that asks for %j, with the remedy", (request, message) => {
  expect(() => {
    requireBrowser(request, "chrome");
  }).toThrow(message);
});

test("a server with the browsers of a Grid takes any", () => {
  const request = { browser: "firefox", browserVersion: "128" } as const;
  expect(() => {
    requireBrowser(request, undefined);
  }).not.toThrow();
  expect(browserOf(request)).toEqual({ browser: "firefox", version: "128" });
  expect(browserOf({})).toBeUndefined();
});

test("a request with a key stays the same only with the same browser", () => {
  const asked = { type: "execute_all", test_case_id: 1 };
  const one = keyed({ idempotencyKey: "0123456789abcdef" }, asked);
  const other = keyed({ idempotencyKey: "0123456789abcdef", browser: "firefox" }, asked);
  expect(one?.asked).not.toBe(other?.asked);
});
